/**
 * Where the next page begins. Opaque to clients: they give back what they were given, so its content may change at any
 * time. It names the last row of the page before, so rows that come or go in between shift nothing.
 */
import { DeliveryId, EntryId, MessageId } from "@cliqtel/sms-core"
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

const IdCursor = Schema.String.check(Schema.makeFilter(readable(/^[1-9]\d{0,15}$/), refused))

const idFromCursor = SchemaTransformation.transform({
  decode: (text: string) => Number(open(text)),
  encode: (id: number) => Base64Url.encode(String(id))
})

export const EntryCursor = IdCursor.pipe(Schema.decodeTo(EntryId, idFromCursor))
export type EntryCursor = typeof EntryCursor.Type

export const DeliveryCursor = IdCursor.pipe(Schema.decodeTo(DeliveryId, idFromCursor))
