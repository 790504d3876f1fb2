/** What the benches of a running system stand on: an embedded PostgreSQL as it ships, hosts as processes, accounts in SQL. */
import { startEmbeddedPostgres } from "@cliqtel/sms-adapters/embedded"
import { PgClient } from "@effect/sql-pg"
import { type ChildProcess, spawn } from "node:child_process"
import { createHash } from "node:crypto"
import { mkdtemp, readFile, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { Context, Effect, Exit, Layer, Redacted, Scope } from "effect"
import { SqlClient } from "effect/sql"

const MAIN = fileURLToPath(new URL("../packages/host-http/src/main.ts", import.meta.url))

/** As `pnpm start` has them. */
const FLAGS = ["--max-old-space-size=256", "--max-semi-space-size=32", "--no-allocation-site-pretenuring"]

export interface HostProcess {
  readonly port: number
  readonly process: ChildProcess
  /** Resident memory in MiB. */
  memory(): Promise<number>
}

export interface Sender {
  readonly accountId: number
  readonly numberId: number
  readonly key: string
}

export interface Stage extends AsyncDisposable {
  readonly url: string
  host(environment?: Record<string, string>): Promise<HostProcess>
  /** Accounts with money, a live key, one number, and no limit to speak of. */
  senders(count: number): Promise<ReadonlyArray<Sender>>
  query<A extends object>(statement: string, parameters?: ReadonlyArray<unknown>): Promise<ReadonlyArray<A>>
}

export const makeStage = async (): Promise<Stage> => {
  const scope = Scope.makeUnsafe()
  const dataDir = await mkdtemp(join(tmpdir(), "bench-"))
  const run = <A, E>(effect: Effect.Effect<A, E, Scope.Scope>) =>
    Effect.runPromise(Effect.provideService(effect, Scope.Scope, scope))
  const server = await run(startEmbeddedPostgres({ dataDir }))
  const client = await run(Layer.build(PgClient.layer({ url: server.url, maxConnections: 2 })))
  const sql = Context.get(client, SqlClient.SqlClient)
  const hosts: Array<ChildProcess> = []
  const killHosts = () => hosts.forEach((child) => child.kill("SIGKILL"))
  process.once("exit", killHosts)
  let made = 0

  const query = <A extends object>(statement: string, parameters: ReadonlyArray<unknown> = []) =>
    Effect.runPromise(sql.unsafe<A>(statement, parameters))

  return {
    url: Redacted.value(server.url),
    query,
    host: async (environment = {}) => {
      const child = spawn(process.execPath, [...FLAGS, MAIN], {
        env: {
          ...process.env,
          PORT: "0",
          DATABASE_URL: Redacted.value(server.url),
          DATA_DIR: dataDir,
          SANDBOX_DELAY_MS: "0",
          ...environment
        },
        stdio: ["ignore", "pipe", "inherit"]
      })
      hosts.push(child)
      return { port: await portOf(child), process: child, memory: () => residentMemory(child.pid) }
    },
    senders: async (count) => {
      const senders: Array<Sender> = []
      for (let i = 0; i < count; i++) {
        const key = `sk_live_bench_${++made}`
        const hash = createHash("sha256").update(key).digest()
        const [account] = await query<{ readonly account_id: bigint }>(
          "INSERT INTO sms.accounts (name, mode, created_at) VALUES ('bench', 'live', now()) RETURNING account_id"
        )
        const accountId = Number(account?.account_id)
        await query(
          `INSERT INTO sms.wallets (account_id, currency, balance, per_second, bucket_level, bucket_at)
           VALUES ($1, 'EUR', 1000000000000000, 1000000, 1000000000, now())`,
          [accountId]
        )
        await query(
          `INSERT INTO sms.api_keys (account_id, hash, name, scopes, created_at)
           VALUES ($1, $2, 'bench', ARRAY['sms:send', 'sms:read', 'numbers', 'wallet', 'keys'], now())`,
          [accountId, hash]
        )
        const [number] = await query<{ readonly number_id: bigint }>(
          `INSERT INTO sms.numbers (account_id, number, country, type, status, carrier, currency, monthly_price,
             sms_state, sms_monthly_price, created_at)
           VALUES ($1, $2, 'NL', 'mobile', 'active', 'sandbox', 'EUR', 0, 'on', 0, now()) RETURNING number_id`,
          [accountId, `+3197${String(100_000_000 + made)}`]
        )
        senders.push({ accountId, numberId: Number(number?.number_id), key })
      }
      return senders
    },
    [Symbol.asyncDispose]: async () => {
      killHosts()
      process.off("exit", killHosts)
      await Effect.runPromise(Scope.close(scope, Exit.void))
      await rm(dataDir, { recursive: true, force: true })
    }
  }
}

const portOf = (child: ChildProcess): Promise<number> =>
  new Promise((resolve, reject) => {
    let said = ""
    child.stdout?.on("data", (chunk: Buffer) => {
      said += chunk.toString()
      const port = /ready at http:\/\/[\d.]+:(\d+)/.exec(said)?.[1]
      if (port !== undefined) resolve(Number(port))
    })
    child.once("exit", (code) => reject(new Error(`the host ended with ${code}`)))
  })

const residentMemory = async (pid: number | undefined): Promise<number> => {
  const status = await readFile(`/proc/${pid}/status`, "utf8")
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024
}
