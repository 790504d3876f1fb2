/** What each page shows while it waits, when there is nothing, and when the host fails. */
import type { Browser, Page, Route } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openCustomer, withAdmin } from "../host/customer.ts"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { eventually, expectClean } from "./reading.ts"
import { startPortalHost, visit, type Visitor } from "./visitor.ts"

const PERSON = "+31612345678"
const TEXT = "Your order has shipped!"

let browser: Browser
let host: TestHost
let webhook: number
let message: number
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launchChromium(), startPortalHost(withAdmin)])
  message = (await host.send(PERSON, TEXT)).body.message.id
  const json = { url: "http://127.0.0.1:9/shop", events: ["number.sms_suspended"] }
  webhook = (await host.call("POST", "webhooks", { json })).body.webhook.id
  await host.message(message, ({ status }) => status === "delivered")
})
afterAll(async () => {
  await browser.close()
  await host[Symbol.asyncDispose]()
})

const problem = (status: number, code: string, title: string) => ({
  status,
  contentType: "application/problem+json",
  headers: status === 503 ? { "retry-after": "1" } : {},
  body: JSON.stringify({
    success: false,
    type: `/problems/${code}`,
    title,
    status,
    code,
    detail: "A detail of it.",
    request_id: "request-42"
  })
})

const INTERNAL = problem(500, "internal", "Internal error")
const UNAVAILABLE = problem(503, "unavailable", "Temporarily unavailable")

/** The browser logs each such answer. */
const PROVOKED = /status of (500|502)/

const expectNoOtherComplaint = (visitor: Visitor) =>
  expectClean({ ...visitor, complaints: visitor.complaints.filter((complaint) => !PROVOKED.test(complaint)) })

interface View {
  readonly name: string
  readonly path: () => string
  /** What it reads, under /api/v1/portal/. */
  readonly reads: RegExp
  readonly shows: (page: Page) => Promise<void>
}

/** What is told at once. Where nothing is, the place for it may be there. */
const alerts = async (page: Page) => (await page.getByRole("alert").allInnerTexts()).filter((told) => told !== "")

const text = (words: string) => (page: Page) => page.getByText(words, { exact: true }).first().waitFor()

const row = (words: string) => (page: Page) => page.getByRole("row").filter({ hasText: words }).first().waitFor()

const VIEWS: ReadonlyArray<View> = [
  { name: "the inbox", path: () => "/sms", reads: /^sms\?/, shows: text(TEXT) },
  {
    name: "the statistics",
    path: () => "/sms",
    reads: /^sms\/stats(\?|$)/,
    shows: async (page) => {
      await page.getByRole("group", { name: "Messages today" }).getByText("1", { exact: true }).waitFor()
    }
  },
  { name: "a message", path: () => `/sms/${message}`, reads: /^sms\/\d+$/, shows: text(TEXT) },
  { name: "a conversation", path: () => `/sms/with/${PERSON}`, reads: /^sms\?.*contact/, shows: text(TEXT) },
  {
    name: "a message being written",
    path: () => "/sms/compose",
    reads: /^sms\/numbers$/,
    shows: (page) => page.getByRole("button", { name: "Send SMS" }).waitFor()
  },
  { name: "the numbers", path: () => "/numbers", reads: /^numbers$/, shows: row("+31201234567") },
  { name: "a number", path: () => "/numbers/1", reads: /^numbers\/1$/, shows: text("Carrier webhook") },
  {
    name: "the countries of an order",
    path: () => "/numbers/order",
    reads: /^coverage$/,
    shows: (page) => page.getByLabel("Country").waitFor()
  },
  {
    name: "the numbers to order",
    path: () => "/numbers/order?country=NL&type=mobile",
    reads: /^numbers\/available/,
    shows: (page) => page.getByRole("group", { name: "Available numbers" }).waitFor()
  },
  { name: "the wallet", path: () => "/wallet", reads: /^wallet$/, shows: text("Top up") },
  { name: "the ledger", path: () => "/wallet", reads: /^wallet\/entries/, shows: row("SMS sent") },
  { name: "the keys", path: () => "/keys", reads: /^api_keys$/, shows: row("Demo") },
  { name: "the webhooks", path: () => "/webhooks", reads: /^webhooks$/, shows: row("/shop") },
  {
    name: "the deliveries",
    path: () => `/webhooks/${webhook}`,
    reads: /^webhooks\/\d+\/deliveries/,
    shows: text("Nothing was sent yet")
  },
  { name: "the coverage", path: () => "/coverage", reads: /^coverage$/, shows: row("Netherlands") },
  { name: "the opt-outs", path: () => "/opt-outs", reads: /^opt_outs/, shows: text("Nobody has opted out") }
]

