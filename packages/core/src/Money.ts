/**
 * Money is an integer count of micro-units of a currency (EUR 1 = 1,000,000), never a float: a price per segment of
 * EUR 0.008 is 8,000. On the wire it is a decimal string ("0.008") beside its currency.
 */
import { Result, Schema, SchemaTransformation } from "effect"

/** ISO 4217 code of the currency an account is billed in. */
export const Currency = Schema.String.check(Schema.isPattern(/^[A-Z]{3}$/, { expected: "an ISO 4217 code" })).pipe(
  Schema.brand("Currency")
)
export type Currency = typeof Currency.Type

export const EUR = Currency.make("EUR")

/** Micro-units within a PostgreSQL int8. */
export const Micros = Schema.BigInt.check(
  Schema.isBetweenBigInt({ minimum: -(2n ** 63n), maximum: 2n ** 63n - 1n })
).pipe(Schema.brand("Micros"))
export type Micros = typeof Micros.Type

export const Money = Schema.Struct({ currency: Currency, micros: Micros })
export interface Money extends Schema.Schema.Type<typeof Money> {}

export const money = (micros: bigint, currency: Currency): Money => ({ currency, micros: Micros.make(micros) })

export const zero = (currency: Currency): Money => money(0n, currency)

/** `price` of one unit, `count` times. */
export const times = (price: Money, count: number): Money => money(price.micros * BigInt(count), price.currency)

/** Below 9 million million: what an int8 holds of micro-units. */
const DECIMAL = /^(-?)([0-8]?\d{1,12})(?:\.(\d{1,6}))?$/

/** "0.008" of micros: at most six decimals, no exponent, trailing zeros dropped; whole amounts have none ("25"). */
export const formatMicros = (micros: bigint): string => {
  const sign = micros < 0n ? "-" : ""
  const digits = (micros < 0n ? -micros : micros).toString().padStart(7, "0")
  const decimals = digits.slice(-6).replace(/0+$/, "")
  return sign + digits.slice(0, -6) + (decimals === "" ? "" : `.${decimals}`)
}

/** EUR 0.016, for people. */
export const formatMoney = (amount: Money): string => `${amount.currency} ${formatMicros(amount.micros)}`

/** Reads "0.75", "25" or "-1.5"; anything else, a float's "1e3" included, is a failure that says what is expected. */
export const parseMicros = (text: string): Result.Result<Micros, string> => {
  const match = DECIMAL.exec(text)
  if (match === null) return Result.fail("expected a decimal amount with at most six decimals, such as 0.008")
  const [, sign, whole = "0", decimals = ""] = match
  const magnitude = BigInt(whole) * 1_000_000n + BigInt(decimals.padEnd(6, "0"))
  return Result.succeed(Micros.make(sign === "-" ? -magnitude : magnitude))
}

/** "0.008" on the wire and in files, micros inside. */
export const MicrosFromDecimal = Schema.String.check(
  Schema.isPattern(DECIMAL, { expected: "a decimal amount with at most six decimals, such as 0.008" })
).pipe(
  Schema.decodeTo(
    Micros,
    SchemaTransformation.transform<bigint, string>({
      decode: (text) => Result.getOrThrow(parseMicros(text)),
      encode: formatMicros
    })
  )
)
