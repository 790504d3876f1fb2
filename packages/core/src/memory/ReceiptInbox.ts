/** Carrier receipts in memory. Of those that are done the event stays known, for when it comes again. */
import { Effect, Layer } from "effect"
import type { Instant } from "../Message.ts"
import { normalRef } from "../status/CarrierRef.ts"
import { ReceiptInbox, type StoredReceipt } from "../status/ReceiptInbox.ts"
import { MemoryStore } from "./MemoryStore.ts"

interface Row extends StoredReceipt {
  /** When it is to be matched. */
  readonly dueAt: Instant
}

export const layerReceiptInbox = Layer.effect(
  ReceiptInbox,
  Effect.gen(function* () {
    const { call, table } = yield* MemoryStore
    const rows = table<number, Row>()
    const known = table<string, true>()
    let ids = 0

    const setDue = (id: number, dueAt: Instant) => {
      const row = rows.get(id)
      if (row !== undefined) rows.set(id, { ...row, dueAt })
    }

    return ReceiptInbox.of({
      put: (receipts, at) =>
        call(() => {
          for (const receipt of receipts) {
            const event = `${receipt.carrier} ${receipt.eventId}`
            if (known.get(event)) continue
            known.set(event, true)
            const id = ++ids
            rows.set(id, { id, receipt, receivedAt: at, dueAt: at })
          }
        }),
      claim: (now, limit) =>
        call(() =>
          rows
            .values()
            .filter(({ dueAt }) => dueAt <= now)
            .sort((a, b) => a.id - b.id)
            .slice(0, limit)
            .map(({ id, receipt, receivedAt }): StoredReceipt => ({ id, receipt, receivedAt }))
        ),
      finish: (ids) => call(() => ids.forEach((id) => rows.delete(id))),
      postpone: (ids, at) => call(() => ids.forEach((id) => setDue(id, at))),
      hasten: (carrier, refs, now) =>
        call(() => {
          const wanted = new Set(refs.map(normalRef))
          let count = 0
          for (const { dueAt, id, receipt } of rows.values()) {
            if (receipt.carrier !== carrier || receipt.ref._tag !== "Carrier") continue
            if (!wanted.has(normalRef(receipt.ref.id))) continue
            if (dueAt > now) setDue(id, now)
            count++
          }
          return count
        })
    })
  })
)
