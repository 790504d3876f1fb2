/**
 * What the OpenAPI document says beyond the schemas: titles, an example of each thing and each problem, and the things
 * that the generator words for its own decoder (closed objects, ids in paths as strings) as the contract means them.
 */
import { OpenApi } from "effect/http-api"
import { examples } from "./Examples.ts"
import { isProblemCode, type ProblemCode, problemTable } from "./ProblemTable.ts"
import { SESSION_COOKIE } from "./SessionCookie.ts"

/** A part of an OpenAPI document; only ever taken apart after looking. */
type Json = Record<string, unknown>

export const openApi = OpenApi.annotations({
  title: "Cliqtel SMS",
  version: "1.0.0",
  description:
    "Send, receive, bill and track two-way SMS. Amounts are decimal strings beside a currency, timestamps UTC " +
    "with six fractional digits, ids integers. Fields may be added to any object; unknown request fields are ignored. " +
    "Every answer bears X-Request-Id; every error is application/problem+json, explained at /problems/{code}.",
  transform: (document) => {
    const rewritten = rewrite(document)
    // What was rewritten keeps the outline of a document.
    const { components } = rewritten as {
      readonly components: { readonly schemas: Record<string, Json>; readonly securitySchemes: Json }
    }
    delete components.schemas["ProblemEncoded"]
    components.securitySchemes["session"] = SESSION
    for (const [name, example] of Object.entries(examples)) {
      const schema = components.schemas[name]
      if (schema !== undefined) schema["examples"] = [example]
    }
    return rewritten
  }
})

const isJson = (value: unknown): value is Json => typeof value === "object" && value !== null && !Array.isArray(value)

/** The contract itself knows of keys alone: where there is none, `Authorization` is satisfied by it. */
const SESSION = {
  type: "apiKey",
  in: "cookie",
  name: `__Host-${SESSION_COOKIE}`,
  description:
    `What POST /api/v1/portal/session sets (over http without the prefix __Host-), for requests without an ` +
    "Authorization header. Those that are not GET must come from a page of the same origin."
}

const isBearer = (one: unknown): boolean => isJson(one) && Object.hasOwn(one, "bearer")

const rewrite = (node: Json): Json => {
  const members = Object.entries(node).flatMap(([key, value]): ReadonlyArray<[string, unknown]> => {
    if (key === "additionalProperties" && value === false) return []
    // Each operation says what it needs; "none by default" would make tools forget it.
    if (key === "security" && Array.isArray(value) && value.length === 0) return []
    if (key === "security" && Array.isArray(value) && value.some(isBearer)) return [[key, [...value, { session: [] }]]]
    // RFC 7235 names are in any case, but tools look for this one.
    if (key === "scheme" && value === "Bearer") return [[key, "bearer"]]
    if (key === "$ref" && value === "#/components/schemas/ProblemEncoded")
      return [[key, "#/components/schemas/Problem"]]
    if (Array.isArray(value)) return [[key, value.map((one: unknown) => (isJson(one) ? rewrite(one) : one))]]
    return [[key, isJson(value) ? rewrite(value) : value]]
  })
  const made = Object.fromEntries(members)
  const number = NUMBERS.get(made["format"])
  if (number !== undefined) return { ...made, pattern: undefined, ...number }
  return isJson(made["content"]) && typeof made["description"] === "string"
    ? withExamples(made, made["description"])
    : made
}

/** Digits in a path or a query are a number to everybody but the decoder. */
const NUMBERS: ReadonlyMap<unknown, Json> = new Map([
  ["int64", { type: "integer", minimum: 1 }],
  ["page-size", { type: "integer", format: "int32", minimum: 1, maximum: 200, default: 50 }]
])

/** The description of a problem response lists its codes. */
const withExamples = (response: Json, description: string): Json => {
  const codes = description.split(", ").filter(isProblemCode)
  if (codes.length === 0) return response
  const { content } = response as { readonly content: Record<string, Json> }
  return {
    ...response,
    description: codes.map((code) => `${code}: ${problemTable[code].title}`).join("; "),
    content: Object.fromEntries(
      Object.entries(content).map(([type, media]) => [
        type,
        { ...media, examples: Object.fromEntries(codes.map(exampleOf)) }
      ])
    )
  }
}

const exampleOf = (code: ProblemCode): [string, Json] => {
  const { cause, status, title } = problemTable[code]
  const errors = code === "validation_failed" ? { errors: [{ path: "body", message: "must not be empty" }] } : {}
  return [
    code,
    {
      summary: title,
      value: {
        success: false,
        type: `/problems/${code}`,
        title,
        status,
        code,
        detail: cause,
        request_id: "4f9d0c1e-6f0b-4a53-9a3b-0d6f7a1c2e5d",
        ...errors
      }
    }
  ]
}
