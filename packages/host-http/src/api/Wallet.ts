/** The wallet on the wire, and the operations on it. */
import { EntryId, MicrosFromDecimal } from "@cliqtel/sms-core"
import { Schema } from "effect"
import { HttpApiEndpoint, HttpApiGroup, HttpApiSchema, OpenApi } from "effect/http-api"
import { RequiredScope } from "./Annotations.ts"
import { Authorization } from "./Authorization.ts"
import { EntryCursor } from "./Cursor.ts"
import { IdempotencyHeader, ofIdempotencyKey, ReplayedHeader } from "./IdempotencyKey.ts"
import { ofBody, problems } from "./Problem.ts"
import { amountUpTo, answer, Limit, Timestamp } from "./Wire.ts"

export const WalletState = Schema.Struct({ balance: MicrosFromDecimal, currency: Schema.String }).annotate({
  identifier: "Wallet"
})

export const WalletDetails = Schema.Struct({
  ...WalletState.fields,
  low_balance_threshold: Schema.NullOr(MicrosFromDecimal).annotate({
    description: "Below it wallet.low_balance is told; null: never."
  })
}).annotate({ identifier: "WalletDetails" })

export const TopUp = Schema.Struct({
  /** In the wallet's currency. */
  amount: amountUpTo(100_000)
}).annotate({ identifier: "TopUpRequest" })
export type TopUp = typeof TopUp.Type

export const Entry = Schema.Struct({
  id: EntryId,
  kind: Schema.Literals(["top_up", "sms_charge", "sms_refund", "number_fee", "addon_fee"]),
  amount: MicrosFromDecimal,
  balance_after: MicrosFromDecimal,
  currency: Schema.String,
  reference: Schema.String,
  created_at: Timestamp
}).annotate({ identifier: "WalletEntry" })
export type Entry = typeof Entry.Type

export class Wallet extends HttpApiGroup.make("wallet")
  .add(
    HttpApiEndpoint.get("get", "/wallet", { success: answer({ wallet: WalletDetails }) }).annotate(
      OpenApi.Summary,
      "Balance"
    ),
    HttpApiEndpoint.get("entries", "/wallet/entries", {
      query: { limit: Limit, cursor: Schema.optionalKey(EntryCursor) },
      success: answer({ entries: Schema.Array(Entry), next_cursor: Schema.NullOr(EntryCursor) })
    }).annotate(OpenApi.Summary, "List wallet entries, newest first"),
    HttpApiEndpoint.post("topUp", "/wallet/top_ups", {
      headers: IdempotencyHeader,
      payload: TopUp,
      success: HttpApiSchema.WithHeaders(
        answer({ wallet: WalletState }).pipe(HttpApiSchema.status(201)),
        ReplayedHeader
      ),
      error: problems(...ofBody, ...ofIdempotencyKey, "payment_declined")
    }).annotate(OpenApi.Summary, "Pay money in")
  )
  .annotateEndpoints(RequiredScope, "wallet")
  .middleware(Authorization)
  .prefix("/api/v1/portal") {}
