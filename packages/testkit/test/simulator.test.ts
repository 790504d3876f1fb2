/** The simulated carrier counts what hosts have really met, not what it had in mind. */
import { type Fate, type Log, startSimulator } from "@cliqtel/sms-testkit/simulator"
import { assert, it } from "vitest"

const FATE: Fate = {
  temporaryFailures: 0,
  answer: "accept",
  answerMillis: 0,
  early: false,
  namesMessage: true,
  receipts: []
}

const start = (fate: Partial<Fate>) => startSimulator({ seed: 1, fate: () => ({ ...FATE, ...fate }) })

const post = (url: string, body: unknown, signal?: AbortSignal) =>
  fetch(url, { method: "POST", body: JSON.stringify(body), ...(signal === undefined ? {} : { signal }) })

const submit = (url: string, signal?: AbortSignal) =>
  post(`${url}/submit`, { clientRef: "1.1", to: "+31612345678", attempt: 1 }, signal)

const hits = ({ faults }: Log) => Object.entries(faults).flatMap(([fault, count]) => (count > 0 ? [fault] : []))

const poll = async (url: string): Promise<ReadonlyArray<string>> => {
  // What the simulator answers there.
  const { receipts } = (await (await fetch(`${url}/receipts?wait=5000`)).json()) as {
    readonly receipts: ReadonlyArray<{ readonly delivery: string }>
  }
  return receipts.map(({ delivery }) => delivery)
}

const ended = async (log: () => Log) => {
  while (log().messages[0]?.submits[0]?.end === undefined) await new Promise((resolve) => setTimeout(resolve, 10))
  return log().messages[0]?.submits[0]
}

it("a receipt's faults count when a host has acknowledged it", async () => {
  await using simulator = await start({
    answerMillis: 5000,
    early: true,
    receipts: [
      { status: "delivered", afterMillis: 0, copies: 2 },
      { status: "sent", afterMillis: 0, copies: 1 }
    ]
  })
  void submit(simulator.url).catch(() => undefined) // the end of the simulator cuts it off
  const deliveries: Array<string> = []
  while (deliveries.length < 3) deliveries.push(...(await poll(simulator.url)))
  assert.deepStrictEqual(hits(simulator.log()), [])

  const counts = async (delivery: string | undefined) => {
    await post(`${simulator.url}/ack`, { deliveries: [delivery] })
    return hits(simulator.log())
  }
  assert.deepStrictEqual(await counts(deliveries[0]), ["receipt early"])
  assert.deepStrictEqual(await counts(deliveries[1]), ["receipt early", "receipt twice"])
  assert.deepStrictEqual(await counts(deliveries[2]), ["receipt disordered", "receipt early", "receipt twice"])
})

it("a receipt that comes in order, once and after the answer is no fault", async () => {
  await using simulator = await start({ receipts: [{ status: "delivered", afterMillis: 50, copies: 1 }] })
  await submit(simulator.url)
  await post(`${simulator.url}/ack`, { deliveries: await poll(simulator.url) })
  assert.strictEqual(simulator.log().messages[0]?.receipts[0]?.acknowledged, 1)
  assert.deepStrictEqual(hits(simulator.log()), [])
})

it.each([
  [{ answerMillis: 2000 }, ["answer late"]],
  [{ answer: "accept and lose" }, ["answer lost"]],
  [{ answer: "vanish" }, ["answer lost", "vanished"]],
  [{ answer: "reject" }, ["rejected"]],
  [{ temporaryFailures: 1 }, ["temporary"]]
] as const)("%j is met by a host that waits for it: %j", async (fate, expected) => {
  await using simulator = await start(fate)
  await submit(simulator.url).catch(() => undefined) // the lost ones
  assert.deepStrictEqual(hits(simulator.log()), [...expected])
})

it("an answer that nobody waits for any more is unheard, and no fault", async () => {
  await using simulator = await start({ answer: "accept and lose", answerMillis: 3000 })
  await submit(`${simulator.url}/first`, AbortSignal.timeout(100)).catch(() => undefined) // it has gone away
  const { by, end } = (await ended(simulator.log)) ?? {}
  assert.deepStrictEqual({ by, end }, { by: "first", end: "unheard" })
  assert.deepStrictEqual(hits(simulator.log()), [])
})
