/**
 * Values that fit a schema of the document. A schema says "a string" of what is a phone number, an amount or a cursor, so
 * names say the rest: most values then get past the outer checks, to where the work is done.
 */
import fc from "fast-check"
import type { Operation } from "../document.ts"
import { type JsonSchema, resolve, type Schemas } from "../jsonSchema.ts"
import type { World } from "./world.ts"

export type Values = (schema: JsonSchema, name: string) => fc.Arbitrary<unknown>

export const valuesOf = (schemas: Schemas, operation: Operation, world: World): Values => {
  const known = hints(operation, world)

  const values: Values = (reference, name) => {
    const schema = resolve(schemas, reference)
    const hint = known(name)
    const plain = fitting(schema)
    return hint === undefined ? plain : fc.oneof({ arbitrary: hint, weight: 19 }, { arbitrary: plain, weight: 1 })
  }

  const fitting = (schema: JsonSchema): fc.Arbitrary<unknown> => {
    if (schema.enum !== undefined) return fc.constantFrom(...schema.enum)
    if (schema.anyOf !== undefined) return fc.oneof(...schema.anyOf.map((one) => values(one, "")))
    switch (schema.type) {
      case "boolean":
        return fc.boolean()
      case "null":
        return fc.constant(null)
      case "number":
        return fc.double({ noNaN: true, noDefaultInfinity: true })
      case "integer": {
        const max = schema.maximum ?? (schema.format === "int32" ? INT32 : Number.MAX_SAFE_INTEGER)
        // A small id is somebody's, maybe that of the key in use: what is meant to be found is named by a hint.
        return fc.integer({ min: max > INT32 ? INT32 : (schema.minimum ?? -INT32), max })
      }
      case "string":
        return texts(schema)
      case "array": {
        const { items = {}, maxItems = 5, minItems = 0 } = schema
        return fc.array(values(items, ""), { minLength: minItems, maxLength: Math.min(maxItems, minItems + 4) })
      }
      case "object": {
        const { properties = {}, required = [] } = schema
        const members = Object.entries(properties).map(([name, one]) => [name, values(one, name)] as const)
        return fc.record(Object.fromEntries(members), { requiredKeys: [...required] })
      }
      default:
        throw new Error(`there are no values for ${JSON.stringify(schema)}`)
    }
  }

  return values
}

const INT32 = 2 ** 31 - 1

const texts = ({ format, maxLength = 50, minLength = 0, pattern }: JsonSchema): fc.Arbitrary<string> => {
  if (format === "date-time") {
    return fc
      .date({ min: new Date("2000-01-01"), max: new Date("2100-01-01"), noInvalidDate: true })
      .map((date) => date.toISOString())
  }
  const text = fc.oneof(
    fc.string({ minLength, maxLength, unit: "grapheme-ascii" }),
    fc.string({ minLength, maxLength: Math.min(maxLength, 300), unit: "grapheme" }),
    fc.string({ minLength, maxLength: Math.min(maxLength, 300), unit: "binary" })
  )
  return pattern === undefined ? text : fc.string({ minLength: 1, maxLength: 30, unit: "grapheme-ascii" })
}

const digits = (count: number) =>
  fc.array(fc.integer({ min: 0, max: 9 }), { minLength: count, maxLength: count }).map((some) => some.join(""))

const phone = fc.oneof(
  digits(8).map((rest) => `+316${rest}`),
  digits(2).map((rest) => `+155555500${rest}`),
  digits(7).map((rest) => `+1212${rest}`)
)

const amount = fc.oneof(
  fc.tuple(fc.integer({ min: 0, max: 99_999 }), digits(2)).map(([whole, cents]) => `${whole}.${cents}`),
  fc.constantFrom("0", "0.000001", "1", "100000", "1000000000", "4000.02", "000001.5")
)

/** By the name of a field or parameter, `{id}` by what the path is about. */
const hints = ({ path }: Operation, world: World) => {
  const [main, operated] = world.customers
  const cursors = path.endsWith("/entries")
    ? world.entryCursors
    : path.endsWith("/opt_outs")
      ? world.optOutCursors
      : path.endsWith("/deliveries")
        ? world.deliveryCursors
        : world.messageCursors
  const named: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
    from_number_id: fc.oneof(
      { arbitrary: fc.constantFrom(...main.numberIds), weight: 9 },
      { arbitrary: fc.constantFrom(...operated.numberIds), weight: 1 }
    ),
    number_id: fc.constantFrom(...main.numberIds),
    to: path.endsWith("/inbound") ? fc.constantFrom(...main.numbers) : phone,
    person: fc.constantFrom(...world.stopped),
    from: phone,
    contact: fc.oneof(phone, fc.constantFrom(...world.stopped, ...main.numbers)),
    number: path.endsWith("/orders") ? fc.constantFrom(...world.offered) : phone,
    country: fc.constantFrom("NL", "US", "GB", "DE"),
    amount,
    low_balance_threshold: fc.oneof(amount, fc.constant(null)),
    reference: fc.oneof(fc.constantFrom("invoice 1", "invoice 2"), fc.uuid()),
    currency: fc.constant("EUR"),
    carrier: fc.constant("sandbox"),
    cursor: fc.constantFrom(...cursors),
    url: fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.constant("http://127.0.0.1:1/")),
    "{name}": fc.constant("sandbox"),
    "{delivery_id}": fc.constantFrom(...world.deliveryIds),
    "{id}": fc.constantFrom(...idsOf(path, world)),
    "idempotency-key": fc.oneof(
      { arbitrary: fc.uuid(), weight: 5 },
      { arbitrary: fc.constantFrom("one", '"one"', "two"), weight: 1 }
    )
  }
  return (name: string): fc.Arbitrary<unknown> | undefined => (Object.hasOwn(named, name) ? named[name] : undefined)
}

const idsOf = (
  path: string,
  { customers: [main, operated], messageIds, spareKeyIds, spareWebhookIds, webhookId }: World
) => {
  if (path.startsWith("/api/v1/admin/accounts/")) return [operated.accountId]
  if (path.startsWith("/api/v1/admin/numbers/")) return operated.numberIds
  // What sends stays on.
  if (path.endsWith("/sms")) return main.otherNumberIds
  if (path.startsWith("/api/v1/portal/numbers/")) return main.numberIds
  if (path.startsWith("/api/v1/portal/api_keys/")) return spareKeyIds
  if (/\/webhooks\/\{id\}\/(test|deliveries)/.test(path)) return [webhookId]
  if (path.startsWith("/api/v1/portal/webhooks/")) return spareWebhookIds
  return messageIds
}
