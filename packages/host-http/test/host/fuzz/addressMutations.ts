/** Paths, queries and methods that nothing links to. */
import fc from "fast-check"
import type { Operation } from "../document.ts"
import type { Mutation } from "./mutations.ts"
import { nastyText } from "./nasty.ts"

const parameter = (names: ReadonlyArray<string>): fc.Arbitrary<Mutation> =>
  fc.tuple(fc.constantFrom(...names), nastyText).map(([name, value]) => ({
    what: `path ${name}`,
    draft: (draft) => ({ ...draft, path: { ...draft.path, [name]: value } })
  }))

const UNKNOWN = ["unknown", "limit[]", "__proto__", "", "LIMIT"]

const query = (names: ReadonlyArray<string>): fc.Arbitrary<Mutation> =>
  fc.oneof(
    fc.tuple(fc.constantFrom(...names, ...UNKNOWN), nastyText).map(([name, value]): Mutation => ({
      what: `query ${name}`,
      draft: (draft) => ({ ...draft, query: [...draft.query.filter(([known]) => known !== name), [name, value]] })
    })),
    fc.constantFrom(...names, ...UNKNOWN).map((name): Mutation => ({
      what: `query ${name} twice`,
      draft: (draft) => ({ ...draft, query: [...draft.query, [name, "1"], [name, "1"]] })
    }))
  )

const search = (more: string): Mutation => ({
  what: `query ${more.slice(0, 20)}`,
  wire: (request) => ({ ...request, target: request.target + (request.target.includes("?") ? "&" : "?") + more })
})

const SEARCHES = ["", "?", "&&=&", "limit", "limit=%", "limit=%zz", "cursor=%ff", "a=%00", "%=%", "\xff=\xfe", "a;b=c"]

const path = (what: string, change: (path: string) => string): Mutation => ({
  what,
  wire: (request) => {
    const [place = "", ...rest] = request.target.split("?")
    return { ...request, target: [change(place), ...rest].join("?") }
  }
})

const PATHS = [
  path("path/", (place) => `${place}/`),
  path("path//", (place) => `${place}//`),
  path("//path", (place) => `/${place}`),
  path("path//path", (place) => place.replace(/\/(?=[^/]*$)/, "//")),
  path("path/..", (place) => `${place}/..`),
  path("path/../path", (place) => `${place}/../wallet`),
  path("PATH", (place) => place.replaceAll(/[a-z]/g, (one) => one.toUpperCase())),
  path("%70ath", (place) => place.replace(/[a-z](?=[^/]*$)/, (one) => `%${one.charCodeAt(0).toString(16)}`)),
  path("path%", (place) => `${place}%`),
  path("path%zz", (place) => `${place}%zz`),
  path("path/%ff", (place) => `${place}/%ff`),
  path("path/%00", (place) => `${place}%00`),
  path("path/%", (place) => place.replace(/[^/]*$/, "%")),
  path("path/%c0%ae", (place) => place.replace(/[^/]*$/, "%c0%ae")),
  path("path/%2f", (place) => place.replace(/[^/]*$/, "%2f")),
  path("path/latin1", (place) => place.replace(/[^/]*$/, "\xe9\xff")),
  path("path;a", (place) => `${place};a=b`),
  path("path#a", (place) => `${place}#a`),
  path("path\\", (place) => place.replaceAll("/", "\\")),
  path("url", (place) => `http://elsewhere.example${place}`),
  // Its path is none, whatever else is done to it: that of the start page would be answered.
  path("bad url", () => "http://[::1/nothing"),
  path("long", (place) => `${place}${"/x".repeat(500)}`),
  path("too long", (place) => place + "x".repeat(20_000))
]

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "QUERY", "NONE"]

export const inAddress = ({ parameters = [] }: Operation): fc.Arbitrary<Mutation> => {
  const named = (place: string) => parameters.filter((one) => one.in === place).map(({ name }) => name)
  const [inPath, inQuery] = [named("path"), named("query")]
  return fc.oneof(
    ...(inPath.length === 0 ? [] : [{ arbitrary: parameter(inPath), weight: 8 }]),
    ...(inQuery.length === 0 ? [] : [{ arbitrary: query(inQuery), weight: 8 }]),
    { arbitrary: fc.constantFrom(...SEARCHES).map(search), weight: 2 },
    { arbitrary: fc.constantFrom(...PATHS), weight: 3 },
    {
      arbitrary: fc.constantFrom(...METHODS).map((method): Mutation => ({
        what: `method ${method}`,
        wire: (request) => ({ ...request, method })
      })),
      weight: 2
    }
  )
}
