/** The portal as a browser gets it, from a folder as the build leaves it. */
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { brotliCompressSync, brotliDecompressSync, gunzipSync, gzipSync } from "node:zlib"
import { afterAll, assert, beforeAll, describe, test } from "vitest"
import { assertProblem, call } from "./calls.ts"
import { type FakeHost, startHost } from "./fakeHost.ts"
import { RawClient, until } from "./rawClient.ts"

const PAGE = '<!doctype html><meta nonce="__CSP_NONCE__"><script type="module" src="/assets/index-AbC_1-2.js"></script>'
const SCRIPT = `export const text = ${JSON.stringify("compressible ".repeat(100))}`
const SCRIPT_PATH = "/assets/index-AbC_1-2.js"

let folder: string
let host: FakeHost
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "portal-"))
  const built = join(folder, "dist")
  await mkdir(join(built, "assets"), { recursive: true })
  const files: Record<string, string | Uint8Array> = {
    "index.html": PAGE,
    "index.html.gz": gzipSync(PAGE),
    "favicon.svg": "<svg/>",
    "favicon.svg.br": brotliCompressSync("<svg/>"),
    ".built": "",
    "with space.txt": "no",
    ":code": "no",
    [SCRIPT_PATH.slice(1)]: SCRIPT,
    [`${SCRIPT_PATH.slice(1)}.br`]: brotliCompressSync(SCRIPT),
    [`${SCRIPT_PATH.slice(1)}.gz`]: gzipSync(SCRIPT),
    "assets/index-1.css": "p { margin: 0 }",
    "assets/font-1.woff2": new Uint8Array([1, 2, 3, 255]),
    "assets/data-1.gz": "that is no form of another file"
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(built, name), content)
  await writeFile(join(folder, "secret.txt"), "secret")
  await symlink(join(folder, "secret.txt"), join(built, "link.txt"))
  host = await startHost({}, 0, null, built)
})
afterAll(async () => {
  await host.stop()
  await rm(folder, { recursive: true })
})

/** As it is on the wire, which fetch hides. */
const raw = async (path: string, headers: Record<string, string> = {}, method = "GET") => {
  using client = await RawClient.open(host.port)
  const lines = Object.entries({ host: "localhost", connection: "close", ...headers }).map(([k, v]) => `${k}: ${v}\r\n`)
  client.send(`${method} ${path} HTTP/1.1\r\n${lines.join("")}\r\n`)
  await until(() => client.ended)
  const [head = ""] = client.received.split("\r\n\r\n", 1)
  return { head: head.toLowerCase(), body: client.received.slice(head.length + 4) }
}

describe("the page", () => {
  test.each([
    "/",
    "/sign-in",
    "/sms",
    "/sms/",
    "/sms/156",
    "/sms/a/b?tab=c",
    "/numbers",
    "/numbers/42",
    "/keys",
    "/webhooks",
    "/webhooks/3/deliveries",
    "/wallet",
    "/coverage",
    "/opt-outs"
  ])("is at %s", async (path) => {
    const answer = await call(host, path, { keyless: true })
    assert.strictEqual(answer.status, 200)
    assert.strictEqual(answer.headers.get("content-type"), "text/html; charset=utf-8")
    assert.strictEqual(answer.headers.get("cache-control"), "no-store")
    assert.include(answer.text, SCRIPT_PATH)
  })

  test("may load and run what is ours alone, with a nonce of its own each time", async () => {
    const nonces = new Set<string>()
    for (let i = 0; i < 5; i++) {
      const { headers, text } = await call(host, "/", { keyless: true })
      const nonce = /^<!doctype html><meta nonce="([\w-]{22})"><script/.exec(text)?.[1]
      assert.isString(nonce)
      nonces.add(String(nonce))
      assert.strictEqual(
        headers.get("content-security-policy"),
        `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; style-src-attr 'unsafe-inline'; ` +
          "img-src 'self' data:; font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; " +
          "base-uri 'none'; frame-ancestors 'none'"
      )
      assert.strictEqual(headers.get("x-frame-options"), "DENY")
      assert.strictEqual(headers.get("cross-origin-opener-policy"), "same-origin")
      assert.strictEqual(headers.get("x-content-type-options"), "nosniff")
      assert.match(headers.get("permissions-policy") ?? "", /camera=\(\)/)
    }
    assert.strictEqual(nonces.size, 5)
  })

  test("is kept to https once it came by it", async () => {
    const plain = await call(host, "/", { keyless: true })
    assert.isNull(plain.headers.get("strict-transport-security"))
    const { headers } = await call(host, "/", { keyless: true, headers: { "x-forwarded-proto": "https" } })
    assert.strictEqual(headers.get("strict-transport-security"), "max-age=31536000")
  })

  test("does not stand in for what is not there", async () => {
    for (const path of ["/index.html", "/sms2", "/numbers2/1", "/signin", "/api/v1/portal/none", "/wallet/x"]) {
      assertProblem(await call(host, path), 404, "not_found")
    }
    assert.match((await call(host, "/docs")).text, /api-reference/)
    assert.strictEqual((await call(host, "/api/v1/portal/sms")).status, 200)
  })
})