const isRead =
  ({ reads }: View) =>
  (url: URL): boolean =>
    reads.test(`${url.pathname}${url.search}`.replace("/api/v1/portal/", ""))

describe("while it is read, and when the host fails,", () => {
  let visitor: Visitor
  beforeAll(async () => {
    visitor = await visit(browser, host)
  })
  afterAll(() => visitor[Symbol.asyncDispose]())

  it.each(VIEWS.map((view) => [view.name, view] as const))("%s says so, and can be tried again", async (_, view) => {
    const { page } = visitor
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
    const fail = async (route: Route) => {
      await held
      await route.fulfill(INTERNAL)
    }
    const isAsked = isRead(view)
    await page.route(isAsked, fail)
    await page.goto(view.path())
    await page.getByRole("status", { name: "Loading" }).first().waitFor()
    expect(await alerts(page)).toEqual([])

    letGo()
    const alert = page.getByRole("alert").filter({ hasText: "Internal error" })
    await alert.first().waitFor()
    expect(await alert.first().innerText()).toContain("Request request-42")
    await page.unroute(isAsked, fail)
    // What happens meanwhile has some views read again by themselves, and then there is nothing to click.
    const clicked = alert.first().getByRole("button", { name: "Try again" }).click()
    clicked.catch(() => undefined)
    const shown = view.shows(page)
    await Promise.race([clicked, shown])
    await shown
    await eventually(() => alerts(page)).toEqual([])
    expectNoOtherComplaint(visitor)
  })

  it("the page itself comes back from a sign-in that could not be asked for", async () => {
    const { page } = visitor
    await page.route("**/api/v1/portal/session", (route) => route.fulfill(INTERNAL), { times: 1 })
    await page.goto("/wallet")
    await page.getByRole("alert").getByText("Internal error").waitFor()
    await page.getByRole("button", { name: "Try again" }).click()
    await page.getByRole("heading", { name: "Wallet" }).waitFor()
    expectNoOtherComplaint(visitor)
  })

  it("one call that has no answer does not make it one that is away", async () => {
    const { page } = visitor
    let failures = 0
    await page.route("**/api/v1/portal/api_keys", async (route) => {
      await route.fulfill({ status: 502, contentType: "text/html", body: "Bad gateway" })
      failures++
    })
    await page.goto("/keys")
    await page.getByRole("alert").getByText("It is asked again by itself.").waitFor()
    const enough = failures + 2
    let isTold = false
    await eventually(async () => {
      isTold ||= (await page.getByText("Cliqtel SMS cannot be reached.").count()) > 0
      return failures
    }).toBe(enough)
    expect(isTold).toBe(false)
    await page.unroute("**/api/v1/portal/api_keys")
    expectNoOtherComplaint(visitor)
  })

  it("one that is only away is asked again by itself", async () => {
    const { page } = visitor
    const refuse = (route: Route) => route.fulfill(UNAVAILABLE)
    await page.route("**/api/v1/portal/api_keys", refuse)
    await page.route("**/readyz", refuse)
    await page.goto("/keys")
    await page.getByText("Cliqtel SMS cannot be reached.").waitFor()
    await page.getByRole("alert").getByText("Temporarily unavailable").waitFor()
    await page.unroute("**/api/v1/portal/api_keys", refuse)
    await page.unroute("**/readyz", refuse)
    await row("Demo")(page)
    await page.getByText("Cliqtel SMS cannot be reached.").waitFor({ state: "detached" })
    expectNoOtherComplaint(visitor)
  })
})

