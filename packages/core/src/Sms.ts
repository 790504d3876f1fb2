/** The front door: what a backend that embeds the core calls. `Sms.layer` needs the ports and nothing else. */
import { Context, Effect, Layer, Result, type Stream } from "effect"
import type { AccountId, EntryId, NumberId } from "./Account.ts"
import { AccountNotFound } from "./Accounts.ts"
import type { Bucket } from "./limit/TokenBucket.ts"
import type { Body, Message } from "./Message.ts"
import type { Money } from "./Money.ts"
import { type MessageEvent, Notifier } from "./notify/Notifier.ts"
import { canSend, type NumberKey, NumberNotFound, NumberRegistry, type OwnedNumber } from "./number/NumberRegistry.ts"
import { Renewals } from "./number/Renewals.ts"
import { parseDestination } from "./PhoneNumber.ts"
import { RateDeck } from "./price/RateDeck.ts"
import { Deliver } from "./receive/Deliver.ts"
import { ReceiveMessage } from "./receive/ReceiveMessage.ts"
import { DestinationNotSupported, InvalidDestination, type Rejection } from "./send/Acceptance.ts"
import { AcceptGroup, type SendRequest } from "./send/AcceptGroup.ts"
import { Dispatch } from "./send/Dispatch.ts"
import { OptOutList } from "./send/OptOutList.ts"
import { preview, type Preview, type PreviewRequest } from "./send/Preview.ts"
import { type SendAnswer, type SendError, SendMessage, type SendOptions } from "./send/SendMessage.ts"
import { Wakeups } from "./send/Wakeups.ts"
import { layerWorkers } from "./send/Workers.ts"
import { Inbox, type MessageNotFound, type MessagePage, type Stats } from "./status/Inbox.ts"
import type { DayCounts, History, MessageKey, MessageQuery } from "./status/MessageStore.ts"
import { Receipts } from "./status/Receipts.ts"
import { Track } from "./status/Track.ts"
import type { LedgerEntry } from "./wallet/Ledger.ts"
import { type EntryPage, Wallet } from "./wallet/Wallet.ts"

export interface Sent {
  readonly message: Message
  readonly bucket: Bucket | null
  readonly replayed: boolean
}

export class Sms extends Context.Service<
  Sms,
  {
    /** Accepts one message: when this returns it is charged, stored and queued, or nothing has happened. */
    send(account: AccountId, request: SendRequest, options?: SendOptions): Effect.Effect<Sent, Rejection | SendError>
    /** Accepts or rejects each request on its own, in order, in one unit of work. */
    sendBatch(
      account: AccountId,
      requests: ReadonlyArray<SendRequest>,
      options?: SendOptions
    ): Effect.Effect<SendAnswer, SendError>
    preview(request: PreviewRequest): Effect.Effect<Preview, InvalidDestination | DestinationNotSupported>
    /** A message with its timeline. */
    message(key: MessageKey): Effect.Effect<History, MessageNotFound>
    /** Messages, newest first. */
    messages(account: AccountId, query: MessageQuery): Effect.Effect<MessagePage>
    stats(account: AccountId, number?: NumberId): Effect.Effect<Stats>
    /** The last 30 days, UTC, today included and oldest first. */
    dailyStats(account: AccountId, number?: NumberId): Effect.Effect<ReadonlyArray<DayCounts>>
    /** Committed transitions of this process, as they happen. */
    readonly events: Stream.Stream<MessageEvent>
    numbers(account: AccountId): Effect.Effect<ReadonlyArray<OwnedNumber>>
    /** Those that messages may be sent from. */
    smsNumbers(account: AccountId): Effect.Effect<ReadonlyArray<OwnedNumber>>
    number(key: NumberKey): Effect.Effect<OwnedNumber, NumberNotFound>
    /** What HELP to this number is answered, null: nothing. Gives the number as it is afterwards. */
    setHelpText(key: NumberKey, text: Body | null): Effect.Effect<OwnedNumber, NumberNotFound>
    balance(account: AccountId): Effect.Effect<Money, AccountNotFound>
    /** Ledger entries, newest first; `next` is where the next page begins, null after the last. */
    entries(
      account: AccountId,
      page: EntryPage
    ): Effect.Effect<{
      readonly entries: ReadonlyArray<LedgerEntry>
      readonly next: EntryId | null
    }>
  }
