/** What a simulation draws: the same for the same name, so that each part of one has dice of its own. */
import { seededRandom } from "../seededRandom.ts"

export interface Dice {
  /** From 0 to below `count`. */
  below(count: number): number
  /** From `least` to `most`, both included. */
  between(least: number, most: number): number
  chance(probability: number): boolean
  pick<A>(from: readonly [A, ...ReadonlyArray<A>]): A
  shuffled<A>(all: ReadonlyArray<A>): ReadonlyArray<A>
}

export const makeDice = (name: string): Dice => {
  const random = seededRandom(name)
  const below = (count: number) => Math.floor(random() * count)
  return {
    below,
    between: (least, most) => least + below(most - least + 1),
    chance: (probability) => random() < probability,
    pick: (from) => from[below(from.length)] ?? from[0],
    shuffled: (all) => {
      const left = [...all]
      return all.flatMap(() => left.splice(below(left.length), 1))
    }
  }
}
