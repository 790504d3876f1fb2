/** Phone numbers on the wire: those of an account, those that can be ordered, and orders. */
import { MicrosFromDecimal, NumberId, OrderId } from "@cliqtel/sms-core"
import { Effect, Schema } from "effect"
import { MessageBody } from "./Message.ts"
import { answer, PhoneNumberText, Timestamp } from "./Wire.ts"

export const NumberType = Schema.Literals(["local", "mobile", "toll_free"])
export const NumberStatus = Schema.Literals(["provisioning", "pending_verification", "active", "suspended"])

export const PhoneNumber = Schema.Struct({
  id: NumberId,
  number: Schema.String,
  country: Schema.String,
  type: NumberType,
  status: NumberStatus,
  monthly_price: MicrosFromDecimal,
  currency: Schema.String,
  sms: Schema.Struct({
    available: Schema.Boolean,
    enabled: Schema.Boolean,
    state: Schema.Literals(["off", "on", "past_due", "suspended"]),
    monthly_price: Schema.NullOr(MicrosFromDecimal),
    currency: Schema.String,
    paid_until: Schema.NullOr(Timestamp)
  }),
  messaging_profile: Schema.Struct({
    assigned: Schema.Boolean,
    inbound_hook: Schema.Literals(["configured", "missing"]),
    last_inbound_at: Schema.NullOr(Timestamp)
  }),
  help_text: Schema.NullOr(Schema.String).annotate({
    description: "What a person who writes HELP is answered; null: nothing."
  })
}).annotate({ identifier: "PhoneNumber" })
export type PhoneNumber = typeof PhoneNumber.Type

export const NumbersAnswer = answer({ numbers: Schema.Array(PhoneNumber) })

export const SwitchSms = Schema.Struct({
  enabled: Schema.Boolean.annotate({ message: "must be true or false" })
}).annotate({
  identifier: "SwitchSmsRequest"
})

export const ChangeOwnNumber = Schema.Struct({
  help_text: Schema.optionalKey(Schema.NullOr(MessageBody)).annotate({
    description: "What a person who writes HELP is answered, at the price of a message; null: nothing."
  })
}).annotate({ identifier: "ChangeOwnNumberRequest" })

export const AvailableNumber = Schema.Struct({
  number: Schema.String,
  country: Schema.String,
  type: NumberType,
  monthly_price: MicrosFromDecimal,
  currency: Schema.String,
  sms: Schema.Struct({
    available: Schema.Boolean,
    monthly_price: MicrosFromDecimal,
    currency: Schema.String
  }),
  status: NumberStatus.annotate({ description: "What it will be once it is ordered." })
}).annotate({ identifier: "AvailableNumber" })
export type AvailableNumber = typeof AvailableNumber.Type

export const OrderRequest = Schema.Struct({
  items: Schema.Array(
    Schema.Struct({
      number: PhoneNumberText,
      sms: Schema.Boolean.annotate({ message: "must be true or false" }).pipe(
        Schema.withDecodingDefaultKey(Effect.succeed(false))
      )
    })
  )
    .annotate({ message: "must be a list of numbers" })
    .check(
      Schema.isMinLength(1, { message: "must have at least 1 number" }),
      Schema.isMaxLength(50, { message: "must have at most 50 numbers" })
    )
}).annotate({ identifier: "OrderRequest" })
export type OrderRequest = typeof OrderRequest.Type

export const Order = Schema.Struct({ id: OrderId, total: MicrosFromDecimal, currency: Schema.String }).annotate({
  identifier: "Order"
})