>()("@cliqtel/sms-core/Sms") {
  static readonly layerNoWorkers = Layer.effect(
    Sms,
    Effect.gen(function* () {
      const sending = yield* SendMessage
      const inbox = yield* Inbox
      const numbers = yield* NumberRegistry
      const wallet = yield* Wallet
      const deck = yield* RateDeck
      const notifier = yield* Notifier

      const send = (account: AccountId, request: SendRequest, options?: SendOptions) =>
        Effect.flatMap(
          sending.send(account, [request], options),
          ({ bucket, replayed, results: [first] }): Effect.Effect<Sent, Rejection> => {
            if (first === undefined) return Effect.die(new Error("a request was not answered"))
            return Result.isFailure(first)
              ? Effect.fail(first.failure)
              : Effect.succeed({ message: first.success, bucket, replayed })
          }
        )

      const unitPrice = (
        to: string | undefined
      ): Result.Result<Money, InvalidDestination | DestinationNotSupported> => {
        if (to === undefined) {
          return deck.listPrice === null
            ? Result.fail(new DestinationNotSupported({ to: "" }))
            : Result.succeed(deck.listPrice)
        }
        const parsed = parseDestination(to)
        if (Result.isFailure(parsed)) return Result.fail(new InvalidDestination({ reason: parsed.failure.reason }))
        const price = deck.unitPrice(parsed.success)
        return price === null ? Result.fail(new DestinationNotSupported({ to })) : Result.succeed(price)
      }

      return Sms.of({
        send,
        sendBatch: sending.send,
        preview: ({ body, to }) => Effect.fromResult(unitPrice(to)).pipe(Effect.map((price) => preview(body, price))),
        message: inbox.message,
        messages: inbox.page,
        stats: inbox.stats,
        dailyStats: inbox.dailyStats,
        events: notifier.events,
        numbers: numbers.list,
        smsNumbers: (account) => numbers.list(account).pipe(Effect.map((all) => all.filter(canSend))),
        number: Effect.fnUntraced(function* (key) {
          const [found] = yield* numbers.find([key])
          return found ?? (yield* new NumberNotFound({ numberId: key.id }))
        }),
        setHelpText: numbers.setHelpText,
        balance: Effect.fnUntraced(function* (account) {
          return (yield* wallet.balance(account)) ?? (yield* new AccountNotFound({ id: account }))
        }),
        entries: Effect.fnUntraced(function* (account, page) {
          const found = yield* wallet.entries(account, { ...page, limit: page.limit + 1 })
          const entries = found.slice(0, page.limit)
          return { entries, next: found.length > page.limit ? (entries.at(-1)?.id ?? null) : null }
        })
      })
    })
  )

  /** The use cases alone: for tests and for a process that only accepts. */
  static readonly layerUseCases = Layer.mergeAll(
    Sms.layerNoWorkers,
    Dispatch.layer,
    Receipts.layer,
    ReceiveMessage.layer,
    OptOutList.layer,
    Renewals.layer
  ).pipe(
    Layer.provideMerge(Deliver.layer),
    Layer.provideMerge([SendMessage.layer, Inbox.layer]),
    Layer.provideMerge([AcceptGroup.layer, Track.layer]),
    Layer.provideMerge(Wakeups.layer)
  )

  /** Everything, with the loops that carry messages on until the layer is closed. */
  static readonly layer = layerWorkers.pipe(Layer.provideMerge(Sms.layerUseCases))
}
