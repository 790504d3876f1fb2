/** Messages and queries for them, as fast-check makes them up. */
import {
  E164,
  EUR,
  type Message,
  type MessageId,
  type MessageQuery,
  money,
  NumberId,
  type OwnedNumber
} from "@cliqtel/sms-core"
import fc from "fast-check"
import { sampleMessage } from "./sampleMessage.ts"

/** A few milliseconds about the turn of a month: many messages have the same, and some are in another partition. */
const instant = fc.integer({ min: 0, max: 6 }).map((millis) => Date.UTC(2026, 10, 30, 23, 59, 59, 997) + millis)
const people = [E164.make("+31612345678"), E164.make("+491512345678"), E164.make("+12125550123")]
const person = fc.constantFrom(...people)
const direction = fc.constantFrom("outbound", "inbound")
const status = fc.constantFrom("queued", "sending", "sent", "delivered", "failed")

export interface Row {
  readonly which: number
  readonly inbound: boolean
  /** From the person to the same person, as a number may write to itself. */
  readonly toItself: boolean
  readonly person: E164
  readonly status: Message["status"]
  readonly createdAt: number
  readonly body: string
}

/** One of an account's messages, on one of its two numbers. */
export const anyRow: fc.Arbitrary<Row> = fc.record({
  which: fc.integer({ min: 0, max: 1 }),
  inbound: fc.boolean(),
  toItself: fc.integer({ min: 0, max: 9 }).map((one) => one === 0),
  person,
  status,
  createdAt: instant,
  body: fc.uuid()
})

export const messageOf = (given: Row, numbers: ReadonlyArray<OwnedNumber>, id: MessageId): Message => {
  // `which` is one of the two.
  const number = numbers[given.which] as OwnedNumber
  const { body, createdAt, inbound, person, toItself } = given
  return sampleMessage(number, id, {
    body,
    createdAt,
    ...(inbound
      ? { direction: "inbound", status: "received", from: person, to: number.number }
      : { status: given.status, to: person }),
    ...(toItself ? { from: person, to: person } : {})
  })
}

const sometimes = <A>(filter: fc.Arbitrary<A>) => fc.option(filter, { nil: undefined, freq: 1 })
const seldom = <A>(filter: fc.Arbitrary<A>) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: filter })

/** Few filters at once, so that something is left; a status that no message of a direction has, too. */
export const anyQuery = fc.record({
  direction: sometimes(direction),
  which: seldom(fc.integer({ min: 0, max: 1 })),
  status: seldom(fc.oneof(status, fc.constant("received"))),
  to: seldom(person),
  from: seldom(person),
  contact: seldom(person),
  since: sometimes(instant),
  until: seldom(instant),
  limit: fc.integer({ min: 1, max: 12 })
}) as fc.Arbitrary<Omit<MessageQuery, "numberId" | "after"> & { readonly which: number | undefined }>

const anyInstant = fc.integer({ min: 1, max: Date.UTC(2199, 0) })

/** Anything that a message may hold. */
export const anyMessage = fc.record({
  direction,
  numberId: fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER }).map((id) => NumberId.make(id)),
  from: person,
  to: person,
  body: fc.string({ unit: "binary", minLength: 1, maxLength: 200 }).filter((text) => !text.includes("\u0000")),
  status: fc.constantFrom("queued", "sending", "sent", "delivered", "failed", "received"),
  segments: fc.integer({ min: 1, max: 10 }),
  encoding: fc.constantFrom("GSM-7", "UCS-2"),
  carrier: fc.constant("fake"),
  price: fc.bigInt(0n, 2n ** 62n).map((micros) => money(micros, EUR)),
  reason: fc.option(fc.string()),
  createdAt: anyInstant,
  updatedAt: anyInstant,
  sentAt: fc.option(anyInstant),
  deliveredAt: fc.option(anyInstant)
}) as fc.Arbitrary<Omit<Message, "id" | "accountId">>
