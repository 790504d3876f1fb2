/**
 * All newly received messages pass through here, inside the unit of work that received them: they are stored, heeded
 * (STOP, START, HELP) and told of.
 */
import { Context, Effect, Layer, Result } from "effect"
import type { Body, Instant, Message } from "../Message.ts"
import { Notifier } from "../notify/Notifier.ts"
import { tellWebhooks } from "../notify/Outbox.ts"
import { transitionEvents } from "../notify/OutboxEvent.ts"
import { NumberRegistry, type OwnedNumber } from "../number/NumberRegistry.ts"
import { type E164, parseDestination } from "../PhoneNumber.ts"
import { OptOuts } from "../send/OptOut.ts"
import { SendMessage } from "../send/SendMessage.ts"
import { MessageStore } from "../status/MessageStore.ts"
import { UnitOfWork } from "../UnitOfWork.ts"
import { type Keyword, keywordOf } from "./Keywords.ts"
import { type Incoming, receivedEntry, receivedMessage } from "./Received.ts"

export class Deliver extends Context.Service<
  Deliver,
  {
    /** Inside a unit of work. Gives the messages as they are stored, in order. */
    store(incoming: ReadonlyArray<Incoming>, at: Instant): Effect.Effect<ReadonlyArray<Message>>
    /** Stops or starts what the number writes to the person, if the text is a word for it. Gives what the text is. */
    heed(number: OwnedNumber, person: E164, text: string): Effect.Effect<Keyword | null>
  }
>()("@cliqtel/sms-core/receive/Deliver") {
  static readonly layer = Layer.effect(
    Deliver,
    Effect.gen(function* () {
      const unit = yield* UnitOfWork
      const messages = yield* MessageStore
      const numbers = yield* NumberRegistry
      const optOuts = yield* OptOuts
      const notifier = yield* Notifier
      const tell = yield* tellWebhooks
      const sending = yield* SendMessage
      const scope = yield* Effect.scope

      const heed = Effect.fnUntraced(function* (number: OwnedNumber, person: E164, text: string) {
        const keyword = keywordOf(text, [number.country, countryOf(person)])
        const conversation = { accountId: number.accountId, numberId: number.id, person }
        if (keyword === "stop") yield* optOuts.optOut(conversation)
        if (keyword === "start") yield* optOuts.optIn(conversation)
        return keyword
      })

      /** A message of its own, charged like any other; its key is the inbound message's, so it is sent once at most. */
      const answerHelp = Effect.fnUntraced(function* ({ accountId, from, id, numberId }: Message, body: Body) {
        const key = `help-for-${id}`
        const { results } = yield* sending.send(accountId, [{ fromNumberId: numberId, to: from, body }], {
          idempotency: { key, fingerprint: key }
        })
        for (const result of results) {
          if (Result.isFailure(result)) yield* Effect.logDebug("HELP is not answered", { id, why: result.failure._tag })
        }
      })

      /** The text that each person who asked for help gets. Our own numbers get none: two could answer each other for ever. */
      const helpFor = Effect.fnUntraced(function* (
        asked: ReadonlyArray<{ readonly message: Message; readonly text: Body }>
      ) {
        if (asked.length === 0) return
        const ours = yield* numbers.owned(asked.map(({ message }) => message.from))
        const answers = asked.filter(({ message }) => !ours.has(message.from))
        const all = Effect.forEach(
          answers,
          ({ message, text }) =>
            Effect.catchCause(answerHelp(message, text), (cause) =>
              Effect.logDebug("HELP is not answered", { id: message.id }, cause)
            ),
          { discard: true }
        )
        // Whoever brought the messages does not wait for it.
        yield* unit.afterCommit(Effect.asVoid(Effect.forkIn(all, scope)))
      })

      const store = Effect.fnUntraced(function* (incoming: ReadonlyArray<Incoming>, at: Instant) {
        if (incoming.length === 0) return []
        const ids = yield* messages.nextIds(incoming.length)
        // As many ids as messages were asked for.
        const stored = incoming.map((one, i) => receivedMessage(one, ids[i] as Message["id"], at))
        const events = stored.map((message) => ({ message, entry: receivedEntry(at) }))
        yield* messages.insert(events)
        // Holds the numbers until the end, so it comes late.
        yield* numbers.noteInbound(
          incoming.map(({ number }) => number),
          at
        )

        const asked: Array<{ readonly message: Message; readonly text: Body }> = []
        for (const [i, { joined, number, person }] of incoming.entries()) {
          const keyword = joined.hasGaps ? null : yield* heed(number, person, joined.body)
          const message = stored[i]
          if (keyword === "help" && number.helpText !== null && message !== undefined) {
            asked.push({ message, text: number.helpText })
          }
        }
        yield* helpFor(asked)
        yield* tell(events.flatMap(transitionEvents))
        yield* unit.afterCommit(notifier.publish(events))
        return stored
      })

      return Deliver.of({ store, heed })
    })
  )
}

const countryOf = (person: E164) => Result.getOrNull(parseDestination(person))?.country ?? null
