/** Messages and their timelines in memory. */
import { Effect, Layer } from "effect"
import { type AccountId, MessageId, type NumberId } from "../Account.ts"
import type { Instant, Message } from "../Message.ts"
import { normalRef } from "../status/CarrierRef.ts"
import type { TimelineEntry, Tracked } from "../status/Lifecycle.ts"
import { type MessageKey, type MessageQuery, MessageStore, type Counts, type PageKey } from "../status/MessageStore.ts"
import { MemoryStore } from "./MemoryStore.ts"

interface Row extends Tracked {
  readonly timeline: ReadonlyArray<TimelineEntry>
}

interface Ref extends MessageKey {
  readonly ref: string
}

export const layerMessageStore = Layer.effect(
  MessageStore,
  Effect.gen(function* () {
    const { call, table, transitions } = yield* MemoryStore
    const rows = table<MessageId, Row>()
    const refs = table<string, Ref>()
    let ids = 0
    let changes = 0

    const rowOf = ({ accountId, id }: MessageKey): Row | undefined => {
      const row = rows.get(id)
      return row?.message.accountId === accountId ? row : undefined
    }
    const messagesOf = (account: AccountId) =>
      rows.values().flatMap(({ message }) => (message.accountId === account ? [message] : []))
    const created = (account: AccountId, since: Instant, number: NumberId | undefined) =>
      messagesOf(account).filter((one) => one.createdAt >= since && (number === undefined || one.numberId === number))
    const note = (message: Message, entries: ReadonlyArray<TimelineEntry>) => {
      for (const entry of entries) if (entry.changed) transitions.set(++changes, { id: changes, message, entry })
    }
    const nameOf = (carrier: string, ref: string) => `${carrier} ${normalRef(ref)}`

    return MessageStore.of({
      nextIds: (count) => call(() => Array.from({ length: count }, () => MessageId.make(++ids))),
      insert: (messages) =>
        call(() => {
          for (const { entry, message } of messages) {
            if (rows.get(message.id) !== undefined) throw new Error(`there is a message ${message.id}`)
            rows.set(message.id, { message, parts: [], entries: 1, timeline: [entry] })
            note(message, [entry])
          }
        }),
      lock: (keys) =>
        call(() => {
          const found = new Map(
            keys.flatMap((key) => {
              const row = rowOf(key)
              return row === undefined ? [] : [[key.id, trackedOf(row)] as const]
            })
          )
          return [...found.values()].sort((a, b) => a.message.id - b.message.id)
        }),
      save: (saved) =>
        call(() => {
          for (const { after, before, entries } of saved) {
            const { accountId, carrier, id } = after.message
            const row = rowOf({ accountId, id })
            if (row === undefined) throw new Error(`account ${accountId} has no message ${id}`)
            rows.set(id, { ...after, timeline: [...row.timeline, ...entries] })
            note(after.message, entries)
            for (const { ref } of after.parts.slice(before.parts.length)) {
              refs.set(nameOf(carrier, ref), { accountId, id, ref })
            }
          }
        }),
      matchRefs: (carrier, asked) =>
        call(() =>
          asked.flatMap((one) => {
            const found = refs.get(nameOf(carrier, one))
            return found === undefined ? [] : [{ ...found, asked: one }]
          })
        ),
      history: (key) =>
        call(() => {
          const row = rowOf(key)
          return row === undefined ? undefined : { message: row.message, timeline: row.timeline }
        }),
      page: (account, query) =>
        call(() => messagesOf(account).filter(selects(query)).sort(newestFirst).slice(0, query.limit)),
      countSince: (account, moments, number) =>
        call(() => moments.map((since) => counted([...created(account, since, number)]))),
      countDays: (account, since, number) =>
        call(() =>
          [...Map.groupBy(created(account, since, number), ({ createdAt }) => Math.floor(createdAt / DAY_MILLIS))]
            .map(([day, messages]) => ({ day: day * DAY_MILLIS, ...counted(messages) }))
            .sort((a, b) => a.day - b.day)
        )
    })
  })
)

const DAY_MILLIS = 24 * 60 * 60 * 1000

const counted = (messages: ReadonlyArray<Message>): Counts => {
  const count = (status: Message["status"]) =>
    messages.filter((one) => one.direction === "outbound" && one.status === status).length
  return { messages: messages.length, delivered: count("delivered"), failed: count("failed") }
}

const trackedOf = ({ entries, message, parts }: Row): Tracked => ({ entries, message, parts })

const newestFirst = (a: PageKey, b: PageKey): number => b.createdAt - a.createdAt || b.id - a.id

const selects =
  (query: MessageQuery) =>
  (message: Message): boolean =>
    (query.direction === undefined || message.direction === query.direction) &&
    (query.numberId === undefined || message.numberId === query.numberId) &&
    (query.status === undefined || message.status === query.status) &&
    (query.to === undefined || message.to === query.to) &&
    (query.from === undefined || message.from === query.from) &&
    (query.contact === undefined || message.to === query.contact || message.from === query.contact) &&
    (query.since === undefined || message.createdAt >= query.since) &&
    (query.until === undefined || message.createdAt < query.until) &&
    (query.after === undefined || newestFirst(query.after, message) < 0)
