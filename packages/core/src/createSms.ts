/**
 * The front door for a backend that does not use Effect: the same verbs as promises. A promise rejects with the core's
 * own typed errors (`error._tag === "InsufficientBalance"`), or with a `SchemaError` that says what is wrong with the input.
 */
import { Effect, type Layer, ManagedRuntime, Schema } from "effect"
import { AccountId, MessageId, NumberId } from "./Account.ts"
import type { IdempotencyKey } from "./Idempotency.ts"
import { Body, type Message } from "./Message.ts"
import type { Money } from "./Money.ts"
import type { OwnedNumber } from "./number/NumberRegistry.ts"
import type { Preview, PreviewRequest } from "./send/Preview.ts"
import type { SendAnswer } from "./send/SendMessage.ts"
import { type Sent, Sms } from "./Sms.ts"
import type { MessagePage, Stats } from "./status/Inbox.ts"
import type { TimelineEntry } from "./status/Lifecycle.ts"
import type { DayCounts, MessageQuery } from "./status/MessageStore.ts"

const SendInput = Schema.Struct({ fromNumberId: NumberId, to: Schema.String, body: Body })

/** `to` is E.164; `body` has 1 to 1,600 characters. */
export interface SendInput {
  readonly fromNumberId: number
  readonly to: string
  readonly body: string
}

export interface PromisedSms extends AsyncDisposable {
  send(account: number, message: SendInput, idempotency?: IdempotencyKey): Promise<Sent>
  sendBatch(account: number, messages: ReadonlyArray<SendInput>, idempotency?: IdempotencyKey): Promise<SendAnswer>
  preview(request: PreviewRequest): Promise<Preview>
  message(
    account: number,
    id: number
  ): Promise<{ readonly message: Message; readonly timeline: ReadonlyArray<TimelineEntry> }>
  messages(account: number, query: MessageQuery): Promise<MessagePage>
  stats(account: number): Promise<Stats>
  dailyStats(account: number): Promise<ReadonlyArray<DayCounts>>
  smsNumbers(account: number): Promise<ReadonlyArray<OwnedNumber>>
  balance(account: number): Promise<Money>
  /** Finishes what is under way and lets go of everything. */
  close(): Promise<void>
}

/** `sms`: `Sms.layer` with the ports that it needs. It starts at once; a failing start rejects the first call. */
export const createSms = <E>(sms: Layer.Layer<Sms, E>): PromisedSms => {
  const runtime = ManagedRuntime.make(sms)
  const run = <A, F>(use: (sms: Sms["Service"]) => Effect.Effect<A, F>): Promise<A> =>
    runtime.runPromise(Effect.flatMap(Sms, use))
  const account = Schema.decodeUnknownEffect(AccountId)
  const input = Schema.decodeUnknownEffect(SendInput)
  const inputs = Schema.decodeUnknownEffect(Schema.Array(SendInput))
  const close = () => runtime.dispose()
  run(() => Effect.void).catch(() => {
    // Told to whoever calls first.
  })

  return {
    send: (owner, message, idempotency) =>
      run((core) =>
        Effect.flatMap(Effect.all([account(owner), input(message)]), ([id, request]) =>
          core.send(id, request, { idempotency })
        )
      ),
    sendBatch: (owner, messages, idempotency) =>
      run((core) =>
        Effect.flatMap(Effect.all([account(owner), inputs(messages)]), ([id, requests]) =>
          core.sendBatch(id, requests, { idempotency })
        )
      ),
    preview: (request) => run((core) => core.preview(request)),
    message: (owner, id) =>
      run((core) =>
        Effect.flatMap(Effect.all([account(owner), Schema.decodeEffect(MessageId)(id)]), ([accountId, messageId]) =>
          core.message({ accountId, id: messageId })
        )
      ),
    messages: (owner, query) => run((core) => Effect.flatMap(account(owner), (id) => core.messages(id, query))),
    stats: (owner) => run((core) => Effect.flatMap(account(owner), (id) => core.stats(id))),
    dailyStats: (owner) => run((core) => Effect.flatMap(account(owner), (id) => core.dailyStats(id))),
    smsNumbers: (owner) => run((core) => Effect.flatMap(account(owner), (id) => core.smsNumbers(id))),
    balance: (owner) => run((core) => Effect.flatMap(account(owner), (id) => core.balance(id))),
    close,
    [Symbol.asyncDispose]: close
  }
}
