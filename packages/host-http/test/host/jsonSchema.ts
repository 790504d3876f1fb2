/**
 * The part of JSON Schema that the OpenAPI document uses, and what of a value does not fit it. A keyword that is not
 * known here is an error, so that nothing passes for not having been looked at.
 */

export interface JsonSchema {
  readonly $ref?: string
  readonly type?: string
  readonly enum?: ReadonlyArray<unknown>
  readonly anyOf?: ReadonlyArray<JsonSchema>
  readonly properties?: Readonly<Record<string, JsonSchema>>
  readonly required?: ReadonlyArray<string>
  readonly items?: JsonSchema
  readonly minItems?: number
  readonly maxItems?: number
  readonly minimum?: number
  readonly maximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly pattern?: string
  readonly format?: string
  readonly default?: unknown
  readonly examples?: ReadonlyArray<unknown>
  readonly description?: string
}

export type Schemas = Readonly<Record<string, JsonSchema>>

const KEYWORDS = new Set(
  (
    "$ref type enum anyOf properties required items minItems maxItems minimum maximum minLength maxLength pattern " +
    "format default examples description"
  ).split(" ")
)

const FORMATS = new Map([
  ["date-time", /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/],
  ["date", /^\d{4}-\d\d-\d\d$/],
  ["int64", /^/],
  ["int32", /^/]
])

/** The schema that a reference names. */
export const resolve = (schemas: Schemas, schema: JsonSchema): JsonSchema => {
  if (schema.$ref === undefined) return schema
  const target = schemas[schema.$ref.replace("#/components/schemas/", "")]
  if (target === undefined) throw new Error(`the document has no ${schema.$ref}`)
  return resolve(schemas, target)
}

/** Complaints, each with the place; none if it fits. */
export const complaints = (
  schemas: Schemas,
  schema: JsonSchema,
  value: unknown,
  at = "answer"
): ReadonlyArray<string> => {
  const unknown = Object.keys(schema).filter((keyword) => !KEYWORDS.has(keyword))
  if (unknown.length > 0) throw new Error(`the checker does not know ${unknown.join(", ")} at ${at}`)
  if (schema.$ref !== undefined) return complaints(schemas, resolve(schemas, schema), value, at)
  if (schema.anyOf !== undefined) {
    const each = schema.anyOf.map((one) => complaints(schemas, one, value, at))
    return each.some((one) => one.length === 0) ? [] : [`${at} fits none: ${each.flat().join("; ")}`]
  }
  if (schema.type !== undefined && !isOf(schema.type, value)) return [`${at} is no ${schema.type}: ${shown(value)}`]
  if (schema.enum !== undefined && !schema.enum.includes(value)) return [`${at} is none of the values: ${shown(value)}`]
  if (typeof value === "string") return ofText(schema, value, at)
  if (typeof value === "number") return ofNumber(schema, value, at)
  if (Array.isArray(value)) return ofList(schemas, schema, value, at)
  return typeof value === "object" && value !== null ? ofObject(schemas, schema, value, at) : []
}

const isOf = (type: string, value: unknown): boolean => {
  if (type === "null") return value === null
  if (type === "integer") return Number.isInteger(value)
  if (type === "array") return Array.isArray(value)
  if (type === "object") return typeof value === "object" && value !== null && !Array.isArray(value)
  return typeof value === type
}

const ofText = ({ format, maxLength, minLength, pattern }: JsonSchema, value: string, at: string) => {
  const length = Array.from(value).length
  const form = format === undefined ? undefined : FORMATS.get(format)
  if (format !== undefined && form === undefined) throw new Error(`the checker does not know the format ${format}`)
  return [
    ...(length < (minLength ?? 0) || length > (maxLength ?? Infinity) ? [`${at} has ${length} characters`] : []),
    ...(pattern !== undefined && !new RegExp(pattern, "u").test(value) ? [`${at} does not match ${pattern}`] : []),
    ...(form !== undefined && !form.test(value) ? [`${at} is no ${format}: ${value}`] : []),
    ...(value.isWellFormed() ? [] : [`${at} has a lone surrogate`])
  ]
}

const ofNumber = ({ maximum = Infinity, minimum = -Infinity }: JsonSchema, value: number, at: string) =>
  value < minimum || value > maximum ? [`${at} is out of range: ${value}`] : []

const ofList = (schemas: Schemas, schema: JsonSchema, list: ReadonlyArray<unknown>, at: string) => {
  const { items = {}, maxItems = Infinity, minItems = 0 } = schema
  return [
    ...(list.length < minItems || list.length > maxItems ? [`${at} has ${list.length} items`] : []),
    ...list.flatMap((one, i) => complaints(schemas, items, one, `${at}.${i}`))
  ]
}

const ofObject = (schemas: Schemas, { properties = {}, required = [] }: JsonSchema, value: object, at: string) => [
  ...required.filter((name) => !Object.hasOwn(value, name)).map((name) => `${at}.${name} is missing`),
  ...Object.entries(value).flatMap(([name, member]) => {
    const schema = Object.hasOwn(properties, name) ? properties[name] : undefined
    return schema === undefined ? [] : complaints(schemas, schema, member, `${at}.${name}`)
  })
]

const shown = (value: unknown): string => JSON.stringify(value)?.slice(0, 100) ?? "undefined"