describe("a file", () => {
  test("with a hashed name is kept for ever, in the form that the client likes best", async () => {
    const etags = new Set<string>()
    for (const [accept, coding, open] of [
      ["gzip, deflate, br, zstd", "br", brotliDecompressSync],
      ["gzip", "gzip", gunzipSync],
      ["br;q=0.5, gzip;q=1", "gzip", gunzipSync],
      ["br;q=0, *", "gzip", gunzipSync],
      ["*", "br", brotliDecompressSync],
      ["deflate", null, undefined],
      ["br;q=0, gzip;q=0", null, undefined],
      ["identity;q=0, zstd", null, undefined],
      [undefined, null, undefined]
    ] as const) {
      const { body, head } = await raw(SCRIPT_PATH, accept === undefined ? {} : { "accept-encoding": accept })
      assert.match(head, /^http\/1\.1 200 ok/)
      assert.include(head, "content-type: text/javascript; charset=utf-8")
      assert.include(head, "cache-control: public, max-age=31536000, immutable")
      assert.include(head, "vary: accept-encoding")
      assert.strictEqual(/content-encoding: (\w+)/.exec(head)?.[1] ?? null, coding, accept)
      const bytes = Buffer.from(body, "latin1")
      assert.strictEqual(bytes.length, Number(/content-length: (\d+)/.exec(head)?.[1]))
      assert.strictEqual((open === undefined ? bytes : open(bytes)).toString(), SCRIPT)
      etags.add(String(/etag: (".*")/.exec(head)?.[1]))
    }
    assert.strictEqual(etags.size, 3)
  })

  test("without one is kept for an hour", async () => {
    const { headers, text } = await call(host, "/favicon.svg")
    assert.strictEqual(headers.get("content-type"), "image/svg+xml")
    assert.strictEqual(headers.get("cache-control"), "public, max-age=3600")
    assert.strictEqual(text, "<svg/>")
  })

  test("that was not compressed is sent as it is", async () => {
    const { body, head } = await raw("/assets/font-1.woff2", { "accept-encoding": "br, gzip" })
    assert.include(head, "content-type: font/woff2")
    assert.notInclude(head, "content-encoding")
    assert.deepStrictEqual([...Buffer.from(body, "latin1")], [1, 2, 3, 255])
    assert.strictEqual((await call(host, "/assets/data-1.gz")).text, "that is no form of another file")
  })

  test("is not sent again to whoever has it", async () => {
    const first = await call(host, SCRIPT_PATH, { headers: { "accept-encoding": "br" } })
    const etag = first.headers.get("etag") ?? ""
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const { body, head } = await raw(SCRIPT_PATH, { "accept-encoding": "br", "if-none-match": known })
      assert.match(head, /^http\/1\.1 304 /, known)
      assert.strictEqual(body, "")
      assert.include(head, "cache-control: public, max-age=31536000, immutable")
    }
    for (const other of ['"other"', etag.slice(1, -1)]) {
      assert.match(
        (await raw(SCRIPT_PATH, { "accept-encoding": "br", "if-none-match": other })).head,
        /^http\/1\.1 200 /
      )
    }
    // Of the other form it has nothing.
    assert.match((await raw(SCRIPT_PATH, { "if-none-match": etag })).head, /^http\/1\.1 200 /)
  })

  test.each([
    "/assets/",
    "/assets/none.js",
    `${SCRIPT_PATH}.br`,
    `${SCRIPT_PATH}.gz`,
    "/.built",
    "/link.txt",
    "/:code",

    "/with%20space.txt",
    "/assets/../../secret.txt",
    "/assets/%2e%2e/%2e%2e/secret.txt",
    "/assets/..%2f..%2fsecret.txt",
    "/../secret.txt",
    "//secret.txt",
    "/assets/..\\..\\secret.txt",
    "/assets/index-1.css%00"
  ])("that is not there or not meant is not found: %s", async (path) => {
    const { body, head } = await raw(path)
    assert.match(head, /^http\/1\.1 40[04] /)
    assert.include(head, "content-type: application/problem+json")
    assert.notInclude(body, "secret\n")
  })
})

describe("methods", () => {
  test.each(["/", "/sms/1", "/favicon.svg", SCRIPT_PATH])("of %s are GET and HEAD", async (path) => {
    const full = await raw(path)
    const { body, head } = await raw(path, {}, "HEAD")
    assert.match(head, /^http\/1\.1 200 /)
    assert.strictEqual(body, "")
    const length = /content-length: \d+/
    assert.deepStrictEqual(length.exec(head)?.[0], length.exec(full.head)?.[0])
    for (const method of ["POST", "PUT", "DELETE"]) {
      const answer = await call(host, path, { method })
      assertProblem(answer, 405, "method_not_allowed")
      assert.strictEqual(answer.headers.get("allow"), "GET, HEAD, OPTIONS")
    }
    assert.strictEqual((await call(host, path, { method: "OPTIONS" })).status, 204)
  })

  test("are counted by few names", async () => {
    await call(host, SCRIPT_PATH)
    await call(host, "/sms/12345")
    const { text } = await call(host, "/metrics", { headers: { accept: "text/plain" } })
    assert.match(text, /http_requests_total\{method="GET",route="\/assets\/\*",status="200"\} \d+/)
    assert.match(text, /http_requests_total\{method="GET",route="\/sms\/\*",status="200"\} \d+/)
    assert.notInclude(text, "index-")
  })
})

test("a portal that was not built leaves a page that says so, and nothing else", async () => {
  await using bare = await startHost({}, 0, null, join(folder, "none"))
  assert.include((await call(bare, "/", { keyless: true })).text, "The portal was not built")
  assertProblem(await call(bare, "/sign-in"), 404, "not_found")
})
