/** Requests of one operation: valid ones as far as the document tells, and most of them then spoilt in one or two places. */
import fc from "fast-check"
import type { Operation } from "../document.ts"
import type { Schemas } from "../jsonSchema.ts"
import { type Draft, write } from "./draft.ts"
import { type Mutation, mutations } from "./mutations.ts"
import { valuesOf } from "./values.ts"
import type { WireRequest } from "./wire.ts"
import type { World } from "./world.ts"

export interface Fuzzed {
  readonly operation: Operation
  readonly mutations: ReadonlyArray<string>
  readonly request: WireRequest
}

/** Made when it is sent: what is not sent yet takes no memory. */
export type Attempt = () => Fuzzed

export const attempts = (schemas: Schemas, operation: Operation, world: World): fc.Arbitrary<Attempt> => {
  const spoilt: fc.Arbitrary<ReadonlyArray<Mutation>> = fc.oneof(
    { arbitrary: fc.constant([]), weight: 3 },
    { arbitrary: fc.array(mutations(operation), { minLength: 1, maxLength: 2 }), weight: 7 }
  )
  return fc.tuple(drafts(schemas, operation, world), spoilt).map(([draft, chosen]) => () => {
    const changed = chosen.reduce<Draft>((before, { draft: change }) => change?.(before) ?? before, draft)
    return {
      operation,
      mutations: chosen.map(({ what }) => what),
      request: chosen.reduce<WireRequest>((before, { wire: change }) => change?.(before) ?? before, write(changed))
    }
  })
}

const drafts = (schemas: Schemas, operation: Operation, world: World): fc.Arbitrary<Draft> => {
  const values = valuesOf(schemas, operation, world)
  const { parameters = [], requestBody } = operation
  const of = (place: "path" | "query" | "header") => {
    const here = parameters.filter((one) => one.in === place)
    const members = here.map(({ name, schema }) => {
      const value = values(schema, place === "path" ? `{${name}}` : name)
      return [name, value.map(String)] as const
    })
    const requiredKeys = here.filter(({ required }) => required).map(({ name }) => name)
    return fc.record<Record<string, string>>(Object.fromEntries(members), { requiredKeys })
  }
  const body = requestBody?.content["application/json"]
  return fc
    .record({
      path: of("path"),
      query: of("query").map(Object.entries<string>),
      headers: fc
        .tuple(of("header"), authorization(operation, world))
        .map(([some, authorization]) => [
          ...Object.entries(some).filter(([, value]) => HEADER.test(value)),
          ...authorization
        ]),
      json: body === undefined ? fc.constant(undefined) : values(body.schema, "")
    })
    .map((parts) => ({ operation, ...parts }))
}

/** What a client can put into a header at all. */
const HEADER = /^[\x21-\x7e\x80-\xff]([\t\x20-\x7e\x80-\xff]*[\x21-\x7e\x80-\xff])?$/

const authorization = ({ path, security = [] }: Operation, { adminToken, customers: [main, operated] }: World) => {
  const bearer = (token: string) => [["authorization", `Bearer ${token}`] as const]
  // A browser's own, as a page of the host would send them.
  if (path.endsWith("/session")) return fc.constant([["sec-fetch-site", "same-origin"] as const])
  if (security.length === 0) return fc.constant([])
  if (security.some((one) => Object.hasOwn(one, "admin"))) return fc.constant(bearer(adminToken))
  return fc.oneof(
    { arbitrary: fc.constant(bearer(main.key)), weight: 9 },
    { arbitrary: fc.constant(bearer(operated.key)), weight: 1 }
  )
}
