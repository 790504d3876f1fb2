import { formatTimestamp } from "@cliqtel/sms-core"
import { type Config, ConfigProvider, Effect, Redacted, Result, Schema } from "effect"
import * as fc from "fast-check"
import { assert, describe, test } from "vitest"
import { accepts } from "../../src/Accept.ts"
import { EntryCursor, MessageCursor } from "../../src/api/Cursor.ts"
import { IdempotencyKey } from "../../src/api/IdempotencyKey.ts"
import { idFromText, PositiveInteger, Timestamp, TimestampFromText } from "../../src/api/Wire.ts"
import { explain, hostConfig } from "../../src/Config.ts"
import { requestId } from "../../src/Exchange.ts"
import { canonicalJson, fingerprint } from "../../src/Fingerprint.ts"
import { rateLimitHeaders, retryAfter } from "../../src/RateLimitHeaders.ts"

const ids = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })
const instants = fc.integer({ min: 0, max: Date.UTC(9999, 11, 31) })
const decodes = <S extends Schema.ConstraintDecoder<unknown>>(schema: S) => {
  const decode = Schema.decodeUnknownResult(schema)
  return (value: unknown) => Result.isSuccess(decode(value))
}

describe("cursors", () => {
  test("come back as they went, and are safe in a URL", () => {
    const codec = [Schema.encodeSync(MessageCursor), Schema.decodeSync(MessageCursor)] as const
    fc.assert(
      fc.property(instants, ids, (createdAt, id) => {
        // The ids are any that the schema takes.
        const at = { createdAt, id } as MessageCursor
        const text = codec[0](at)
        assert.match(text, /^[A-Za-z0-9_-]+$/)
        assert.deepStrictEqual(codec[1](text), at)
      })
    )
    fc.assert(
      fc.property(ids, (id) => {
        assert.strictEqual(
          Schema.decodeSync(EntryCursor)(Schema.encodeSync(EntryCursor)(id as EntryCursor)),
          id as EntryCursor
        )
      })
    )
  })

  test("nothing else is one, and nothing makes the decoder throw", () => {
    const [isMessage, isEntry] = [decodes(MessageCursor), decodes(EntryCursor)]
    fc.assert(
      fc.property(fc.string(), (text) => {
        const opened = Buffer.from(text, "base64url").toString()
        if (!/^\d+\.\d+$/.test(opened)) assert.isFalse(isMessage(text))
        if (!/^\d+$/.test(opened)) assert.isFalse(isEntry(text))
      })
    )
  })
})

describe("ids", () => {
  test("a text is an id exactly when it is the shortest decimal of one", () => {
    const isId = decodes(idFromText(PositiveInteger))
    fc.assert(fc.property(ids, (id) => assert.isTrue(isId(String(id)))))
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.double().map(String), fc.bigInt().map(String)), (text) => {
        const value = Number(text)
        assert.strictEqual(isId(text), Number.isSafeInteger(value) && value > 0 && String(value) === text)
      })
    )
  })
})

describe("timestamps", () => {
  test("have six fractional digits, UTC, and come back", () => {
    fc.assert(
      fc.property(instants, (at) => {
        assert.match(formatTimestamp(at), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}000Z$/)
        assert.strictEqual(Schema.decodeSync(Timestamp)(Schema.encodeSync(Timestamp)(at)), at)
        assert.strictEqual(Schema.decodeSync(TimestampFromText)(formatTimestamp(at)), at)
      })
    )
  })
})

test("a day is taken exactly when it exists", () => {
  const isMoment = decodes(TimestampFromText)
  const year = fc.integer({ min: 1, max: 9999 })
  const month = fc.integer({ min: 0, max: 13 })
  const day = fc.integer({ min: 0, max: 32 })
  fc.assert(
    fc.property(year, month, day, fc.constantFrom("", "T23:59:59Z"), (y, m, d, time) => {
      const isLeap = y % 4 === 0 && (y % 100 !== 0 || y % 400 === 0)
      const days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][m - 1] ?? 0
      const digits = (value: number) => String(value).padStart(2, "0")
      const text = `${String(y).padStart(4, "0")}-${digits(m)}-${digits(d)}${time}`
      assert.strictEqual(isMoment(text), d >= 1 && d <= days, text)
    })
  )
})

describe("the Idempotency-Key", () => {
  const keys = fc.string({
    minLength: 1,
    maxLength: 255,
    unit: fc.integer({ min: 0x20, max: 0x7e }).map((code) => String.fromCharCode(code))
  })

  test("quoted, is any printable key; bare, any that does not begin with a quote", () => {
    fc.assert(
      fc.property(keys, (key) => {
        assert.strictEqual(Schema.decodeSync(IdempotencyKey)(Schema.encodeSync(IdempotencyKey)(key)), key)
        if (!key.startsWith('"')) assert.strictEqual(Schema.decodeSync(IdempotencyKey)(key), key)
      })
    )
  })

  test("is no list of two quoted strings, nothing empty, nothing long, nothing beyond ASCII", () => {
    const isKey = decodes(IdempotencyKey)
    for (const text of ['"a", "b"', "", '""', '"a\\b"', "x".repeat(256), "é", "a\tb", '"'])
      assert.isFalse(isKey(text), text)
  })
})

