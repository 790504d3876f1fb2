/** The simulated carrier in a process of its own, which nothing here kills: it keeps the truth. */
import type { Log } from "@cliqtel/sms-testkit/simulator"
import { end, node, said } from "./childProcess.ts"

export interface Simulated extends AsyncDisposable {
  readonly url: string
  log(): Promise<Log>
}

export const runSimulator = async (seed: number): Promise<Simulated> => {
  const errors: Array<string> = []
  const child = node("packages/testkit/src/simulator/main.ts", { SEED: String(seed) })
  const url = await said(child, /^Simulator at (\S+)$/m, errors)
  if (url === undefined) throw new Error(`the simulator has ended: ${errors.join("")}`)
  return {
    url,
    // What the process itself writes.
    log: async () => (await (await fetch(`${url}/log`)).json()) as Log,
    [Symbol.asyncDispose]: () => end(child, "SIGKILL")
  }
}
