/** Port: the orders that were stored, and whether their provider has been told. */
import { Context, type Effect } from "effect"
import type { AccountId, OrderId } from "../Account.ts"
import type { Instant } from "../Message.ts"
import type { Money } from "../Money.ts"

export interface OrderRecord {
  readonly accountId: AccountId
  readonly id: OrderId
  readonly total: Money
  readonly at: Instant
}

export class OrderBook extends Context.Service<
  OrderBook,
  {
    /** An id that no other order has or gets. */
    readonly nextId: Effect.Effect<OrderId>
    insert(order: OrderRecord): Effect.Effect<void>
    /** The provider knows that it was bought. */
    confirm(account: AccountId, id: OrderId, at: Instant): Effect.Effect<void>
    /** Orders from before `before` that are not confirmed, oldest first. */
    unconfirmed(before: Instant, limit: number): Effect.Effect<ReadonlyArray<OrderRecord>>
  }
>()("@cliqtel/sms-core/number/OrderBook") {}
