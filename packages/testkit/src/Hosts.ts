/** Hosts that share one store, with nothing running by itself: the use cases alone, on carriers that a test drives. */
import {
  type AccountId,
  type Accounts,
  Carriers,
  type DeliveryQueue,
  type DispatchQueue,
  type EventLog,
  type Idempotency,
  type InboundStore,
  type MessageEvent,
  type MessageStore,
  Micros,
  Notifier,
  type NumberRegistry,
  type OptOuts,
  type OrderBook,
  type Outbox,
  RateDeck,
  type RateLimits,
  type ReceiptInbox,
  Sms,
  type TopUpStore,
  type UnitOfWork,
  type Wallet,
  type WebhookStore
} from "@cliqtel/sms-core"
import { Context, Effect, Layer, Stream } from "effect"
import { type FakeCarrier, type FakeCarrierOptions, makeFakeCarrier } from "./FakeCarrier.ts"
import { Fixture, type NewNumber } from "./Fixture.ts"
import { freshName } from "./suite.ts"

/** Everything that stores. */
export type StoragePorts =
  | UnitOfWork
  | Wallet
  | RateLimits
  | NumberRegistry
  | OptOuts
  | Idempotency
  | MessageStore
  | DispatchQueue
  | ReceiptInbox
  | InboundStore
  | EventLog
  | Outbox

/** What the customer's desk needs of them. */
export type DeskPorts = StoragePorts | Accounts | OrderBook | TopUpStore | WebhookStore | DeliveryQueue

/** What the suite puts beside the ports: carriers come and go with the accounts of each test, events are kept. */
export class Bench extends Context.Service<
  Bench,
  {
    readonly carriers: Map<string, FakeCarrier>
    /** What was published of each account. */
    readonly events: Map<AccountId, ReadonlyArray<MessageEvent>>
  }
>()("@cliqtel/sms-testkit/Bench") {
  static readonly layer = Layer.sync(Bench, () => ({ carriers: new Map(), events: new Map() }))
}

const layerHost = Sms.layerUseCases.pipe(
  Layer.provide([
    RateDeck.layerMemory,
    Layer.effect(
      Carriers,
      Effect.map(Bench, ({ carriers }) => carriers)
    ),
    Layer.effect(
      Notifier,
      Effect.map(Bench, ({ events }) => ({
        publish: (published) =>
          Effect.sync(() => {
            for (const event of published) {
              const { accountId } = event.message
              events.set(accountId, [...(events.get(accountId) ?? []), event])
            }
          }),
        events: Stream.empty
      }))
    )
  ])
)

/** Several hosts that share one store, by number. */
export class Hosts extends Context.Service<Hosts, (host: number) => Sms["Service"]>()("@cliqtel/sms-testkit/Hosts") {
  static readonly layer = Layer.effect(
    Hosts,
    Effect.map(
      Effect.all(Array.from({ length: 3 }, () => Layer.build(Layer.fresh(layerHost)))),
      (hosts) => (host) => Context.get(hosts[host % hosts.length] as Context.Context<Sms>, Sms)
    )
  )
}

/** The use cases on the ports, as one host has them and as several do. */
export const layerHosts = Layer.merge(layerHost, Hosts.layer).pipe(Layer.provideMerge(Bench.layer))

export interface NewcomerOptions extends NewNumber {
  readonly perSecond?: number
  readonly lowBalance?: Micros
}

/** An account with a number of its own on a carrier of its own. */
export const newcomer = Effect.fnUntraced(function* (
  balance: bigint,
  options: FakeCarrierOptions = {},
  { lowBalance, perSecond = 1000, ...of }: NewcomerOptions = {}
) {
  const { carriers } = yield* Bench
  const fixture = yield* Fixture
  const carrier = makeFakeCarrier({ ...options, name: freshName("fake") })
  carriers.set(carrier.name, carrier)
  const account = yield* fixture.account({ balance: Micros.make(balance), perSecond, lowBalance: lowBalance ?? null })
  const number = yield* fixture.number(account, { ...of, carrier: carrier.name })
  return { account, number, carrier }
})
