/** What pages show to somebody who reads Arabic while they wait, when there is nothing, and when the host fails. */
import type { Browser, Locator, Page, Route } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openCustomer, withAdmin } from "../host/customer.ts"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { button, COUNTRY, euros, rowOf, says, words } from "./inArabic.ts"
import { eventually, expectClean } from "./reading.ts"
import { startPortalHost, visit, type Visitor } from "./visitor.ts"

let browser: Browser
let host: TestHost
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launchChromium(), startPortalHost(withAdmin)])
})
afterAll(async () => {
  await browser.close()
  await host[Symbol.asyncDispose]()
})

/** With a title and a detail in English, as the host has them in every language. */
const problem = (status: number, code: string) => ({
  status,
  contentType: "application/problem+json",
  headers: status === 503 ? { "retry-after": "1" } : {},
  body: JSON.stringify({
    success: false,
    type: `/problems/${code}`,
    title: "In English",
    status,
    code,
    detail: "In English too.",
    request_id: "request-42"
  })
})

const INTERNAL = problem(500, "internal")
const UNAVAILABLE = problem(503, "unavailable")

/** The browser logs each such answer. */
const PROVOKED = /status of 500/

const expectNoOtherComplaint = (visitor: Visitor) =>
  expectClean({ ...visitor, complaints: visitor.complaints.filter((complaint) => !PROVOKED.test(complaint)) })

interface View {
  readonly name: string
  readonly path: string
  /** What it reads, under /api/v1/portal/. */
  readonly reads: RegExp
  readonly shows: (page: Page) => Locator
}

const VIEWS: ReadonlyArray<View> = [
  { name: "the inbox", path: "/sms", reads: /^sms\?/, shows: (page) => says(page, "sms:list.none") },
  { name: "the numbers", path: "/numbers", reads: /^numbers$/, shows: (page) => rowOf(page, "+31201234567") },
  {
    name: "a number",
    path: "/numbers/1",
    reads: /^numbers\/1$/,
    shows: (page) => says(page, "numbers:profile.hook")
  },
  {
    name: "the numbers to order",
    path: "/numbers/order?country=NL&type=mobile",
    reads: /^numbers\/available/,
    shows: (page) => says(page, "numbers:orderPage.available")
  },
  { name: "the wallet", path: "/wallet", reads: /^wallet$/, shows: (page) => says(page, "wallet:topUp.title") },
  { name: "the keys", path: "/keys", reads: /^api_keys$/, shows: (page) => rowOf(page, "Demo") },
  { name: "the webhooks", path: "/webhooks", reads: /^webhooks$/, shows: (page) => says(page, "webhooks:empty.title") },
  { name: "the coverage", path: "/coverage", reads: /^coverage$/, shows: (page) => rowOf(page, COUNTRY.NL) }
]

const isRead =
  ({ reads }: View) =>
  (url: URL): boolean =>
    reads.test(`${url.pathname}${url.search}`.replace("/api/v1/portal/", ""))

/** What is told at once. Where nothing is, the place for it may be there. */
const alerts = async (page: Page) => (await page.getByRole("alert").allInnerTexts()).filter((told) => told !== "")

