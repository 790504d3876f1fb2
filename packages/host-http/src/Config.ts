/** How the host is started: environment variables, each with its default. A bad value stops the start and says why. */
import { Config, Effect, Option, type Redacted, Schema, SchemaTransformation } from "effect"
import { fieldErrors } from "./Validation.ts"

export interface HostConfig {
  readonly host: string
  /** 0 picks a free one. */
  readonly port: number
  /** Unset: the embedded database. */
  readonly databaseUrl: Redacted.Redacted<string> | undefined
  /** Connections that this host may have open at once. */
  readonly databaseConnections: number
  readonly dataDir: string
  readonly demo: boolean
  /** Unset: generated on the first boot. */
  readonly demoApiKey: Redacted.Redacted<string> | undefined
  readonly demoTestApiKey: Redacted.Redacted<string> | undefined
  /** Unset: there is no admin API. */
  readonly adminToken: Redacted.Redacted<string> | undefined
  readonly carriers: ReadonlyArray<string>
  /** Unset: the catalogue that the host ships. */
  readonly catalogueFile: string | undefined
  /** Unset: the sandbox carrier's own delays. */
  readonly sandboxDelayMillis: number | undefined
  /** Whether webhooks also go over http and to addresses that are not public. */
  readonly webhooksAllowPrivate: boolean
  /** Unset: the sandbox carrier runs inside this process. */
  readonly sandboxUrl: string | undefined
  /** Where the portal was built, if that is not beside this package; no setting. */
  readonly portalFolder?: string
}

const must = (message: string) => ({ message, expected: message })

const integer = (minimum: number, maximum: number, message: string) =>
  Schema.String.check(Schema.isPattern(/^\d{1,10}$/, must(message))).pipe(
    Schema.decodeTo(
      Schema.Int.check(Schema.isBetween({ minimum, maximum }, must(message))),
      SchemaTransformation.transform({
        decode: (text: string) => Number(text),
        encode: (value: number) => String(value)
      })
    )
  )

const secret = (form: RegExp, message: string) =>
  Schema.RedactedFromValue(Schema.String.check(Schema.isPattern(form, must(message))))

const httpUrl = Schema.String.check(
  Schema.makeFilter(
    (text: string) => /^http:\/\/[^?#]*$/.test(text) && URL.canParse(text),
    must("must be a URL that begins with http://, without a query")
  )
)

const names = Schema.String.check(
  Schema.isPattern(/^\s*[a-z][a-z0-9_-]*(\s*,\s*[a-z][a-z0-9_-]*)*\s*$/, must("must be names with commas between them"))
).pipe(
  Schema.decodeTo(
    Schema.Array(Schema.String),
    SchemaTransformation.transform({
      decode: (text: string): ReadonlyArray<string> => text.split(",").map((name) => name.trim()),
      encode: (list: ReadonlyArray<string>) => list.join(",")
    })
  )
)

/** What an Authorization header can carry. */
const token = secret(/^[A-Za-z0-9._~+/-]{8,200}=*$/, "must be 8 to 200 letters, digits or . _ ~ + / -")

const optional = <A>(config: Config.Config<A>) => Config.map(Config.option(config), Option.getOrUndefined)

export const hostConfig: Config.Config<HostConfig> = Config.all({
  host: Config.String("HOST").pipe(Config.withDefault("127.0.0.1")),
  port: Config.schema(integer(0, 65535, "must be a port number, 0 to 65535"), "PORT").pipe(Config.withDefault(3000)),
  databaseUrl: optional(
    Config.schema(secret(/^postgres(ql)?:\/\/./, "must be a URL that begins with postgres://"), "DATABASE_URL")
  ),
  // Fewer would have a wallet that somebody holds keep everything else waiting.
  databaseConnections: Config.schema(integer(4, 200, "must be 4 to 200"), "DATABASE_CONNECTIONS").pipe(
    Config.withDefault(8)
  ),
  dataDir: Config.String("DATA_DIR").pipe(Config.withDefault(".data")),
  demo: optional(Config.Boolean("DEMO")),
  demoApiKey: optional(Config.schema(token, "DEMO_API_KEY")),
  demoTestApiKey: optional(Config.schema(token, "DEMO_TEST_API_KEY")),
  adminToken: optional(Config.schema(token, "ADMIN_TOKEN")),
  carriers: Config.schema(names, "CARRIERS").pipe(Config.withDefault<ReadonlyArray<string>>(["sandbox"])),
  catalogueFile: optional(Config.String("CATALOGUE_FILE")),
  sandboxDelayMillis: optional(
    Config.schema(integer(0, 3_600_000, "must be whole milliseconds, 0 to 3600000"), "SANDBOX_DELAY_MS")
  ),
  webhooksAllowPrivate: optional(Config.Boolean("WEBHOOKS_ALLOW_PRIVATE")),
  sandboxUrl: optional(Config.schema(httpUrl, "SANDBOX_URL"))
}).pipe(
  // Whoever starts the host without a database wants to try it out.
  Config.map((config) => ({ ...config, demo: config.demo ?? config.databaseUrl === undefined })),
  // Whoever tries it out has their endpoint beside it.
  Config.map((config) => ({ ...config, webhooksAllowPrivate: config.webhooksAllowPrivate ?? config.demo }))
)

/** One line for the person who started it: which variable, and what it must be. Never its value. */
export const explain = (error: Config.ConfigError): string =>
  Schema.isSchemaError(error.cause)
    ? fieldErrors(error.cause)
        .map(({ message, path }) => `${path} ${message}`)
        .join("; ")
    : `The configuration cannot be read: ${error.cause.message}`

/** Reads it, and fails with a line that can be shown as it is. */
export const load: Effect.Effect<HostConfig, string> = Effect.mapError(hostConfig, explain)
