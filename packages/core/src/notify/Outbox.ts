/** Port: events for webhooks, stored with the change that they report. */
import { Context, Effect } from "effect"
import { Wakeups } from "../send/Wakeups.ts"
import { UnitOfWork } from "../UnitOfWork.ts"
import { EventLog, type NewEvent } from "./AccountEvent.ts"
import type { OutboxEvent } from "./OutboxEvent.ts"

export class Outbox extends Context.Service<
  Outbox,
  {
    /**
     * Within the caller's unit of work: a delivery of each event for each enabled endpoint of its account that wants it,
     * and the event itself where there is one. Gives the number of deliveries.
     */
    put(events: ReadonlyArray<OutboxEvent>): Effect.Effect<number>
  }
>()("@cliqtel/sms-core/notify/Outbox") {}

/** Puts events, and has them delivered as soon as the unit of work has committed. */
export const tellWebhooks = Effect.gen(function* () {
  const outbox = yield* Outbox
  const unit = yield* UnitOfWork
  const wakeups = yield* Wakeups
  return Effect.fnUntraced(function* (events: ReadonlyArray<OutboxEvent>) {
    if (events.length === 0) return
    if ((yield* outbox.put(events)) > 0) yield* unit.afterCommit(wakeups.webhooks.ring)
  })
})

/** An account's own events: into its log and to its webhooks, always both. Wants the lock that the log wants. */
export const tellAccount = Effect.gen(function* () {
  const log = yield* EventLog
  const tell = yield* tellWebhooks
  return (events: ReadonlyArray<NewEvent>) => Effect.andThen(log.append(events), tell(events))
})
