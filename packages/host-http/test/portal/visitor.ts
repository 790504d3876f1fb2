/** Somebody who looks at the portal in a browser of their own. */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { expect } from "vitest"
import { fileURLToPath } from "node:url"
import type { HostConfig } from "../../src/Config.ts"
import { startHost, type TestHost } from "../host/startHost.ts"

/** A host with the portal as it was built. */
export const startPortalHost = (config: Partial<HostConfig> = {}): Promise<TestHost> =>
  startHost({ portalFolder: fileURLToPath(new URL("../../portal/dist/", import.meta.url)), ...config })

export interface VisitOptions {
  readonly language?: string
  readonly width?: number
  readonly dark?: boolean
  /** Where they come in; the demo's live account is signed in first unless `signedIn` is false. */
  readonly path?: string
  readonly signedIn?: boolean
  /** Signs in with it instead of to the demo. */
  readonly apiKey?: string
}

export interface Visitor extends AsyncDisposable {
  readonly page: Page
  readonly context: BrowserContext
  /** What the browser complained of: errors of scripts, and what the content security policy stopped. */
  readonly complaints: ReadonlyArray<string>
  /** What they asked of any other host. */
  readonly strangers: ReadonlyArray<string>
  open(path: string): Promise<void>
}

const HEIGHT = 900

/** Answers that are no fault of the page: those that a test provokes. */
const EXPECTED = /the server responded with a status of (4\d\d|503)|net::ERR_/

export const visit = async (
  browser: Browser,
  host: Pick<TestHost, "url">,
  { apiKey, dark = false, language = "en", path = "/", signedIn = true, width = 1440 }: VisitOptions = {}
): Promise<Visitor> => {
  const context = await browser.newContext({
    baseURL: host.url,
    colorScheme: dark ? "dark" : "light",
    locale: language,
    timezoneId: "UTC",
    viewport: { width, height: HEIGHT }
  })
  const complaints: Array<string> = []
  const strangers: Array<string> = []
  const page = await context.newPage()
  page.on("console", (message) => {
    if (message.type() === "error" && !EXPECTED.test(message.text())) complaints.push(message.text())
  })
  page.on("pageerror", (error) => complaints.push(String(error)))
  page.on("request", (request) => {
    if (!request.url().startsWith(host.url) && !request.url().startsWith("data:")) strangers.push(request.url())
  })
  if (signedIn) {
    const answer = await context.request.post("/api/v1/portal/session", {
      data: apiKey === undefined ? { demo: "live" } : { api_key: apiKey },
      headers: { origin: host.url }
    })
    expect(answer.status()).toBe(201)
  }
  await page.goto(path)
  return {
    page,
    context,
    complaints,
    strangers,
    open: async (next) => {
      await page.goto(next)
    },
    [Symbol.asyncDispose]: () => context.close()
  }
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

interface Finding {
  readonly id: string
  readonly impact: string
  readonly nodes: ReadonlyArray<{ readonly html: string }>
}

/** What axe finds wrong with the page as it is, in a few words each. */
export const axeFindings = async (page: Page): Promise<ReadonlyArray<string>> => {
  // Animations have colours of their own.
  await page.evaluate("Promise.allSettled(document.getAnimations().map(({ finished }) => finished))")
  await page.evaluate(axe)
  const violations = await page.evaluate<ReadonlyArray<Finding>>(
    "axe.run({ resultTypes: ['violations'] }).then(({ violations }) => violations)"
  )
  return violations.map(
    ({ id, impact, nodes }) => `${id} (${impact}): ${nodes[0]?.html.slice(0, 200)} and ${nodes.length - 1} more`
  )
}

/** Whether the page is wider than the window. */
export const isTooWide = (page: Page): Promise<boolean> =>
  page.evaluate<boolean>("document.documentElement.scrollWidth > document.documentElement.clientWidth")
