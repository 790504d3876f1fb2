/** Bodies with wrong values in right places, and bodies that are no JSON, or none in UTF-8. */
import fc from "fast-check"
import type { Mutation } from "./mutations.ts"
import { nastyJson, nastyText } from "./nasty.ts"
import { changeAt, placesOf } from "./places.ts"
import type { WireRequest } from "./wire.ts"

/** Changes one place; which one is drawn. */
const somewhere = (what: string, change: fc.Arbitrary<(value: unknown) => unknown>): fc.Arbitrary<Mutation> =>
  fc.tuple(fc.nat(), change).map(([which, to]) => ({
    what,
    draft: (draft) => {
      const places = placesOf(draft.json)
      return { ...draft, json: changeAt(draft.json, places[which % places.length] ?? [], to) }
    }
  }))

const UNKNOWN = ["unknown", "__proto__", "constructor", "toString", "media", "media_urls", "id", "account_id", ""]

const withField = (value: unknown, name: string, member: unknown): unknown =>
  typeof value === "object" && value !== null && !Array.isArray(value)
    ? Object.fromEntries([...Object.entries(value), [name, member]])
    : value

const values = fc.oneof(
  {
    arbitrary: somewhere(
      "value",
      nastyJson.map((value) => () => value)
    ),
    weight: 6
  },
  {
    arbitrary: somewhere(
      "missing",
      fc.constant(() => undefined)
    ),
    weight: 2
  },
  {
    arbitrary: somewhere(
      "unknown field",
      fc.tuple(fc.constantFrom(...UNKNOWN), nastyJson).map(
        ([name, member]) =>
          (value) =>
            withField(value, name, member)
      )
    ),
    weight: 2
  },
  {
    arbitrary: somewhere(
      "in a list",
      fc.constant((value) => [value])
    ),
    weight: 1
  },
  {
    arbitrary: somewhere(
      "in an object",
      fc.constant((value) => ({ value }))
    ),
    weight: 1
  },
  {
    arbitrary: somewhere(
      "as text",
      fc.constant((value) => JSON.stringify(value) ?? "")
    ),
    weight: 1
  },
  {
    arbitrary: somewhere(
      "many",
      fc
        .constantFrom(51, 1001)
        .map((count) => (value) => (Array.isArray(value) ? Array.from({ length: count }, () => value[0]) : value))
    ),
    weight: 1
  }
)

const text = (what: string, change: (text: string) => string | Uint8Array): Mutation => ({
  what,
  wire: (request: WireRequest) => {
    const changed = change(Buffer.from(request.body ?? []).toString("utf8"))
    return { ...request, body: typeof changed === "string" ? Buffer.from(changed) : changed }
  }
})

const NUMBERS = [
  "1e400",
  "-0",
  "1E0",
  "1.0",
  "9007199254740993",
  "1e-400",
  "0x10",
  "01",
  "+1",
  ".5",
  "NaN",
  "-Infinity"
]

const deep = (open: string, close: string, depth: number) =>
  text("deep", () => open.repeat(depth) + close.repeat(depth))

const texts = fc.oneof(
  fc.constantFrom(
    text("no body", () => ""),
    text("white space", () => " \n"),
    text("byte order mark", (json) => `\ufeff${json}`),
    text("UTF-16", (json) => Buffer.from(json, "utf16le")),
    text("Latin-1", (json) => Buffer.from(json.replace("a", "é"), "latin1")),
    text("overlong", (json) => Buffer.concat([Buffer.from(json.slice(0, -1)), Buffer.from([0xc0, 0x80, 0x7d])])),
    text("surrogates in UTF-8", (json) => Buffer.concat([Buffer.from(json), Buffer.from([0xed, 0xa0, 0x80])])),
    text("NUL", (json) => `${json}\u0000`),
    text("comment", (json) => `${json} // done`),
    text("trailing comma", (json) => json.replace(/\}$/, ",}")),
    text("single quotes", (json) => json.replaceAll('"', "'")),
    text("two values", (json) => json + json),
    text("form", () => "to=%2B31612345678&body=hello"),
    // A duplicate name: the last one counts, whichever it is.
    text("duplicate before", (json) => json.replace(/^\{"(\w+)":/, '{"$1":null,"$1":')),
    text("duplicate behind", (json) => json.replace(/^\{("\w+":)(.*)\}$/s, "{$1$2,$1null}")),
    text("too large", (json) => json + " ".repeat(70_000))
  ),
  fc.constantFrom(10, 40, 5000, 30_000).map((depth) => deep("[", "]", depth)),
  fc.constantFrom(10, 40, 5000).map((depth) => deep('{"a":', "}", depth)),
  fc.double({ min: 0, max: 1, noNaN: true }).map((share) => text("cut", (json) => json.slice(0, json.length * share))),
  fc.constantFrom(...NUMBERS).map((number) => text(`number ${number}`, (json) => json.replace(/(?<=:)\d+/, number))),
  nastyText.map((other) => text("other text", () => other))
)

export const inBody: fc.Arbitrary<Mutation> = fc.oneof(
  { arbitrary: values, weight: 60 },
  { arbitrary: texts, weight: 40 },
  { arbitrary: fc.constant(text("far too large", (json) => json + " ".repeat(4 * 1024 * 1024))), weight: 1 }
)
