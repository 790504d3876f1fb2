/** PostgreSQL for every port of the core: wants a `SqlClient`, and joins the transaction that it finds open. */
import { Layer } from "effect"
import { layerAccounts } from "./Accounts.ts"
import { layerChangeFeed } from "./ChangeFeed.ts"
import { layerDeliveryQueue } from "./DeliveryQueue.ts"
import { layerDispatchQueue } from "./DispatchQueue.ts"
import { layerEventLog } from "./EventLog.ts"
import { layerIdempotency } from "./Idempotency.ts"
import { layerInboundStore } from "./InboundStore.ts"
import { layerMessageStore } from "./MessageStore.ts"
import { layerNumberRegistry } from "./Numbers.ts"
import { layerOptOuts } from "./OptOuts.ts"
import { layerOrderBook } from "./OrderBook.ts"
import { layerOutbox } from "./Outbox.ts"
import { layerRateLimits } from "./RateLimits.ts"
import { layerReceiptInbox } from "./ReceiptInbox.ts"
import { layerSessions } from "./Sessions.ts"
import { layerTopUpStore } from "./TopUpStore.ts"
import { layerUnitOfWork } from "./UnitOfWork.ts"
import { layerWallet } from "./Wallet.ts"
import { layerWebhookStore } from "./WebhookStore.ts"

export * from "./Accounts.ts"
export * from "./ChangeFeed.ts"
export * from "./DeliveryQueue.ts"
export * from "./DispatchQueue.ts"
export * from "./EventLog.ts"
export * from "./Housekeeping.ts"
export * from "./Idempotency.ts"
export * from "./InboundStore.ts"
export * from "./MessageStore.ts"
export * from "./Migrations.ts"
export * from "./Numbers.ts"
export * from "./OptOuts.ts"
export * from "./OrderBook.ts"
export * from "./PipelinedClient.ts"
export * from "./PlanSettings.ts"
export * from "./Outbox.ts"
export * from "./Partitions.ts"
export * from "./RateLimits.ts"
export * from "./ReceiptInbox.ts"
export * from "./Sessions.ts"
export * from "./StatementCache.ts"
export * from "./TopUpStore.ts"
export * from "./UnitOfWork.ts"
export * from "./Wallet.ts"
export * from "./WebhookStore.ts"

/** All ports at once. */
export const layer = Layer.mergeAll(
  layerUnitOfWork,
  layerAccounts,
  layerSessions,
  layerNumberRegistry,
  layerOptOuts,
  layerWallet,
  layerRateLimits,
  layerIdempotency,
  layerMessageStore,
  layerDispatchQueue,
  layerReceiptInbox,
  layerInboundStore,
  layerOrderBook,
  layerTopUpStore,
  layerEventLog,
  layerChangeFeed,
  layerOutbox,
  layerWebhookStore,
  layerDeliveryQueue
)
