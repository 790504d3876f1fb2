/** Use case: what an account sees of its messages. */
import { Clock, Context, DateTime, Effect, Layer, Schema } from "effect"
import type { AccountId, NumberId } from "../Account.ts"
import type { Instant, Message } from "../Message.ts"
import { NumberRegistry } from "../number/NumberRegistry.ts"
import { Carriers } from "../send/Carrier.ts"
import { DispatchQueue } from "../send/DispatchQueue.ts"
import {
  type Counts,
  type DayCounts,
  type History,
  type MessageKey,
  type MessageQuery,
  MessageStore,
  type PageKey
} from "./MessageStore.ts"
import { isOverdue, queuedReason } from "./QueuedReason.ts"

/** There is no such message in this account. */
export class MessageNotFound extends Schema.TaggedError<MessageNotFound>()("MessageNotFound", { id: Schema.Int }) {}

export interface MessagePage {
  readonly messages: ReadonlyArray<Message>
  /** Where the next page begins; null after the last. */
  readonly next: PageKey | null
}

export interface Stats {
  /** Messages in both directions since midnight and since the first of the month, UTC. */
  readonly today: number
  readonly thisMonth: number
  readonly delivered30d: number
  readonly failed30d: number
  /** delivered / (delivered + failed) of outbound messages created in the last 30 days; null while there are none. */
  readonly deliveryRate30d: number | null
}

const DAY_MILLIS = 24 * 60 * 60 * 1000
const DAYS = 30

const NONE: Counts = { messages: 0, delivered: 0, failed: 0 }

const startOf = (unit: "day" | "month", now: Instant): Instant =>
  DateTime.makeUnsafe(now).pipe(DateTime.startOf(unit), DateTime.toEpochMillis)

export const deliveryRate = (delivered: number, failed: number): number | null =>
  delivered + failed === 0 ? null : delivered / (delivered + failed)

/** Each of the last 30 days, today included and oldest first, with nothing where nothing is known of it. */
export const everyDay = (known: ReadonlyArray<DayCounts>, now: Instant): ReadonlyArray<DayCounts> => {
  const counts = new Map(known.map((one) => [one.day, one]))
  return Array.from({ length: DAYS }, (_, i) => {
    const day = firstDay(now) + i * DAY_MILLIS
    return counts.get(day) ?? { day, ...NONE }
  })
}

const firstDay = (now: Instant): Instant => startOf("day", now) - (DAYS - 1) * DAY_MILLIS

export class Inbox extends Context.Service<
  Inbox,
  {
    message(key: MessageKey): Effect.Effect<History, MessageNotFound>
    page(account: AccountId, query: MessageQuery): Effect.Effect<MessagePage>
    stats(account: AccountId, number?: NumberId): Effect.Effect<Stats>
    dailyStats(account: AccountId, number?: NumberId): Effect.Effect<ReadonlyArray<DayCounts>>
  }
>()("@cliqtel/sms-core/status/Inbox") {
  static readonly layer = Layer.effect(
    Inbox,
    Effect.gen(function* () {
      const store = yield* MessageStore
      const numbers = yield* NumberRegistry
      const queue = yield* DispatchQueue
      const carriers = yield* Carriers

      /** Those that have waited long say why. */
      const explained = Effect.fnUntraced(function* (messages: ReadonlyArray<Message>) {
        const now = yield* Clock.currentTimeMillis
        const waiting = messages.filter((one) => isOverdue(one, now))
        if (waiting.length === 0) return messages
        const keys = waiting.map(({ accountId, numberId: id }) => ({ accountId, id }))
        const owned = new Map((yield* numbers.find(keys)).map((number) => [number.id, number]))
        const paused = yield* queue.paused
        return messages.map((one) => {
          if (!isOverdue(one, now)) return one
          const profileAssigned = owned.get(one.numberId)?.profileAssigned ?? true
          const carrierPaused = paused.has(one.carrier) || !carriers.has(one.carrier)
          return { ...one, reason: queuedReason({ profileAssigned, carrierPaused }) }
        })
      })

      const message = Effect.fn("Inbox.message")(function* (key: MessageKey) {
        const found = (yield* store.history(key)) ?? (yield* new MessageNotFound({ id: key.id }))
        const [told = found.message] = yield* explained([found.message])
        return { ...found, message: told }
      })

      const page = Effect.fn("Inbox.page")(function* (account: AccountId, query: MessageQuery) {
        const found = yield* store.page(account, { ...query, limit: query.limit + 1 })
        const messages = yield* explained(found.slice(0, query.limit))
        const last = messages.at(-1)
        return {
          messages,
          next: found.length > query.limit && last !== undefined ? { createdAt: last.createdAt, id: last.id } : null
        }
      })

      const stats = Effect.fn("Inbox.stats")(function* (account: AccountId, number?: NumberId) {
        const now = yield* Clock.currentTimeMillis
        const moments = [startOf("day", now), startOf("month", now), now - DAYS * DAY_MILLIS]
        const [today = NONE, month = NONE, { delivered, failed } = NONE] = yield* store.countSince(
          account,
          moments,
          number
        )
        return {
          today: today.messages,
          thisMonth: month.messages,
          delivered30d: delivered,
          failed30d: failed,
          deliveryRate30d: deliveryRate(delivered, failed)
        }
      })

      const dailyStats = Effect.fn("Inbox.dailyStats")(function* (account: AccountId, number?: NumberId) {
        const now = yield* Clock.currentTimeMillis
        return everyDay(yield* store.countDays(account, firstDay(now), number), now)
      })

      return Inbox.of({ message, page, stats, dailyStats })
    })
  )
}
