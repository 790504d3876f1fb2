/** Headers that are left out, twice there, or say what they should not. */
import fc from "fast-check"
import type { Mutation } from "./mutations.ts"

/** Undefined leaves it out. */
const header = (name: string, ...values: ReadonlyArray<string | undefined>): fc.Arbitrary<Mutation> =>
  fc.constantFrom(...values).map((value) => ({
    what: `${name}: ${value?.slice(0, 30)}`,
    wire: (request) => ({
      ...request,
      headers: [
        ...request.headers.filter(([known]) => known !== name),
        ...(value === undefined ? [] : [[name, value] as const])
      ]
    })
  }))

const twice = (name: string, value: string): fc.Arbitrary<Mutation> =>
  fc.constant({
    what: `two ${name}`,
    wire: (request) => ({ ...request, headers: [...request.headers, [name, value], [name, value]] })
  })

const JSON_TYPES = ["application/json; charset=utf-8", "APPLICATION/JSON", "application/json;"]
const OTHER_TYPES = [
  "",
  ";",
  "\xff",
  "*/*",
  "json",
  "text/plain",
  "application/xml",
  "application/problem+json",
  "application/json, text/plain",
  "application/json; charset=utf-16",
  "application/x-www-form-urlencoded",
  "multipart/form-data"
]

const KEYS = ["", " ", '"', '""', '"a', 'a"b', '"\\"', "\xe9", "x".repeat(255), "x".repeat(256), "a\tb", "a, b"]

const TOKENS = [
  "",
  "Bearer",
  "Bearer ",
  "bearer x",
  "Basic eDp4",
  "Bearer \xff",
  `Bearer ${"x".repeat(5000)}`,
  "Bearer a b"
]

const ACCEPTS = [
  "text/html",
  "application/json;q=0",
  "*/*;q=0",
  ";;",
  "application/json; q=NaN",
  "application/*",
  "\xff"
]

export const inHeaders: fc.Arbitrary<Mutation> = fc.oneof(
  header("content-type", undefined, ...JSON_TYPES, ...OTHER_TYPES),
  header("idempotency-key", ...KEYS),
  header("authorization", undefined, ...TOKENS),
  header("accept", ...ACCEPTS),
  header("sec-fetch-site", undefined, "cross-site", "none", ""),
  header("origin", "null", "http://localhost", "http://[", "\xff"),
  header("cookie", "cliqtel_session=", `cliqtel_session=${"a".repeat(43)}`, "=;=", "\xff"),
  header("x-forwarded-proto", "https", "", ","),
  header("content-encoding", "gzip", "identity", "br, gzip", ""),
  header("x-request-id", "", "a".repeat(65), "<b>", "\xff", "../../x"),
  header("transfer-encoding", "chunked"),
  header("expect", "100-continue", "something"),
  header("host", undefined, "", "a b", "[::1"),
  header("x-http-method-override", "DELETE"),
  header("x-filler", "x".repeat(20_000)),
  twice("authorization", "Bearer x"),
  twice("content-type", "application/json"),
  twice("idempotency-key", "a"),
  twice("accept", "application/json")
)