describe("in Arabic, while it is read, and when the host fails,", () => {
  let visitor: Visitor
  beforeAll(async () => {
    visitor = await visit(browser, host, { language: "ar" })
  })
  afterAll(() => visitor[Symbol.asyncDispose]())

  it.each(VIEWS)("$name: says so, and can be tried again", async (view) => {
    const { page } = visitor
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
    const fail = async (route: Route) => {
      await held
      await route.fulfill(INTERNAL)
    }
    const isAsked = isRead(view)
    await page.route(isAsked, fail)
    await page.goto(view.path)
    await page
      .getByRole("status", { name: words("common:state.loading"), exact: true })
      .first()
      .waitFor()
    expect(await alerts(page)).toEqual([])

    letGo()
    const alert = page
      .getByRole("alert")
      .filter({ has: says(page, "problems:internal.title") })
      .first()
    await says(alert, "problems:internal.help").waitFor()
    await says(alert, "common:requestId", { id: "request-42" }).waitFor()
    expect(await alert.innerText()).not.toContain("In English")
    await page.unroute(isAsked, fail)
    await button(alert, "common:action.retry").click()
    await view.shows(page).first().waitFor()
    await eventually(() => alerts(page)).toEqual([])
    expectNoOtherComplaint(visitor)
  })

  it("one that is away is said to be, and asked again by itself until it is back", async () => {
    const { page } = visitor
    const refuse = (route: Route) => route.fulfill(UNAVAILABLE)
    await page.route("**/api/v1/portal/api_keys", refuse)
    await page.route("**/readyz", refuse)
    await page.goto("/keys")
    await says(page, "common:away.title").waitFor()
    await says(page, "common:away.text").waitFor()
    await says(page.getByRole("alert"), "problems:unavailable.title").waitFor()
    await page.unroute("**/api/v1/portal/api_keys", refuse)
    await page.unroute("**/readyz", refuse)
    await rowOf(page, "Demo").waitFor()
    await says(page, "common:away.title").waitFor({ state: "detached" })
    expectNoOtherComplaint(visitor)
  })

  it("a reader whose own line is cut keeps what there is to read, and is told until it is back", async () => {
    const { context, page } = visitor
    await visitor.open("/numbers")
    await rowOf(page, "+31201234567").waitFor()
    await context.setOffline(true)
    await page.getByRole("link", { name: words("common:nav.wallet"), exact: true }).click()
    await says(page, "common:away.title").waitFor()
    await page.getByRole("link", { name: words("common:nav.numbers"), exact: true }).click()
    await rowOf(page, "+31201234567").waitFor()
    await context.setOffline(false)
    await says(page, "common:away.title").waitFor({ state: "detached" })
    expectNoOtherComplaint(visitor)
  })
})

describe("in Arabic, when the host fails,", () => {
  it("what was filled in stays, and is done once it is sent again", async () => {
    const customer = await openCustomer(host, "1")
    await using visitor = await visit(browser, host, { apiKey: customer.key, language: "ar", path: "/wallet" })
    const { page } = visitor
    const submit = button(page, "wallet:topUp.submitAmount", { amount: euros("7.50") })
    const own = page.getByLabel(words("wallet:topUp.own", { currency: "EUR" }), { exact: true })
    await page.route("**/wallet/top_ups", (route) => route.abort(), { times: 1 })
    await page.getByRole("radio", { name: words("wallet:topUp.other"), exact: true }).check()
    await own.fill("7.50")
    await submit.click()
    await says(page.getByRole("alert"), "problems:noAnswer.title").waitFor()
    expect(await own.inputValue()).toBe("7.50")
    await submit.click()
    await says(page, "wallet:topUp.done", { amount: euros("7.50") }).waitFor()
    expect(await customer.balance()).toBe("8.5")
    expectClean(visitor)
  })
})

describe("in Arabic, where there is nothing yet,", () => {
  let visitor: Visitor
  beforeAll(async () => {
    visitor = await visit(browser, host, { apiKey: (await openCustomer(host, "0")).key, language: "ar" })
  })
  afterAll(() => visitor[Symbol.asyncDispose]())

  it.each([
    ["/numbers", "numbers:empty"],
    ["/wallet", "wallet:entries.empty"],
    ["/webhooks", "webhooks:empty"],
    ["/opt-outs", "optOuts:empty"]
  ])("%s says so, and what to do", async (path, key) => {
    await visitor.open(path)
    await visitor.page.getByRole("heading", { name: words(`${key}.title`), exact: true }).waitFor()
    await says(visitor.page, `${key}.text`).waitFor()
    expect(await alerts(visitor.page)).toEqual([])
    expectClean(visitor)
  })

  it("a webhook that is not there is said not to be", async () => {
    await visitor.open("/webhooks/999999")
    await visitor.page.getByRole("heading", { name: words("webhooks:one.notFound"), exact: true }).waitFor()
    await says(visitor.page, "webhooks:one.notFoundHint").waitFor()
    expectClean(visitor)
  })

  it("a number that is not there is said not to be, in no English", async () => {
    await visitor.open("/numbers/999999")
    const alert = visitor.page.getByRole("alert")
    await says(alert, "problems:not_found.title").waitFor()
    await says(alert, "problems:not_found.help").waitFor()
    expect(await alert.innerText()).not.toContain("There is no number")
    expectClean(visitor)
  })
})
