/** A seller of numbers and a collector of payments that remember what they were asked, and fail when told to. */
import {
  CountryCode,
  E164,
  type Money,
  NumberProvider,
  NumberTaken,
  type Offer,
  PaymentProvider,
  type PaymentOutcome
} from "@cliqtel/sms-core"
import { Context, Effect, Layer } from "effect"
import { randomInt } from "node:crypto"
import { FakeEndpoints } from "./FakeEndpoints.ts"

export class FakeShop extends Context.Service<
  FakeShop,
  {
    readonly offers: Map<E164, Offer>
    /** Puts a number on offer that nobody has. */
    offer(given?: Partial<Offer>): Offer
    /** Reservations by their reference. */
    readonly reserved: Map<string, ReadonlyArray<E164>>
    readonly bought: Map<string, number>
    /** What was collected, by reference; each once. */
    readonly collected: Map<string, Money>
    /** What the next payments come to; Paid when there are none left. */
    readonly outcomes: Array<PaymentOutcome>
    /** Payments and purchases whose answer is lost: they take effect, and the caller dies. */
    lose: number
    lost: number
  }
>()("@cliqtel/sms-testkit/FakeShop") {
  static readonly layer = Layer.sync(FakeShop, () => {
    const shop: FakeShop["Service"] = {
      offers: new Map(),
      reserved: new Map(),
      bought: new Map(),
      collected: new Map(),
      outcomes: [],
      lose: 0,
      lost: 0,
      offer: (given = {}) => {
        const offer: Offer = {
          number: E164.make(`+3197${randomInt(10 ** 9, 10 ** 10)}`),
          country: CountryCode.make("NL"),
          type: "mobile",
          carrier: "fake",
          status: "active",
          ...given
        }
        shop.offers.set(offer.number, offer)
        return offer
      }
    }
    return shop
  })
}

const loses = (shop: FakeShop["Service"]): Effect.Effect<void> =>
  Effect.suspend(() => {
    if (shop.lose === 0) return Effect.void
    shop.lose--
    shop.lost++
    return Effect.die(new Error("the answer was lost"))
  })

export const layerFakeProviders = Layer.mergeAll(
  Layer.effect(
    NumberProvider,
    Effect.map(FakeShop, (shop) => ({
      search: ({ limit }) => Effect.sync(() => [...shop.offers.values()].slice(0, limit)),
      reserve: (_, numbers, reference) =>
        Effect.suspend(() => {
          const missing = numbers.find((number) => !shop.offers.has(number))
          if (missing !== undefined) return Effect.fail(new NumberTaken({ number: missing }))
          shop.reserved.set(reference, numbers)
          return Effect.succeed(numbers.flatMap((number) => shop.offers.get(number) ?? []))
        }),
      buy: (_, reference) =>
        Effect.suspend(() => {
          shop.bought.set(reference, (shop.bought.get(reference) ?? 0) + 1)
          return loses(shop)
        }),
      release: (_, reference) => Effect.sync(() => void shop.reserved.delete(reference))
    }))
  ),
  Layer.effect(
    PaymentProvider,
    Effect.map(FakeShop, (shop) => ({
      offers: () => true,
      collect: ({ amount, reference }) =>
        Effect.suspend(() => {
          if (shop.collected.has(reference)) return Effect.succeed<PaymentOutcome>({ _tag: "Paid" })
          const outcome = shop.outcomes.shift() ?? { _tag: "Paid" as const }
          if (outcome._tag === "Paid") shop.collected.set(reference, amount)
          return Effect.as(loses(shop), outcome)
        })
    }))
  ),
  FakeEndpoints.layerSender.pipe(Layer.provide(FakeEndpoints.layer))
)
