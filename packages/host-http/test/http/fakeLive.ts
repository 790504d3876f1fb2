/** Live updates of changes that a test tells. */
import {
  AccountId,
  ChangeFeed,
  E164,
  EUR,
  isAfter,
  LiveUpdates,
  type MessageChange,
  MessageId,
  money,
  Notifier,
  NumberId
} from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"

export class Told {
  readonly changes: Array<MessageChange> = []
  /** Questions to the store so far. */
  asked = 0

  /** One more message of the account, each in a unit of work of its own. */
  tell(body = "Hello", account = 1): void {
    const id = MessageId.make(this.changes.length + 1)
    const accountId = AccountId.make(account)
    this.changes.push({
      accountId,
      position: { unit: BigInt(id), messageId: id, seq: 1 },
      created: true,
      message: {
        id,
        accountId,
        direction: "outbound",
        numberId: NumberId.make(42),
        from: E164.make("+31201234567"),
        to: E164.make("+31612345678"),
        body,
        status: "queued",
        segments: 1,
        encoding: "GSM-7",
        carrier: "cliqtel",
        price: money(8_000n, EUR),
        reason: null,
        createdAt: 1_790_000_000_000,
        updatedAt: 1_790_000_000_000,
        sentAt: null,
        deliveredAt: null
      }
    })
  }
}

export const layerFakeLive = (told: Told) =>
  LiveUpdates.layer.pipe(
    Layer.provide([
      Layer.succeed(ChangeFeed, {
        now: Effect.sync(() => ({ unit: BigInt(told.changes.length + 1), messageId: 0 as const, seq: 0 })),
        since: (asks, limit) =>
          Effect.sync(() => {
            told.asked++
            return asks.flatMap(({ accountId, after }) =>
              told.changes.filter((one) => one.accountId === accountId && isAfter(one.position, after)).slice(0, limit)
            )
          })
      }),
      Notifier.layerMemory()
    ])
  )
