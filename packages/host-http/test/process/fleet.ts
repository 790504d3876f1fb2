/** Hosts on one database, each with a name of its own at one simulated carrier. */
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Database, runDatabase } from "./database.ts"
import { type ProcessHost, runHost } from "./host.ts"
import { runSimulator, type Simulated } from "./simulator.ts"

export interface Fleet {
  readonly simulator: Simulated
  readonly database: Database
  /** Another one, once it is ready. */
  host(name: string): Promise<ProcessHost>
}

/** What there is of it ends with `cleanup`. */
export const openFleet = async (cleanup: AsyncDisposableStack, seed: number): Promise<Fleet> => {
  const folder = await mkdtemp(join(tmpdir(), "fleet-"))
  cleanup.defer(() => rm(folder, { recursive: true, force: true }))
  const simulator = cleanup.use(await runSimulator(seed))
  const database = cleanup.use(await runDatabase(join(folder, "data")))
  return {
    simulator,
    database,
    host: async (name) => {
      const host = cleanup.use(
        await runHost({ name, databaseUrl: database.url, simulatorUrl: simulator.url, dataDir: join(folder, "host") })
      )
      await host.ready()
      return host
    }
  }
}
