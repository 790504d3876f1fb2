/**
 * Numbers to order that belong to nobody's network: what the sandbox sells follows from the catalogue, and what is sold
 * is what the registry knows. So nothing is kept here, and every host offers the same.
 */
import {
  type AccountMode,
  Coverage,
  type E164,
  needsVerification,
  NumberProvider,
  NumberRegistry,
  NumberTaken,
  type Offer,
  type OfferQuery
} from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"
import { makeInventory } from "./Inventory.ts"
import type { Kind } from "./Kind.ts"

export interface SandboxNumbersOptions {
  /** Name of the carrier that the messages of these numbers go through. */
  readonly carrier?: string
}

/** Numbers that the registry is asked about together, at least. */
const GROUP = 100

/** A search without a country, or without a type, takes so many of each in turn. */
const EACH = 2

export const makeSandboxNumbers = ({ carrier = "sandbox" }: SandboxNumbersOptions = {}) =>
  Effect.gen(function* () {
    const coverage = yield* Coverage
    const registry = yield* NumberRegistry
    const inventory = makeInventory(coverage)

    const offer = (number: E164, { country, type }: Kind): Offer => ({
      number,
      country,
      type,
      carrier,
      status: needsVerification(coverage, country, type) ? "pending_verification" : "active"
    })

    const search = Effect.fn("SandboxNumbers.search")(function* ({ country, limit, mode, type }: OfferQuery) {
      const candidates = inTurn(inventory.kinds(country, type).map((kind) => offersOf(mode, kind)))
      const found: Array<Offer> = []
      while (found.length < limit) {
        const group = taken(candidates, Math.max(GROUP, limit - found.length))
        if (group.length === 0) break
        const owned = yield* registry.owned(group.map(({ number }) => number))
        found.push(...group.filter(({ number }) => !owned.has(number)))
      }
      return found.slice(0, limit)
    })

    const offersOf = function* (mode: AccountMode, kind: Kind) {
      for (const number of inventory.numbers(mode, kind)) yield offer(number, kind)
    }

    const reserve = Effect.fn("SandboxNumbers.reserve")(function* (mode: AccountMode, numbers: ReadonlyArray<E164>) {
      const owned = yield* registry.owned(numbers)
      const offers: Array<Offer> = []
      for (const number of numbers) {
        const kind = owned.has(number) ? undefined : inventory.find(mode, number)
        if (kind === undefined) return yield* new NumberTaken({ number })
        offers.push(offer(number, kind))
      }
      return offers
    })

    return NumberProvider.of({ search, reserve, buy: () => Effect.void, release: () => Effect.void })
  })

export const layerSandboxNumbers = (options?: SandboxNumbersOptions) =>
  Layer.effect(NumberProvider, makeSandboxNumbers(options))

/** All that the sources have, a few of each in turn. */
const inTurn = function* <A>(sources: ReadonlyArray<Iterator<A>>): Generator<A, undefined> {
  let open = sources
  while (open.length > 0) {
    const left: Array<Iterator<A>> = []
    for (const source of open) {
      const some = taken(source, EACH)
      yield* some
      if (some.length === EACH) left.push(source)
    }
    open = left
  }
}

/** Iterator.take would close the source. */
const taken = <A>(source: Iterator<A>, count: number): ReadonlyArray<A> => {
  const values: Array<A> = []
  while (values.length < count) {
    const { done, value } = source.next()
    if (done === true) break
    values.push(value)
  }
  return values
}
