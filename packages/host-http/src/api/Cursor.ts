/**
 * Where the next page begins. Opaque to clients: they give back what they were given, so its content may change at any
 * time. It names the last row of the page before, so rows that come or go in between shift nothing.
 */
import { DeliveryId, E164, EntryId, type FeedPosition, MessageId, NumberId } from "@cliqtel/sms-core"
import { Result, Schema, SchemaTransformation } from "effect"
import { Base64Url } from "effect/encoding"

const refused = { message: "must be a cursor as it was given", expected: "must be a cursor as it was given" }

const readable = (form: RegExp) => (text: string) =>
  text.length <= 100 &&
  Result.match(Base64Url.decodeString(text), { onSuccess: (at) => form.test(at), onFailure: () => false })

/** Only for text that `readable` let through. */
const open = (text: string): string => Result.getOrThrow(Base64Url.decodeString(text))

/** A place in the order newest first, by (created_at, id). */
export const MessageCursor = Schema.String.check(
  Schema.makeFilter(readable(/^\d{1,15}\.[1-9]\d{0,15}$/), refused)
).pipe(
  Schema.decodeTo(
    Schema.Struct({ createdAt: Schema.Int, id: MessageId }),
    SchemaTransformation.transform({
      decode: (text: string) => {
        const [createdAt, id] = open(text).split(".").map(Number)
        return { createdAt: createdAt ?? 0, id: id ?? 0 }
      },
      encode: (at: { readonly createdAt: number; readonly id: number }) => Base64Url.encode(`${at.createdAt}.${at.id}`)
    })
  )
)
export type MessageCursor = typeof MessageCursor.Type

/** A place in the order newest first, by (created_at, number_id, person). */
export const OptOutCursor = Schema.String.check(
  Schema.makeFilter(readable(/^\d{1,15}\.[1-9]\d{0,15}\.\+[1-9]\d{6,14}$/), refused)
).pipe(
  Schema.decodeTo(
    Schema.Struct({ createdAt: Schema.Int, numberId: NumberId, person: E164 }),
    SchemaTransformation.transform({
      decode: (text: string) => {
        const [createdAt, numberId, person = ""] = open(text).split(".")
        return { createdAt: Number(createdAt), numberId: Number(numberId), person }
      },
      encode: (at: { readonly createdAt: number; readonly numberId: number; readonly person: string }) =>
        Base64Url.encode(`${at.createdAt}.${at.numberId}.${at.person}`)
    })
  )
)
export type OptOutCursor = typeof OptOutCursor.Type

const IdCursor = Schema.String.check(Schema.makeFilter(readable(/^[1-9]\d{0,15}$/), refused))

const idFromCursor = SchemaTransformation.transform({
  decode: (text: string) => Number(open(text)),
  encode: (id: number) => Base64Url.encode(String(id))
})

export const EntryCursor = IdCursor.pipe(Schema.decodeTo(EntryId, idFromCursor))
export type EntryCursor = typeof EntryCursor.Type

export const DeliveryCursor = IdCursor.pipe(Schema.decodeTo(DeliveryId, idFromCursor))

const notGiven = { message: "must be the id of an event as it was given", expected: "must be the id of an event" }

/** Digits of its three numbers, in base 16: of one length, so ids rise as texts do. */
const WIDTHS = [16, 14, 7] as const

/** A place in an account's changes, as the id of an event that is told there. */
export const EventId = Schema.String.annotate({
  description: "The id of the last event that was heard: the stream goes on after it. Left out: from now on."
})
  .check(Schema.isPattern(new RegExp(`^[0-9a-f]{${WIDTHS[0] + WIDTHS[1] + WIDTHS[2]}}$`), notGiven))
  .pipe(
    Schema.decodeTo(
      Schema.Struct({
        unit: Schema.BigInt,
        messageId: Schema.Union([MessageId, Schema.Literal(0)]),
        seq: Schema.Int
      }),
      SchemaTransformation.transform({
        decode: (text: string) => {
          const [unit, message] = [text.slice(0, WIDTHS[0]), text.slice(WIDTHS[0], -WIDTHS[2])]
          return {
            unit: BigInt(`0x${unit}`),
            messageId: parseInt(message, 16),
            seq: parseInt(text.slice(-WIDTHS[2]), 16)
          }
        },
        encode: ({
          messageId,
          seq,
          unit
        }: {
          readonly unit: bigint
          readonly messageId: number
          readonly seq: number
        }) => [unit, messageId, seq].map((part, i) => part.toString(16).padStart(WIDTHS[i] ?? 0, "0")).join("")
      })
    )
  )

export const eventIdOf: (position: FeedPosition) => string = Schema.encodeSync(EventId)
