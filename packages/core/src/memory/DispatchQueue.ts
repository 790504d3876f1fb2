/** The dispatch queue in memory. Accounts take turns: each claim goes on after the account that was served last. */
import { Clock, Effect, Layer } from "effect"
import type { AccountId, MessageId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import { DispatchQueue, type Lease, type Verdict, type Waiting } from "../send/DispatchQueue.ts"
import { MemoryStore } from "./MemoryStore.ts"

interface Row extends Waiting {
  readonly attempt: number
  readonly place: Place
}

type Place =
  | { readonly _tag: "Ready" }
  | { readonly _tag: "Leased"; readonly token: string; readonly until: Instant }
  | { readonly _tag: "Retry"; readonly at: Instant }
  | { readonly _tag: "Parked"; readonly until: Instant }
  | { readonly _tag: "Held" }

export const layerDispatchQueue = Layer.effect(
  DispatchQueue,
  Effect.gen(function* () {
    const { call, table } = yield* MemoryStore
    const rows = table<MessageId, Row>()
    const served = table<string, AccountId>()
    const paused = table<string, string>()
    const leads = table<string, { readonly host: string; readonly until: Instant }>()
    let tokens = 0

    const put = (row: Row, place: Place) => rows.set(row.id, { ...row, place })

    const lease = (row: Row, until: Instant): Lease => {
      const token = `${++tokens}`
      put(row, { _tag: "Leased", token, until })
      return { accountId: row.accountId, messageId: row.id, carrier: row.carrier, token, attempt: row.attempt }
    }

    const heldBy = ({ accountId, messageId, token }: Lease): Row | undefined => {
      const row = rows.get(messageId)
      return row?.accountId === accountId && row.place._tag === "Leased" && row.place.token === token ? row : undefined
    }

    /** Those at a place that ended before `now`, oldest end first, under a new lease. */
    const leaseEnded = (tag: "Leased" | "Parked", now: Instant, limit: number) =>
      rows
        .values()
        .flatMap((row) => (row.place._tag === tag && row.place.until < now ? [{ row, until: row.place.until }] : []))
        .sort((a, b) => a.until - b.until)
        .slice(0, limit)
        .map(({ row, until }) => lease(row, until))

    return DispatchQueue.of({
      enqueue: (waiting) =>
        call(() => {
          for (const one of waiting) {
            if (rows.get(one.id) !== undefined) throw new Error(`message ${one.id} is in the queue`)
            rows.set(one.id, { ...one, attempt: 0, place: { _tag: one.heldFor === null ? "Ready" : "Held" } })
          }
        }),
      claim: (carrier, limit, until) =>
        call(() => {
          if (paused.get(carrier)) return []
          const ready = rows.values().filter((row) => row.carrier === carrier && row.place._tag === "Ready")
          const picked = inTurns(ready, served.get(carrier) ?? 0).slice(0, limit)
          const last = picked.at(-1)
          if (last !== undefined) served.set(carrier, last.accountId)
          return picked.map((row) => lease({ ...row, attempt: row.attempt + 1 }, until))
        }),
      hold: (leases) => call(() => leases.filter((one) => heldBy(one) !== undefined)),
      settle: (verdicts) =>
        call(() => {
          for (const { lease: held, verdict } of verdicts) {
            const row = heldBy(held)
            if (row === undefined) continue
            if (verdict._tag === "Done") rows.delete(row.id)
            else put(row, placeOf(verdict))
          }
        }),
      takeOver: (now, limit) => call(() => leaseEnded("Leased", now, limit)),
      overdue: (now, limit) => call(() => leaseEnded("Parked", now, limit)),
      resolve: (keys) =>
        call(() => {
          for (const { accountId, id } of keys) {
            const row = rows.get(id)
            if (row?.accountId === accountId && row.place._tag !== "Leased") rows.delete(id)
          }
        }),
      wakeDue: (now) =>
        call(() => {
          const due = rows.values().filter(({ place }) => place._tag === "Retry" && place.at <= now)
          for (const row of due) put(row, { _tag: "Ready" })
          return due.length
        }),
      release: ({ accountId, id }) =>
        call(() => {
          for (const row of rows.values()) {
            if (row.accountId === accountId && row.heldFor === id && row.place._tag === "Held")
              put(row, { _tag: "Ready" })
          }
        }),
      lead: (carrier, host, millis) =>
        Effect.flatMap(Clock.currentTimeMillis, (now) =>
          call(() => {
            const held = leads.get(carrier)
            if (held !== undefined && held.host !== host && held.until > now) return false
            leads.set(carrier, { host, until: now + millis })
            return true
          })
        ),
      yieldLead: (carrier, host) =>
        call(() => {
          if (leads.get(carrier)?.host === host) leads.delete(carrier)
        }),
      pause: (carrier) => call(() => paused.set(carrier, carrier)),
      unpause: (carrier) => call(() => paused.delete(carrier)),
      paused: call(() => new Set(paused.values()))
    })
  })
)

const placeOf = (verdict: Exclude<Verdict, { readonly _tag: "Done" }>): Place =>
  verdict._tag === "Retry" ? verdict : { _tag: "Parked", until: verdict.until }

/** One of each account, then a second of each, ...: the account after `last` begins, its oldest message goes first. */
const inTurns = (ready: ReadonlyArray<Row>, last: number): ReadonlyArray<Row> => {
  const ranks = new Map<AccountId, number>()
  return [...ready]
    .sort((a, b) => a.id - b.id)
    .map((row) => {
      const rank = ranks.get(row.accountId) ?? 0
      ranks.set(row.accountId, rank + 1)
      return { row, rank, lap: row.accountId > last ? 0 : 1 }
    })
    .sort((a, b) => a.rank - b.rank || a.lap - b.lap || a.row.accountId - b.row.accountId)
    .map(({ row }) => row)
}
