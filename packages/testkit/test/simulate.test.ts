/**
 * Everything at once, on thousands of courses that each follow from a seed: hosts that die or stand still between any two
 * effects, a carrier at its worst, customers who ask again. `SIMULATION_SEED=n` replays one, `SIMULATION_SEEDS=n` runs so many.
 */
import { assert, it } from "vitest"
import { CARRIER_FAULTS, CRASH_POINTS, HOST_MISHAPS, makeCoverage, simulate } from "../src/index.ts"

const MINUTES = 60_000

const { SIMULATION_SEED: only, SIMULATION_SEEDS: many = "2000" } = process.env

const replayed = (seed: number) =>
  `seed ${seed}; SIMULATION_SEED=${seed} runs it alone, in packages/testkit/test/simulate.test.ts`

it(
  "1 to 8, 10: after any crashes, stalls and faults of the carrier everything comes to its right end",
  async () => {
    if (only !== undefined) {
      const { carrier } = await simulate(Number(only), makeCoverage())
      console.log(carrier.log.join("\n"))
      return
    }
    const coverage = makeCoverage()
    const faults = new Map<string, number>()
    let [sends, taken] = [0, 0]
    for (let seed = 1; seed <= Number(many); seed++) {
      const done = await simulate(seed, coverage).catch((cause: unknown) => {
        throw new Error(`${replayed(seed)}: ${String(cause)}`, { cause })
      })
      for (const [fault, count] of done.carrier.faults) faults.set(fault, (faults.get(fault) ?? 0) + count)
      sends += done.answers.length
      taken += done.carrier.taken.length
    }

    assert.isAbove(Math.min(sends, taken), Number(many))
    // 11: each crash and each fault that could happen did.
    assert.sameMembers([...coverage.reached.keys()], [...CRASH_POINTS], "crash points that hosts come to")
    assert.sameMembers([...coverage.struck.keys()], [...CRASH_POINTS], "crash points where a host died")
    assert.sameMembers([...coverage.stalled.keys()], [...CRASH_POINTS], "points where a host stood still")
    assert.sameMembers([...coverage.mishaps.keys()], [...HOST_MISHAPS], "what crashes and stalls lead to")
    assert.sameMembers([...faults.keys()], [...CARRIER_FAULTS], "faults of the carrier")
  },
  10 * MINUTES
)

it("two runs of one seed are the same, crash by crash", async () => {
  for (const seed of [1, 17, 42, 99, 500]) {
    const [one, two] = [makeCoverage(), makeCoverage()]
    const [first, again] = [await simulate(seed, one), await simulate(seed, two)]
    assert.isNotEmpty(first.carrier.log, replayed(seed))
    assert.deepStrictEqual(again.carrier.log, first.carrier.log, replayed(seed))
    assert.deepStrictEqual(again.answers, first.answers, replayed(seed))
    assert.deepStrictEqual([...two.reached], [...one.reached], replayed(seed))
    assert.deepStrictEqual([...two.struck], [...one.struck], replayed(seed))
    assert.deepStrictEqual([...two.stalled], [...one.stalled], replayed(seed))
    assert.deepStrictEqual([...two.mishaps], [...one.mishaps], replayed(seed))
  }
})
