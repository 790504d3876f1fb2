/**
 * The system beside a model of it, through any course of events that fast-check thinks of: after each of them the account
 * is told what the model says, to the micro-unit. No loop runs by itself.
 */
import { type NumberKey, SwitchSms } from "@cliqtel/sms-core"
import { assert, it } from "@effect/vitest"
import { Effect, Layer, ManagedRuntime } from "effect"
import { TestClock } from "effect/testing"
import fc from "fast-check"
import { FakeShop } from "../FakeShop.ts"
import type { Fixture } from "../Fixture.ts"
import { Bench, type DeskPorts } from "../Hosts.ts"
import type { SuiteOptions } from "../suite.ts"
import { anyCommands, OUTCOMES, type Run } from "./commands.ts"
import { type ModelHost, on, openWorld, startHost } from "./World.ts"

export interface AccountModelOptions extends SuiteOptions {
  /** Runs on one store before the next one is made: a store that keeps all in memory grows slow. */
  readonly perStore?: number
  /** Of one run. */
  readonly maxCommands?: number
  /** For a store that has time for few runs only, so that the same things come up each time. */
  readonly seed?: number
}

const NOW = Date.UTC(2026, 0, 31, 10)

export const accountModelSuite = <E>(
  name: string,
  ports: Layer.Layer<DeskPorts | Fixture, E>,
  { maxCommands = 40, perStore = Infinity, runs = 200, seed }: AccountModelOptions = {}
) =>
  it(`${name}: does what the model says, whatever happens in which order`, { timeout: 300_000 }, async () => {
    const make = () =>
      ManagedRuntime.make(
        Layer.mergeAll(Bench.layer, FakeShop.layer, ports).pipe(Layer.provideMerge(TestClock.layer()))
      )
    let runtime = make()
    let hosts: Array<ModelHost> = []
    let ran = 0
    const tally = new Map<string, number>()
    const hit = (kind: string, outcome: string) => {
      const one = `${kind}: ${outcome}`
      tally.set(one, (tally.get(one) ?? 0) + 1)
    }
    const run: Run = (effect) => runtime.runPromise(effect)
    const store = async () => {
      if (ran++ % perStore !== 0 && hosts.length > 0) return
      await runtime.dispose()
      runtime = make()
      await run(TestClock.setTime(NOW))
      hosts = await run(Effect.all([startHost, startHost]))
    }
    const start = {
      funds: fc.constantFrom(750_000n, 760_000n, 800_000n, 3_000_000n),
      idempotent: fc.boolean(),
      days: fc.nat(60)
    }
    const property = fc.asyncProperty(
      fc.record(start),
      anyCommands(run, maxCommands),
      async ({ days, funds, idempotent }, all) => {
        await store()
        await run(TestClock.adjust(days * 24 * 60 * 60 * 1000))
        const opened = await run(openWorld(hosts, hit, funds, idempotent))
        opened.model.switchOn(0)
        for (const number of opened.real.numbers.slice(0, 1)) await run(on(opened.real, 0, switchSms(number, true)))
        await fc.asyncModelRun(() => opened, all)
        // Nothing of it falls due in the runs after it.
        const { real } = opened
        for (const number of real.numbers) await run(on(real, 0, switchSms(number, false)))
      }
    )
    try {
      await fc.assert(property, { numRuns: runs, ...(seed === undefined ? {} : { seed }) })
    } finally {
      await runtime.dispose()
    }
    const wanted = Object.entries(OUTCOMES).flatMap(([kind, all]) => all.map((outcome) => `${kind}: ${outcome}`))
    assert.deepEqual(
      wanted.filter((one) => !tally.has(one)),
      [],
      "what never happened"
    )
  })

const switchSms = (key: NumberKey, enabled: boolean) => SwitchSms.use((sms) => sms.set(key, enabled))
