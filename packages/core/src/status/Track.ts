/** Applies reports to messages inside a unit of work: loads them under lock, advances them, stores them, refunds. */
import { Clock, Context, Effect, Layer } from "effect"
import { Notifier } from "../notify/Notifier.ts"
import { tellWebhooks } from "../notify/Outbox.ts"
import { transitionEvents } from "../notify/OutboxEvent.ts"
import { atOnce, UnitOfWork } from "../UnitOfWork.ts"
import { type LedgerLine, smsRefund } from "../wallet/Ledger.ts"
import { Wallet } from "../wallet/Wallet.ts"
import { advance, type Report, type TimelineEntry, type Tracked } from "./Lifecycle.ts"
import { type Change, type MessageKey, MessageStore } from "./MessageStore.ts"

/** Reads a message under lock and says what is to be recorded of it. */
export interface Finding extends MessageKey {
  readonly reports: (held: Tracked) => ReadonlyArray<Report>
}

export class Track extends Context.Service<
  Track,
  {
    /** The messages as they are afterwards, in id order; those that do not exist are absent. */
    record(findings: ReadonlyArray<Finding>): Effect.Effect<ReadonlyArray<Tracked>>
  }
>()("@cliqtel/sms-core/status/Track") {
  static readonly layer = Layer.effect(
    Track,
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const messages = yield* MessageStore
      const wallet = yield* Wallet
      const notifier = yield* Notifier
      const tell = yield* tellWebhooks

      const record = Effect.fnUntraced(function* (findings: ReadonlyArray<Finding>) {
        if (findings.length === 0) return []
        const byKey = new Map(findings.map((finding) => [`${finding.accountId} ${finding.id}`, finding]))
        const held = yield* messages.lock([...byKey.values()])
        const now = yield* Clock.currentTimeMillis

        const changes: Array<Change> = []
        const refunds: Array<LedgerLine> = []
        for (const before of held) {
          const { accountId, id, price } = before.message
          const reports = byKey.get(`${accountId} ${id}`)?.reports(before) ?? []
          const entries: Array<TimelineEntry> = []
          let after = before
          for (const report of reports) {
            const step = advance(after, report, now)
            after = step.tracked
            entries.push(step.entry)
            if (step.refund) refunds.push(smsRefund(accountId, id, price, now))
          }
          if (entries.length > 0) changes.push({ before, after, entries })
        }

        const events = changes.flatMap(({ after, entries }) =>
          entries.filter((entry) => entry.changed).map((entry) => ({ message: after.message, entry }))
        )
        if (changes.length > 0) yield* atOnce([messages.save(changes), tell(events.flatMap(transitionEvents))])
        if (refunds.length > 0) {
          yield* wallet.lock([...new Set(refunds.map((line) => line.accountId))])
          yield* wallet.post(refunds)
        }
        if (events.length > 0) yield* unit.afterCommit(notifier.publish(events))
        const changed = new Map(changes.map(({ after }) => [after.message.id, after]))
        return held.map((before) => changed.get(before.message.id) ?? before)
      })

      return Track.of({ record })
    })
  )
}