describe("fingerprints", () => {
  test("do not depend on the order of keys, and do on everything else", () => {
    assert.strictEqual(canonicalJson({ b: [{ d: 1, c: 2 }], a: "x" }), '{"a":"x","b":[{"c":2,"d":1}]}')
    const one = fingerprint("POST", "/sms/send", { to: "a", body: "b" })
    assert.match(one, /^[0-9a-f]{64}$/)
    assert.strictEqual(fingerprint("POST", "/sms/send", { body: "b", to: "a" }), one)
    for (const other of [
      fingerprint("POST", "/sms/batch", { to: "a", body: "b" }),
      fingerprint("PUT", "/sms/send", { to: "a", body: "b" }),
      fingerprint("POST", "/sms/send", { to: "a", body: "B" }),
      fingerprint("POST", "/sms/send", [{ to: "a", body: "b" }])
    ])
      assert.notStrictEqual(other, one)
  })

  test("of any JSON is the same after a round trip", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        assert.strictEqual(
          canonicalJson(JSON.parse(JSON.stringify(value))),
          canonicalJson(JSON.parse(canonicalJson(value)))
        )
      })
    )
  })
})

describe("rate limit headers", () => {
  test("Retry-After is never too early and at least a second", () => {
    assert.deepStrictEqual([0, 1, 1000, 1001, 59_999].map(retryAfter), ["1", "1", "1", "2", "60"])
  })

  test("are whole numbers that are not negative", () => {
    assert.deepStrictEqual(rateLimitHeaders({ perSecond: 10, remaining: -1.5, resetMillis: 950 }), {
      "ratelimit-policy": '"account";q=10;w=1',
      ratelimit: '"account";r=0;t=1'
    })
  })
})

describe("request ids", () => {
  test("sane ones are kept", () => {
    assert.strictEqual(requestId("abc-1.2_3"), "abc-1.2_3")
    fc.assert(
      fc.property(fc.string(), (text) => {
        const id = requestId(text)
        assert.match(id, /^[A-Za-z0-9._-]{1,64}$/)
      })
    )
  })
})

describe("Accept", () => {
  test("never makes the parser throw", () => {
    fc.assert(fc.property(fc.string(), (accept) => assert.isBoolean(accepts("application/json", accept))))
  })
})

describe("the configuration", () => {
  const read = (env: Record<string, string>) =>
    Effect.runSync(
      Effect.match(hostConfig.parse(ConfigProvider.fromUnknown(env)), {
        onFailure: (error: Config.ConfigError) => explain(error),
        onSuccess: (config) => config
      })
    )

  test("has a default for everything", () => {
    assert.deepStrictEqual(read({}), {
      host: "127.0.0.1",
      port: 3000,
      databaseUrl: undefined,
      databaseConnections: 8,
      dataDir: ".data",
      demo: true,
      demoApiKey: undefined,
      demoTestApiKey: undefined,
      adminToken: undefined,
      carriers: ["sandbox"],
      catalogueFile: undefined,
      sandboxDelayMillis: undefined,
      sandboxUrl: undefined,
      webhooksAllowPrivate: true
    })
  })

  test("takes what is given; a database of one's own means no demo unless asked for", () => {
    const url = "postgresql://user:secret@db/sms"
    const config = read({ PORT: "0", DATABASE_URL: url, CARRIERS: "sandbox, telnyx", SANDBOX_DELAY_MS: "0" })
    assert.deepInclude(config, {
      port: 0,
      demo: false,
      webhooksAllowPrivate: false,
      carriers: ["sandbox", "telnyx"],
      sandboxDelayMillis: 0
    })
    assert.strictEqual(typeof config !== "string" && config.databaseUrl && Redacted.value(config.databaseUrl), url)
    assert.deepInclude(read({ DATABASE_URL: url, DEMO: "true" }), { demo: true, webhooksAllowPrivate: true })
    assert.deepInclude(read({ WEBHOOKS_ALLOW_PRIVATE: "false" }), { demo: true, webhooksAllowPrivate: false })
    assert.deepInclude(read({ SANDBOX_URL: "http://sandbox:8080/a" }), { sandboxUrl: "http://sandbox:8080/a" })
  })

  const bad: ReadonlyArray<readonly [string, string, RegExp]> = [
    ["PORT", "abc", /^PORT must be a port number, 0 to 65535$/],
    ["PORT", "70000", /^PORT must be a port number/],
    ["PORT", "-1", /^PORT must be a port number/],
    ["PORT", "80.5", /^PORT must be a port number/],
    ["DATABASE_URL", "mysql://root:hunter2@db", /^DATABASE_URL must be a URL that begins with postgres:\/\/$/],
    ["DATABASE_CONNECTIONS", "3", /^DATABASE_CONNECTIONS must be 4 to 200$/],
    ["DEMO", "maybe", /^DEMO must be "true" or/],
    ["DEMO_API_KEY", "hunter 2", /^DEMO_API_KEY must be 8 to 200/],
    ["ADMIN_TOKEN", "short", /^ADMIN_TOKEN must be 8 to 200/],
    ["CARRIERS", "sandbox,,x", /^CARRIERS must be names/],
    ["SANDBOX_DELAY_MS", "fast", /^SANDBOX_DELAY_MS must be whole milliseconds/],
    ["SANDBOX_URL", "https://sandbox", /^SANDBOX_URL must be a URL that begins with http:\/\//],
    ["SANDBOX_URL", "http://:hunter2", /^SANDBOX_URL must be a URL/],
    ["SANDBOX_URL", "http://sandbox/?key=hunter2", /^SANDBOX_URL must be a URL .* without a query$/]
  ]
  for (const [name, value, expected] of bad) {
    test(`refuses ${name}=${value} and does not repeat the value`, () => {
      const message = read({ [name]: value })
      if (typeof message !== "string") return assert.fail("it was taken")
      assert.match(message, expected)
      assert.notInclude(message, "hunter")
    })
  }
})