// Each waits as long as a visitor would: together, so that the waits pass at once.
describe.concurrent("a gateway's own page is no answer:", () => {
  // The host behind it may be as well as ever.
  const fail = (route: Route) => route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" })

  it.each(VIEWS.map((view) => [view.name, view] as const))("%s is asked for again by itself", async (_, view) => {
    await using visitor = await visit(browser, host)
    const { page } = visitor
    const isAsked = isRead(view)
    await page.route(isAsked, fail)
    await page.goto(view.path())
    await page.getByRole("alert").getByText("No answer came").first().waitFor()
    await page.unroute(isAsked, fail)
    await view.shows(page)
    await page.getByRole("alert").filter({ hasText: /./ }).first().waitFor({ state: "detached" })
    expectNoOtherComplaint(visitor)
  })

  it("whether somebody is signed in is asked again by itself", async () => {
    await using visitor = await visit(browser, host)
    const { page } = visitor
    await page.route("**/api/v1/portal/session", fail)
    await page.goto("/wallet")
    await page.getByRole("alert").getByText("No answer came").waitFor()
    await page.unroute("**/api/v1/portal/session", fail)
    await page.getByRole("heading", { name: "Wallet" }).waitFor()
    expectNoOtherComplaint(visitor)
  })
})

describe("when the host fails", () => {
  it("what was filled in stays, and is done once it is sent again", async () => {
    const customer = await openCustomer(host, "1")
    await using visitor = await visit(browser, host, { apiKey: customer.key, path: "/wallet" })
    const { page } = visitor
    await page.route("**/wallet/top_ups", (route) => route.fulfill(INTERNAL), { times: 1 })
    await page.getByRole("radio", { name: "Other" }).check()
    await page.getByLabel("Other amount (EUR)").fill("7.50")
    await page.getByRole("button", { name: "Top up €7.50" }).click()
    await page.getByRole("alert").getByText("Internal error").waitFor()
    expect(await page.getByLabel("Other amount (EUR)").inputValue()).toBe("7.50")
    await page.getByRole("button", { name: "Top up €7.50" }).click()
    await page.getByText("€7.50 was added.").waitFor()
    expect(await customer.balance()).toBe("8.5")
    expectNoOtherComplaint(visitor)
  })
})

describe("where there is nothing yet", () => {
  const NOTHING = [
    ["/sms", "No messages yet"],
    ["/sms?direction=inbound", "No messages match these filters"],
    [`/sms/with/${PERSON}`, "No messages yet"],
    ["/sms/compose", "No number can send SMS yet"],
    ["/numbers", "No numbers yet"],
    ["/wallet", "No transactions yet"],
    ["/webhooks", "No webhooks yet"],
    ["/opt-outs", "Nobody has opted out"],
    ["/coverage?q=Atlantis", "No country found"]
  ] as const

  const UNKNOWN = [
    ["/sms/999999", "There is no such message"],
    ["/sms/abc", "There is no such message"],
    ["/webhooks/999999", "There is no such webhook"],
    ["/sms/with/abc", "This is not a phone number"]
  ] as const

  let visitor: Visitor
  beforeAll(async () => {
    visitor = await visit(browser, host, { apiKey: (await openCustomer(host, "0")).key })
  })
  afterAll(() => visitor[Symbol.asyncDispose]())

  it.each([...NOTHING, ...UNKNOWN])("%s says: %s", async (path, words) => {
    await visitor.open(path)
    await visitor.page.getByRole("heading", { name: words }).waitFor()
    expect(await alerts(visitor.page)).toEqual([])
    expectClean(visitor)
  })

  it("a message of somebody else is one of nobody", async () => {
    await visitor.open(`/sms/${message}`)
    await visitor.page.getByRole("heading", { name: "There is no such message" }).waitFor()
    expectClean(visitor)
  })

  it("one step leads on", async () => {
    const { page } = visitor
    await visitor.open("/sms/compose")
    await page.getByRole("main").getByRole("link", { name: "My Numbers" }).click()
    await page.getByText("Order a number to send and receive SMS.").waitFor()
    await page.getByRole("link", { name: "Order numbers" }).click()
    await page.getByLabel("Country").waitFor()
    expectClean(visitor)
  })
})
