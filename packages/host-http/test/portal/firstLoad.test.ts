/** What it costs to come in: little, once, and from nobody else. */
import { get } from "node:http"
import type { Browser, Page, Response } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { expectClean } from "./reading.ts"
import { startPortalHost, visit } from "./visitor.ts"

const MOST_BYTES = 200 * 1024

let browser: Browser
let host: TestHost
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launchChromium(), startPortalHost()])
})
afterAll(async () => {
  await browser.close()
  await host[Symbol.asyncDispose]()
})

/** As it travels to a browser that knows gzip alone. */
const gzipped = (url: string) =>
  new Promise<{ readonly coding: string | undefined; readonly bytes: number }>((resolve, reject) => {
    get(url, { headers: { "accept-encoding": "gzip" } }, (answer) => {
      let bytes = 0
      answer.on("data", (part: Uint8Array) => (bytes += part.length))
      answer.on("end", () => resolve({ coding: answer.headers["content-encoding"], bytes }))
    }).on("error", reject)
  })

const pathsOf = (responses: ReadonlyArray<Response>, type: string) =>
  responses.filter((response) => response.request().resourceType() === type).map((response) => response.url())

const answersTo = (page: Page): ReadonlyArray<Response> => {
  const answers: Array<Response> = []
  page.on("response", (answer) => answers.push(answer))
  return answers
}

describe("the first load", () => {
  it("is less than 200 KB of scripts for the sign-in and the inbox together, all of it this host's", async () => {
    await using visitor = await visit(browser, host, { signedIn: false, path: "/healthz" })
    const { page } = visitor
    const answers = answersTo(page)
    await page.goto("/")
    await page.getByRole("button", { name: "Open the demo", exact: true }).click()
    await page.getByText("No messages yet").waitFor()
    await page.getByRole("img", { name: "Messages of the last 30 days" }).waitFor()

    const scripts = [...new Set(pathsOf(answers, "script"))]
    expect(scripts.length).toBeGreaterThan(1)
    const files = await Promise.all(scripts.map(gzipped))
    expect(new Set(files.map(({ coding }) => coding))).toEqual(new Set(["gzip"]))
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0)
    expect(bytes).toBeGreaterThan(50 * 1024)
    expect(bytes).toBeLessThan(MOST_BYTES)
    expectClean(visitor)
  })

  it("has only files that browsers keep for a year, under names that change with them", async () => {
    await using visitor = await visit(browser, host)
    const { page } = visitor
    const answers = answersTo(page)
    await page.reload()
    await page.getByText("No messages yet").waitFor()
    const assets = answers.filter((answer) => new URL(answer.url()).pathname.startsWith("/assets/"))
    expect(pathsOf(assets, "script").length).toBeGreaterThan(1)
    expect(pathsOf(assets, "stylesheet").length).toBeGreaterThan(0)
    for (const asset of assets) {
      expect(asset.headers()["cache-control"], asset.url()).toBe("public, max-age=31536000, immutable")
      expect(new URL(asset.url()).pathname).toMatch(/^\/assets\/[\w.-]+-[\w-]{8}\.\w+$/)
    }
    expect(pathsOf(answers, "script")).toEqual(pathsOf(assets, "script"))
    expect(pathsOf(answers, "stylesheet")).toEqual(pathsOf(assets, "stylesheet"))

    const document = answers.find((answer) => answer.request().resourceType() === "document")
    expect(document?.headers()["cache-control"]).toBe("no-store")
    const policy = document?.headers()["content-security-policy"] ?? ""
    expect(policy).toContain("script-src 'self';")
    expect(policy).toContain("default-src 'none';")
    expectClean(visitor)
  })

  it("begins under every address of a page", async () => {
    await using visitor = await visit(browser, host)
    for (const [path, title] of [
      ["/sms", "SMS"],
      ["/sms/compose", "Compose"],
      ["/keys", "API Keys"],
      ["/webhooks", "Webhooks"],
      ["/opt-outs", "Opt-outs"]
    ] as const) {
      await visitor.open(path)
      await visitor.page.getByRole("heading", { name: title, level: 1, exact: true }).waitFor()
      expect(await visitor.page.title()).toBe(`${title} · Cliqtel SMS`)
    }
    expectClean(visitor)
  })
})
