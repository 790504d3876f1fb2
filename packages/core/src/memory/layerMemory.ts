/** Every port that stores something, in memory: what a test or an example needs to run the core alone. */
import { Clock, Effect, Layer, Result } from "effect"
import { NumberId } from "../Account.ts"
import { EUR, type Micros, money, zero } from "../Money.ts"
import type { OwnedNumber } from "../number/NumberRegistry.ts"
import { addonOff } from "../number/SmsAddon.ts"
import { type CountryCode, parseDestination } from "../PhoneNumber.ts"
import { UnitOfWork } from "../UnitOfWork.ts"
import { Wallet } from "../wallet/Wallet.ts"
import { layerAccounts } from "./Accounts.ts"
import { layerChangeFeed } from "./ChangeFeed.ts"
import { layerDeliveryQueue } from "./DeliveryQueue.ts"
import { layerDispatchQueue } from "./DispatchQueue.ts"
import { layerIdempotency } from "./Idempotency.ts"
import { layerInboundStore } from "./InboundStore.ts"
import { type AccountRow, MemoryStore, nextId } from "./MemoryStore.ts"
import { layerEventLog } from "./EventLog.ts"
import { layerMessageStore } from "./MessageStore.ts"
import { layerNumberRegistry } from "./Numbers.ts"
import { layerOptOuts } from "./OptOuts.ts"
import { layerOrderBook } from "./OrderBook.ts"
import { layerOutbox } from "./Outbox.ts"
import { layerRateLimits } from "./RateLimits.ts"
import { layerReceiptInbox } from "./ReceiptInbox.ts"
import { layerSessions } from "./Sessions.ts"
import { layerTopUpStore } from "./TopUpStore.ts"
import { layerWallet } from "./Wallet.ts"
import { layerWebhookStore } from "./WebhookStore.ts"
import { WebhookTables } from "./WebhookTables.ts"

/** An account; what is left out is that of a live one in EUR with 10 messages a second. */
export type AccountSeed = Pick<AccountRow, "id"> &
  Partial<AccountRow> & {
    /** Put on the wallet as a top-up; none by default. */
    readonly balance?: Micros
  }

/** A number; what is left out is that of an active mobile number with SMS on, for free. */
export type NumberSeed = Pick<OwnedNumber, "accountId" | "number" | "carrier"> & Partial<OwnedNumber>

export interface Seeds {
  readonly accounts?: ReadonlyArray<AccountSeed>
  readonly numbers?: ReadonlyArray<NumberSeed>
}

/** All storage ports on one store that begins with these accounts and numbers; each call makes a store of its own. */
export const layerMemory = (seeds: Seeds = {}) => Layer.effectContext(Layer.build(Layer.fresh(layerSeeded(seeds))))

const layerSeeded = ({ accounts = [], numbers = [] }: Seeds) =>
  Layer.effectDiscard(
    Effect.forEach(accounts, addAccount).pipe(Effect.andThen(Effect.forEach(numbers, addNumber)))
  ).pipe(Layer.provideMerge(layerPorts))

const addAccount = Effect.fnUntraced(function* ({ balance, ...seed }: AccountSeed) {
  const { accounts } = yield* MemoryStore
  const wallet = yield* Wallet
  const at = yield* Clock.currentTimeMillis
  const account = {
    name: `account ${seed.id}`,
    mode: "live",
    currency: EUR,
    perSecond: 10,
    lowBalance: null,
    createdAt: at,
    ...seed
  } as const
  accounts.set(account.id, account)
  if (balance === undefined) return
  const amount = money(balance, account.currency)
  yield* wallet.post([{ accountId: account.id, kind: "top_up", amount, reference: "opening", at }])
})

const addNumber = Effect.fnUntraced(function* (seed: NumberSeed) {
  const { accounts, numbers } = yield* MemoryStore
  const free = zero(accounts.get(seed.accountId)?.currency ?? EUR)
  const number: OwnedNumber = {
    id: NumberId.make(nextId(numbers)),
    country: countryOf(seed.number),
    type: "mobile",
    status: "active",
    inactiveSince: null,
    monthlyPrice: free,
    sms: { ...addonOff(free), state: "on" },
    profileAssigned: true,
    lastInboundAt: null,
    helpText: null,
    ...seed
  }
  numbers.set(number.id, number)
})

const countryOf = (number: string): CountryCode => {
  const { country } = Result.getOrThrow(parseDestination(number))
  if (country === null) throw new Error(`${number} belongs to no country`)
  return country
}

const layerPorts = Layer.mergeAll(
  Layer.effect(
    UnitOfWork,
    Effect.map(MemoryStore, ({ unitOfWork }) => unitOfWork)
  ),
  layerAccounts,
  Layer.provide(layerSessions, layerAccounts),
  layerWallet,
  layerRateLimits,
  layerNumberRegistry,
  layerOptOuts,
  layerIdempotency,
  layerMessageStore,
  layerDispatchQueue,
  layerReceiptInbox,
  layerInboundStore,
  layerEventLog,
  layerChangeFeed,
  layerOrderBook,
  layerTopUpStore,
  Layer.mergeAll(layerWebhookStore, layerDeliveryQueue, layerOutbox).pipe(Layer.provide(WebhookTables.layer))
).pipe(Layer.provideMerge(MemoryStore.layer))
