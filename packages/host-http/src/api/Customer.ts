/** Customers on the wire, as whoever runs the host writes and sees them. */
import { AccountId, CountryCode, Currency, MicrosFromDecimal, parseDestination } from "@cliqtel/sms-core"
import { Effect, Result, Schema } from "effect"
import { NumberStatus, NumberType } from "./Number.ts"
import { amountUpTo, answer, Name, Timestamp } from "./Wire.ts"

const must = (message: string) => ({ message, expected: message })

const wholeNumber = must("must be a whole number from 1 to 10000")

/** Messages that an account may send in a second. */
const RateLimit = Schema.Number.annotate(wholeNumber).check(
  Schema.isInt(wholeNumber),
  Schema.isBetween({ minimum: 1, maximum: 10_000 }, wholeNumber)
)

const Threshold = Schema.NullOr(
  MicrosFromDecimal.check(Schema.isGreaterThanOrEqualToBigInt(0n, must("must not be negative")))
).annotate({ description: "The account is told when its balance falls below this; null: never." })

const trueOrFalse = Schema.Boolean.annotate(must("must be true or false"))

export const Account = Schema.Struct({
  id: AccountId,
  name: Schema.String,
  currency: Schema.String,
  rate_limit_per_second: Schema.Int,
  low_balance_threshold: Schema.NullOr(MicrosFromDecimal),
  test_account_id: Schema.optionalKey(AccountId).annotate({
    description: "The account that its test keys see; told when it is opened."
  }),
  created_at: Timestamp
}).annotate({ identifier: "Account" })
export type Account = typeof Account.Type

export const OpenAccount = Schema.Struct({
  name: Name,
  currency: Currency.annotate({ description: "ISO 4217; EUR if it is left out." }).pipe(
    Schema.withDecodingDefaultKey(Effect.succeed("EUR"))
  )
}).annotate({ identifier: "OpenAccountRequest" })

export const OpenedAccount = answer({ account: Account, api_key: Schema.String, test_api_key: Schema.String })

export const ChangeAccount = Schema.Struct({
  name: Schema.optionalKey(Name),
  rate_limit_per_second: Schema.optionalKey(RateLimit),
  low_balance_threshold: Schema.optionalKey(Threshold)
}).annotate({ identifier: "ChangeAccountRequest" })

export const Credit = Schema.Struct({
  amount: amountUpTo(1_000_000_000),
  reference: Schema.String.annotate({
    ...must("must be a string"),
    description: "Your own name of it: one that is repeated credits nothing more."
  }).check(Schema.isPattern(/^[^\p{C}\p{Zl}\p{Zp}]{1,200}$/u, must("must be 1 to 200 printable characters")))
}).annotate({ identifier: "CreditRequest" })

/** A number that could exist, or what is wrong with it. */
const PossibleNumber = Schema.String.annotate({
  ...must("must be a string"),
  description: "E.164, such as +31201234567."
})
  .check(
    Schema.makeFilter((text: string) =>
      Result.match(parseDestination(text), {
        onSuccess: () => true,
        onFailure: ({ reason }) => `is not a possible number: ${reason.replace(/\.$/, "")}`
      })
    )
  )
  .pipe(Schema.brand("E164"))

export const NewNumber = Schema.Struct({
  number: PossibleNumber,
  country: CountryCode,
  type: NumberType,
  status: NumberStatus.pipe(Schema.withDecodingDefaultKey(Effect.succeed("active" as const))),
  carrier: Schema.optionalKey(Schema.String).annotate({ description: "The first of CARRIERS if it is left out." })
}).annotate({ identifier: "NewNumberRequest" })

export const ChangeNumber = Schema.Struct({
  status: Schema.optionalKey(NumberStatus),
  messaging_profile_assigned: Schema.optionalKey(trueOrFalse).annotate({
    description: "Without a messaging profile what the number sends stays queued."
  })
}).annotate({ identifier: "ChangeNumberRequest" })

export const ChangeCarrier = Schema.Struct({ paused: trueOrFalse }).annotate({ identifier: "ChangeCarrierRequest" })

export const Carrier = Schema.Struct({ name: Schema.String, paused: Schema.Boolean }).annotate({
  identifier: "Carrier"
})
