/**
 * The catalogue: which numbers can do SMS in which country, which need papers, and every price. It is one JSON file,
 * read and checked when the host boots. A host that would bill by a doubtful file does not start, and says what to mend.
 */
import { readFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import {
  type CountryCode,
  type CountryCoverage,
  Coverage,
  type DialPrefix,
  makeDeck,
  money,
  type NumberType,
  RateDeck,
  rateForCountry,
  type Rates,
  type Tariff
} from "@cliqtel/sms-core"
import { Effect, Layer, Result, Schema, SchemaIssue } from "effect"
import { CatalogueFile } from "./CatalogueFile.ts"

export interface Catalogue {
  readonly coverage: ReadonlyArray<CountryCoverage>
  readonly rates: Rates
}

/** Everything that is wrong with the file, each with its place, such as `countries[3].mobile`. */
export class InvalidCatalogue extends Schema.TaggedError<InvalidCatalogue>()("InvalidCatalogue", {
  file: Schema.String,
  problems: Schema.Array(Schema.Struct({ path: Schema.String, problem: Schema.String }))
}) {
  override get message(): string {
    const lines = this.problems.map(({ path, problem }) => `  ${path === "" ? "" : `${path}: `}${problem}`)
    return [`The catalogue ${this.file} cannot be used:`, ...lines].join("\n")
  }
}

// Reaches the same file from src/catalogue and, in the published package, from dist/catalogue: the package has both.
export const bundledFile: string = fileURLToPath(new URL("../../src/catalogue/catalogue.json", import.meta.url))

export interface CatalogueOptions {
  /** Path of the file to use in place of the bundled one. */
  readonly file?: string | undefined
}

export const loadCatalogue = Effect.fn("Catalogue.load")(function* ({ file = bundledFile }: CatalogueOptions = {}) {
  const text = yield* Effect.tryPromise({
    try: () => readFile(file, "utf8"),
    catch: (cause) => invalid(file, { path: "", problem: `cannot be read: ${said(cause)}` })
  })
  return yield* Effect.fromResult(parseCatalogue(text, file))
})

/** `file` is its name in the error. */
export const parseCatalogue = (text: string, file: string): Result.Result<Catalogue, InvalidCatalogue> =>
  parseJson(text, file).pipe(
    Result.flatMap((json) => Result.mapError(decode(json), (error) => invalid(file, ...problemsOf(error.issue)))),
    Result.map(catalogueOf)
  )

export const layer = (options: CatalogueOptions = {}): Layer.Layer<Coverage | RateDeck, InvalidCatalogue> =>
  Layer.unwrap(
    Effect.map(loadCatalogue(options), ({ coverage, rates }) =>
      Layer.merge(Coverage.layer(coverage), RateDeck.layer(rates))
    )
  )

const decode = Schema.decodeUnknownResult(CatalogueFile, {
  errors: "all",
  onExcessProperty: "error",
  reportInput: true
})

const invalid = (file: string, ...problems: InvalidCatalogue["problems"]) => new InvalidCatalogue({ file, problems })

const said = (cause: unknown): string => (cause instanceof Error ? cause.message : String(cause))

const parseJson = (text: string, file: string): Result.Result<unknown, InvalidCatalogue> => {
  // Editors on Windows put a byte order mark in front, which JSON does not allow.
  const json = text.replace(/^\uFEFF/, "")
  if (json.trim() === "") return Result.fail(invalid(file, { path: "", problem: "is empty" }))
  return Result.try({
    try: (): unknown => JSON.parse(json),
    catch: (cause) => invalid(file, { path: "", problem: `is not JSON: ${said(cause)}` })
  })
}

const format = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) =>
    issue._tag === "MissingKey"
      ? "is missing"
      : issue._tag === "UnexpectedKey"
        ? "is not a known key"
        : SchemaIssue.defaultLeafHook(issue)
})

const problemsOf = (issue: SchemaIssue.Issue): InvalidCatalogue["problems"] =>
  format(issue).issues.map(({ message, path = [] }) => ({ path: pathText(path), problem: message }))

const pathText = (path: ReadonlyArray<PropertyKey | { readonly key: PropertyKey }>): string =>
  path.reduce<string>((text, step) => {
    const key = typeof step === "object" ? step.key : step
    return typeof key === "number" ? `${text}[${key}]` : `${text}${text === "" ? "" : "."}${String(key)}`
  }, "")

const catalogueOf = ({ countries, currency, defaults, destinations }: CatalogueFile): Catalogue => {
  const tariffs = new Map<CountryCode, Tariff>()
  for (const { country, outbound_segment } of countries) {
    if (outbound_segment !== undefined) tariffs.set(country, outbound_segment)
  }
  for (const country of destinations.off) tariffs.set(country, "off")
  const rates: Rates = {
    currency,
    everyCountry: defaults.outbound_segment,
    countries: tariffs,
    prefixes: new Map<DialPrefix, Tariff>(
      // The schema has seen to it that an entry without a price is off.
      destinations.prefixes.map(({ outbound_segment, prefix }) => [prefix, outbound_segment ?? "off"])
    )
  }
  const deck = makeDeck(rates)
  return {
    rates,
    coverage: countries.map((row) => ({
      country: row.country,
      name: row.name,
      sms: { local: row.local, mobile: row.mobile, toll_free: row.toll_free },
      needsVerification: verified(row.verification),
      smsMonthly: money(row.sms_monthly ?? defaults.sms_monthly, currency),
      numberMonthly: money(row.number_monthly ?? defaults.number_monthly, currency),
      outboundSegment: rateForCountry(deck, row.country)
    }))
  }
}

const verified = (types: ReadonlyArray<NumberType> = []): CountryCoverage["needsVerification"] => ({
  local: types.includes("local"),
  mobile: types.includes("mobile"),
  toll_free: types.includes("toll_free")
})
