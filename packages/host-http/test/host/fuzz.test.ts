/**
 * Every operation of the OpenAPI document under requests that are made from it and then spoilt. Whatever is sent, the
 * answer is one that the document declares. FUZZ_SEED repeats a run, FUZZ_REQUESTS sets how many requests it has.
 */
import { Redacted } from "effect"
import fc from "fast-check"
import { Agent } from "node:http"
import { assert, it } from "vitest"
import { type Document, type Operation, operationsOf } from "./document.ts"
import { judge } from "./fuzz/judge.ts"
import { findingsReport, type Finding } from "./fuzz/report.ts"
import { type Attempt, attempts } from "./fuzz/requests.ts"
import { exchange } from "./fuzz/wire.ts"
import { openWorld } from "./fuzz/world.ts"
import { Rows } from "./rows.ts"
import { startHost } from "./startHost.ts"

const ADMIN = "admin-token-of-the-fuzz"

const CONCURRENCY = 16

const seed = Number(process.env["FUZZ_SEED"] ?? Date.now() % 2 ** 31)
const requests = Number(process.env["FUZZ_REQUESTS"] ?? 4000)

const LEAST_TURNS = 2

/** The more an operation takes, the more there is to get wrong. */
const turnsOf = ({ parameters = [], requestBody }: Operation): number =>
  LEAST_TURNS + parameters.length + (requestBody === undefined ? 0 : 6)

it("answers as its document says, whatever is sent", { timeout: 600_000 }, async () => {
  await using host = await startHost({ adminToken: Redacted.make(ADMIN) })
  const document: Document = (await host.call("GET", "/openapi.json", { key: null })).body
  const world = await openWorld(host, ADMIN)
  await using rows = await Rows.open(host.databaseUrl)
  const complaintsAbout = judge(document, rows.tables)
  const operations = operationsOf(document)

  const turns = operations.reduce((sum, operation) => sum + turnsOf(operation), 0)
  const queue = operations.flatMap((operation, i): ReadonlyArray<Attempt> => {
    const numRuns = Math.ceil((requests * turnsOf(operation)) / turns)
    return fc.sample(attempts(document.components.schemas, operation, world), { numRuns, seed: seed + i })
  })
  // Operations meet each other in any order, the same one for a seed.
  const [shuffled = []] = fc.sample(fc.shuffledSubarray([...queue], { minLength: queue.length }), { numRuns: 1, seed })

  const sent = new Map(operations.map(({ name }) => [name, { all: 0, succeeded: 0 }]))
  const findings: Array<Finding> = []
  const agent = new Agent({ keepAlive: true, maxSockets: CONCURRENCY })
  const port = Number(new URL(host.url).port)
  const work = shuffled.values()
  const worker = async () => {
    for (const attempt of work) {
      const fuzzed = attempt()
      const count = sent.get(fuzzed.operation.name)
      try {
        const answer = await exchange(agent, port, fuzzed.request)
        const complaints = complaintsAbout(fuzzed.request, answer)
        if (complaints.length > 0) findings.push({ ...fuzzed, answer, complaints })
        if (count !== undefined) count.succeeded += Number(answer.status >= 200 && answer.status < 300)
      } catch (error) {
        findings.push({ ...fuzzed, answer: undefined, complaints: [String(error)] })
      }
      if (count !== undefined) count.all++
    }
  }
  await Promise.all(Array.from({ length: CONCURRENCY }, worker))
  agent.destroy()

  const again = `FUZZ_SEED=${seed} FUZZ_REQUESTS=${requests} repeats it`
  assert.strictEqual(findings.length, 0, `${findingsReport(findings)}\n${again}`)
  const fewest = Math.floor((LEAST_TURNS * requests) / turns)
  for (const [name, { all, succeeded }] of sent) {
    assert.isAtLeast(all, fewest, name)
    assert.isAtLeast(succeeded, 1, `${name} never succeeded in ${all} requests; ${again}`)
  }
})
