/** The scalars of the wire: ids, amounts, timestamps, and how each is written in a body, a path and a query. */
import { formatMicros, formatTimestamp, Micros, parseMicros } from "@cliqtel/sms-core"
import { Effect, Result, Schema, SchemaTransformation } from "effect"

/** Milliseconds since 1970 inside, UTC with six fractional digits on the wire. */
export const Timestamp = Schema.String.annotate({
  format: "date-time",
  examples: ["2026-04-03T10:15:30.000000Z"]
}).pipe(
  Schema.decodeTo(
    Schema.Int,
    SchemaTransformation.transform({ decode: (text: string) => Date.parse(text), encode: formatTimestamp })
  )
)

/** A day, UTC: its midnight inside. */
export const Day = Schema.String.annotate({ format: "date", examples: ["2026-04-03"] }).pipe(
  Schema.decodeTo(
    Schema.Int,
    SchemaTransformation.transform({
      decode: (text: string) => Date.parse(text),
      encode: (day: number) => formatTimestamp(day).slice(0, "2026-04-03".length)
    })
  )
)

/** An id in a body: a JSON number without a fraction, small enough to be carried without loss. */
export const PositiveInteger = Schema.Number.annotate({ message: "must be a positive integer" }).check(
  Schema.isInt({ message: "must be a positive integer" }),
  Schema.isBetween({ minimum: 1, maximum: Number.MAX_SAFE_INTEGER }, { message: "must be a positive integer" })
)

/** Why a text in a path or a query is refused, for people. */
const refused = (message: string) => ({ message, expected: message })

/** Digits; the OpenAPI document calls them an integer by their format. */
const digits = (format: "int64" | "page-size") =>
  Schema.String.annotate({ format }).check(Schema.isPattern(/^[1-9]\d{0,15}$/, refused("must be a positive integer")))

const toNumber = SchemaTransformation.transform({
  decode: (text: string) => Number(text),
  encode: (value: number) => String(value)
})

/** An id in a path or a query: digits only, no sign, no leading zero, no exponent. */
export const idFromText = <S extends Schema.Codec<number, number>>(id: S) =>
  digits("int64").pipe(Schema.decodeTo<S, Schema.String>(id, toNumber))

/** How many rows a page has: 1 to 200, 50 if the query does not say. */
export const Limit = digits("page-size").pipe(
  Schema.decodeTo(
    Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 200 }, refused("must be from 1 to 200"))),
    toNumber
  ),
  Schema.withDecodingDefaultKey(Effect.succeed("50"))
)

const DATE = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+ -]\d\d:\d\d))?$/

/** `Date.parse` takes the 30th of February for the 2nd of March. */
const exists = (day: string): boolean => {
  const midnight = Date.parse(day)
  return !Number.isNaN(midnight) && formatTimestamp(midnight).startsWith(day)
}

/**
 * A moment in a query: a day (its first moment, UTC) or RFC 3339 with its offset. A plus that was not escaped arrives
 * as a space and is taken for the plus that it was.
 */
export const TimestampFromText = Schema.String.annotate({ format: "date-time" })
  .check(
    Schema.makeFilter(
      (text: string) => exists(DATE.exec(text)?.[1] ?? "") && !Number.isNaN(Date.parse(text.replace(" ", "+"))),
      refused("must be a date or a timestamp, such as 2026-04-03T10:15:30Z")
    )
  )
  .pipe(
    Schema.decodeTo(
      Schema.Int,
      SchemaTransformation.transform({
        decode: (text: string) => Date.parse(text.replace(" ", "+")),
        encode: formatTimestamp
      })
    )
  )

/** A phone number in a query, with the same grace for its plus. */
export const NumberFromText = Schema.String.check(
  Schema.isPattern(/^[+ ][1-9]\d{6,14}$/, refused("must be a phone number in E.164 form, such as +31612345678"))
).pipe(
  Schema.decodeTo(
    Schema.String.pipe(Schema.brand("E164")),
    SchemaTransformation.transform({
      decode: (text: string) => text.replace(" ", "+"),
      encode: (number: string) => number
    })
  )
)

const E164 = refused("must be a phone number in E.164 form, such as +31612345678")

/** A phone number in a body. */
export const PhoneNumberText = Schema.String.annotate({ ...E164, description: "E.164, such as +31612345678." })
  .check(Schema.isPattern(/^\+[1-9]\d{6,14}$/, E164))
  .pipe(Schema.brand("E164"))

const DECIMAL = 'must be a decimal string with at most six decimals, such as "25.00"'

/** Money in a body: a string above zero, since a JSON number has lost digits before anybody can look at it. */
export const amountUpTo = (whole: number) =>
  Schema.String.annotate({
    ...refused(DECIMAL),
    description: `A decimal string above 0, at most ${whole}, with at most six decimals.`
  })
    .check(Schema.makeFilter((text: string) => Result.isSuccess(parseMicros(text)), refused(DECIMAL)))
    .pipe(
      Schema.decodeTo(
        Micros.check(
          Schema.isBetweenBigInt(
            { minimum: 1n, maximum: BigInt(whole) * 1_000_000n },
            refused(`must be above 0 and at most ${whole}`)
          )
        ),
        SchemaTransformation.transform<bigint, string>({
          decode: (text) => Result.getOrThrow(parseMicros(text)),
          encode: formatMicros
        })
      )
    )

/** What somebody calls a thing of theirs: 1 to 100 characters without the white space around them. */
export const Name = Schema.String.annotate(refused("must be a string")).pipe(
  Schema.decodeTo(
    Schema.String.check(
      Schema.isMinCodePoints(1, { message: "must not be empty" }),
      Schema.isMaxCodePoints(100, { message: "must be at most 100 characters" }),
      Schema.isPattern(/^[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*$/u, refused("must not contain control characters"))
    ),
    SchemaTransformation.trim()
  )
)

/** The envelope of every answer that is not a problem. */
export const answer = <const Fields extends Schema.Struct.Fields>(fields: Fields) =>
  Schema.Struct({ success: Schema.Literal(true), ...fields })
