/** Port: the endpoints that accounts have registered. */
import { Context, type Effect } from "effect"
import type { AccountId, WebhookId } from "../Account.ts"
import type { Webhook } from "./Webhook.ts"

export interface WebhookKey {
  readonly accountId: AccountId
  readonly id: WebhookId
}

export type NewWebhook = Pick<Webhook, "accountId" | "url" | "events" | "description" | "secret" | "createdAt">

export class WebhookStore extends Context.Service<
  WebhookStore,
  {
    /** Enabled. None if the account has `most` of them already, whoever asks at the same time. */
    insert(webhook: NewWebhook, most: number): Effect.Effect<Webhook | undefined>
    /** By id. */
    list(account: AccountId): Effect.Effect<ReadonlyArray<Webhook>>
    /** Loads endpoints and holds them until the unit of work ends, in id order. Those that do not exist are absent. */
    lock(keys: ReadonlyArray<WebhookKey>): Effect.Effect<ReadonlyArray<Webhook>>
    /** Of endpoints that this unit of work holds. */
    save(webhooks: ReadonlyArray<Webhook>): Effect.Effect<void>
    /** With all that was to be delivered to it and was. */
    remove(key: WebhookKey): Effect.Effect<boolean>
  }
>()("@cliqtel/sms-core/notify/WebhookStore") {}
