/** Deliveries in memory. Endpoints take turns: each claim goes on after the endpoint that was served last. */
import { Effect, Layer } from "effect"
import {
  type Delivery,
  type DeliveryKey,
  type DeliveryLease,
  DeliveryQueue,
  SHOWN_ATTEMPTS
} from "../notify/DeliveryQueue.ts"
import { MemoryStore } from "./MemoryStore.ts"
import { type DeliveryPlace, type DeliveryRow, WebhookTables } from "./WebhookTables.ts"

const READY: DeliveryPlace = { _tag: "Ready" }

export const layerDeliveryQueue = Layer.effect(
  DeliveryQueue,
  Effect.gen(function* () {
    const { call } = yield* MemoryStore
    const { deliveries, insert, nextEvent, webhooks } = yield* WebhookTables
    let served = 0
    let tokens = 0

    const put = (row: DeliveryRow, place: DeliveryPlace) => deliveries.set(row.id, { ...row, place })

    const rowOf = ({ accountId, id, webhookId }: DeliveryKey): DeliveryRow | undefined => {
      const row = deliveries.get(id)
      return row?.accountId === accountId && row.webhookId === webhookId ? row : undefined
    }

    const heldBy = (lease: DeliveryLease): DeliveryRow | undefined => {
      const row = rowOf(lease)
      return row?.place._tag === "Leased" && row.place.token === lease.token ? row : undefined
    }

    /** The first of its message that has not been tried, or of no message. */
    const isNext = (row: DeliveryRow) =>
      row.place._tag === "Ready" &&
      (row.subject === null ||
        !deliveries
          .values()
          .some(
            (other) =>
              other.webhookId === row.webhookId &&
              other.subject === row.subject &&
              other.id < row.id &&
              (other.place._tag === "Ready" || other.place._tag === "Leased")
          ))

    return DeliveryQueue.of({
      claim: ({ free, limit, standard, until }) =>
        call(() => {
          const ready = Map.groupBy(
            deliveries.values().filter((row) => isNext(row) && webhooks.get(row.webhookId)?.enabled === true),
            (row) => row.webhookId
          )
          const ids = [...ready.keys()].sort((a, b) => a - b)
          const turn = [...ids.filter((id) => id > served), ...ids.filter((id) => id <= served)]
          const taken = turn
            .flatMap((id) => (ready.get(id) ?? []).sort((a, b) => a.id - b.id).slice(0, free.get(id) ?? standard))
            .slice(0, limit)
          served = taken.at(-1)?.webhookId ?? 0
          return taken.flatMap((row) => {
            const target = webhooks.get(row.webhookId)
            if (target === undefined) return []
            const token = `${++tokens}`
            put(row, { _tag: "Leased", token, until })
            const { accountId, body, eventId, id, tries, webhookId } = row
            return [{ lease: { accountId, webhookId, id, token, attempt: tries + 1 }, eventId, body, target }]
          })
        }),
      hold: (leases) => call(() => leases.filter((lease) => heldBy(lease) !== undefined)),
      settle: (settled) =>
        call(() => {
          for (const { attempt, lease, verdict } of settled) {
            const row = heldBy(lease)
            if (row === undefined) continue
            const place: DeliveryPlace =
              verdict._tag === "Delivered"
                ? { _tag: "Succeeded" }
                : verdict._tag === "Retry"
                  ? { _tag: "Waiting", until: verdict.at }
                  : { _tag: "Failed" }
            put({ ...row, tries: lease.attempt, attempts: [...row.attempts, attempt] }, place)
          }
        }),
      wakeDue: (now) =>
        call(() => {
          const due = deliveries.values().filter(({ place }) => place._tag === "Waiting" && place.until <= now)
          for (const row of due) put(row, READY)
          return due.length
        }),
      takeOver: (now) =>
        call(() => {
          const lost = deliveries.values().filter(({ place }) => place._tag === "Leased" && place.until < now)
          for (const row of lost) put(row, READY)
          const idle = deliveries
            .values()
            .filter((row) => row.place._tag === "Ready" && webhooks.get(row.webhookId)?.enabled !== true)
          for (const row of idle) put(row, { _tag: "Failed" })
          return lost.length + idle.length
        }),
      end: ({ accountId, id }) =>
        call(() => {
          for (const row of deliveries.values()) {
            const waits = row.place._tag === "Ready" || row.place._tag === "Waiting"
            if (row.accountId === accountId && row.webhookId === id && waits) put(row, { _tag: "Failed" })
          }
        }),
      page: ({ accountId, id }, { before = Infinity, limit }) =>
        call(() =>
          deliveries
            .values()
            .filter((row) => row.accountId === accountId && row.webhookId === id && row.id < before)
            .sort((a, b) => b.id - a.id)
            .slice(0, limit)
            .map(deliveryOf)
        ),
      find: (key) =>
        call(() => {
          const row = rowOf(key)
          return row && deliveryOf(row)
        }),
      put: ({ accountId, id }, type, body, at) =>
        call(() =>
          insert({ accountId, webhookId: id, type, body, subject: null, createdAt: at, eventId: nextEvent() })
        ),
      redeliver: (key) =>
        call(() => {
          const row = rowOf(key)
          if (row === undefined) return false
          if (row.place._tag !== "Ready" && row.place._tag !== "Leased") put({ ...row, tries: 0 }, READY)
          return true
        })
    })
  })
)

const deliveryOf = ({
  accountId,
  attempts,
  createdAt,
  eventId,
  id,
  place,
  type,
  webhookId
}: DeliveryRow): Delivery => ({
  id,
  accountId,
  webhookId,
  eventId,
  type,
  status: place._tag === "Succeeded" ? "succeeded" : place._tag === "Failed" ? "failed" : "pending",
  nextAttemptAt: place._tag === "Waiting" ? place.until : null,
  createdAt,
  attempts: attempts.slice(-SHOWN_ATTEMPTS)
})
