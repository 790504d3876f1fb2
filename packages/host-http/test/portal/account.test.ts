/** The account's other tabs: keys, webhooks, wallet, coverage and opt-outs. */
import { type Received, type Receiver, startReceiver } from "@cliqtel/sms-testkit/simulator"
import type { Browser, Page } from "playwright-core"
import { Webhook } from "standardwebhooks"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Customer, openCustomer, withAdmin } from "../host/customer.ts"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { beside, eventually, expectClean, isInvalid } from "./reading.ts"
import { isTooWide, startPortalHost, visit } from "./visitor.ts"

let browser: Browser
let host: TestHost
let receiver: Receiver
beforeAll(async () => {
  ;[browser, host, receiver] = await Promise.all([launchChromium(), startPortalHost(withAdmin), startReceiver()])
})
afterAll(async () => {
  await browser.close()
  await host[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
})

const visitAs = ({ key }: Customer, path: string) => visit(browser, host, { apiKey: key, path })

const rowOf = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text })

/** The secret that a dialog shows, which is then put away. */
const takeSecret = async (page: Page, label: string): Promise<string> => {
  const dialog = page.getByRole("dialog")
  await dialog.getByText("It is shown this one time and can never be seen again.").waitFor()
  const secret = await dialog.getByLabel(label).inputValue()
  await page.keyboard.press("Escape")
  await dialog.getByRole("button", { name: "I have stored it" }).click()
  await dialog.waitFor({ state: "hidden" })
  return secret
}

describe("API keys", () => {
  it("keep what is filled in when one clicks beside the form, and their table fits whatever they are called", async () => {
    const customer = await openCustomer(host)
    const name = "x".repeat(100)
    await using visitor = await visitAs(customer, "/keys")
    const { page } = visitor
    await page.getByRole("button", { name: "Create API key" }).click()
    const dialog = page.getByRole("dialog", { name: "Create API key" })
    await dialog.getByLabel("Name").fill(name)
    await page.mouse.click(5, 450)
    expect(await dialog.getByLabel("Name").inputValue()).toBe(name)
    await dialog.getByRole("button", { name: "Create API key" }).click()
    await takeSecret(page, "API key")
    await rowOf(page, name)
      .getByRole("button", { name: `Revoke ${name}` })
      .click({ trial: true })
    const box = await rowOf(page, name).getByRole("button").boundingBox()
    expect((box?.x ?? Infinity) + (box?.width ?? 0)).toBeLessThan(1440)
    expect(await isTooWide(page)).toBe(false)
    expectClean(visitor)
  })

  it("are made, shown once, work until they are revoked", async () => {
    const customer = await openCustomer(host)
    await using visitor = await visitAs(customer, "/keys")
    const { page } = visitor
    await page.getByRole("button", { name: "Create API key" }).click()
    const dialog = page.getByRole("dialog", { name: "Create API key" })
    const submit = dialog.getByRole("button", { name: "Create API key" })
    const name = dialog.getByLabel("Name")
    await dialog.getByText("its messages reach phones and cost money").waitFor()
    await submit.click()
    await eventually(() => isInvalid(name)).toBe(true)
    expect(await beside(name)).toContain("This is needed.")
    await name.fill("Shop")
    await dialog.getByRole("checkbox", { name: "Use the wallet" }).uncheck()
    await submit.click()
    const key = await takeSecret(page, "API key")
    expect(key).toMatch(/^sk_live_\w{40,}$/)

    await rowOf(page, "Shop").getByText("Live", { exact: true }).waitFor()
    expect((await host.call("GET", "numbers", { key })).status).toBe(200)
    expect((await host.call("GET", "wallet", { key })).status).toBe(403)
    await page.reload()
    await rowOf(page, "Shop").waitFor()
    expect(await page.content()).not.toContain(key)

    await page.getByRole("button", { name: "Revoke Shop" }).click()
    const question = page.getByRole("dialog", { name: "Revoke “Shop”?" })
    await question.getByRole("button", { name: "Cancel" }).click()
    await question.waitFor({ state: "hidden" })
    expect((await host.call("GET", "numbers", { key })).status).toBe(200)
    await page.getByRole("button", { name: "Revoke Shop" }).click()
    await question.getByRole("button", { name: "Revoke API key" }).click()
    await rowOf(page, "Shop").waitFor({ state: "detached" })
    expect((await host.call("GET", "numbers", { key })).status).toBe(401)
    expectClean(visitor)
  })

  it("sign out at once whoever revokes the one that signed in", async () => {
    const customer = await openCustomer(host)
    await using visitor = await visitAs(customer, "/keys")
    const { page } = visitor
    await page
      .getByRole("button", { name: /^Revoke/ })
      .first()
      .click()
    await page.getByRole("dialog").getByRole("button", { name: "Revoke API key" }).click()
    await page.getByRole("heading", { name: "Sign in" }).waitFor()
    expectClean(visitor)
  })
})

describe("webhooks", () => {
  const deliveryOf = (page: Page) => page.getByRole("list", { name: "Deliveries" }).getByRole("listitem").first()

  const receivedAt = async (where: string, count: number, by = receiver): Promise<ReadonlyArray<Received>> => {
    const found = () => by.received.filter(({ url }) => url === where)
    await eventually(() => found().length).toBeGreaterThanOrEqual(count)
    return found()
  }

  const verify = ({ body, headers }: Received, secret: string) =>
    new Webhook(secret).verify(body, headers as Record<string, string>)

  const addWebhook = async (page: Page, url: string): Promise<string> => {
    await page.getByRole("button", { name: "Add webhook" }).click()
    const dialog = page.getByRole("dialog", { name: "Add a webhook" })
    await dialog.getByLabel("Address").fill(url)
    await dialog.getByRole("button", { name: "Add webhook" }).click()
    const secret = await takeSecret(page, "Signing secret")
    await page.getByRole("link", { name: url }).click()
    await page.getByRole("heading", { name: "Webhook", exact: true }).waitFor()
    return secret
  }

  it("are made with a secret that is shown once, are tested, and show each attempt", async () => {
    const customer = await openCustomer(host)
    await using visitor = await visitAs(customer, "/webhooks")
    const { page } = visitor
    await page.getByText("No webhooks yet").waitFor()
    const secret = await addWebhook(page, `${receiver.url}/made`)
    expect(secret).toMatch(/^whsec_/)
    expect(await page.content()).not.toContain(secret)
    await page.getByText("Nothing was sent yet").waitFor()

    await page.getByRole("button", { name: "Send test event" }).click()
    await page.getByText("A test event is on its way. See it under Deliveries.").waitFor()
    const delivery = deliveryOf(page)
    await delivery.getByText("Succeeded").waitFor()
    await delivery.getByText("webhook.test").click()
    await eventually(() => delivery.innerText()).toMatch(/1 attempt\b.*Answer 200.*What your server answered\s+ok/s)
    const [event] = await receivedAt("/hook/made", 1)
    expect(event === undefined ? undefined : verify(event, secret)).toMatchObject({ event: "webhook.test" })

    await delivery.getByRole("button", { name: /^Redeliver webhook\.test/ }).click()
    await delivery.getByText("2 attempts").waitFor()
    await receivedAt("/hook/made", 2)
    expectClean(visitor)
  })

  it("that fail show why, and are well again once an event came through", async () => {
    let broken = true
    await using failing = await startReceiver((response) => {
      if (broken) response.writeHead(500).end("down for repair")
      else response.end("back")
    })
    const customer = await openCustomer(host)
    await using visitor = await visitAs(customer, "/webhooks")
    const { page } = visitor
    await addWebhook(page, `${failing.url}/fails`)
    await page.getByRole("button", { name: "Send test event" }).click()
    const delivery = deliveryOf(page)
    await delivery.getByText("Pending").waitFor()
    await delivery.getByText("webhook.test").click()
    await delivery.getByText("Answer 500").waitFor()
    await delivery.getByText("down for repair").waitFor()
    await delivery.getByText(/^Next attempt /).waitFor()
    await page.getByText("Failing", { exact: true }).waitFor()
    await page.getByText(/^Attempts have failed since /).waitFor()

    broken = false
    await delivery.getByRole("button", { name: /^Redeliver/ }).click()
    await delivery.getByText("Succeeded").waitFor()
    await delivery.getByText("Answer 200").waitFor()
    await page.getByText("Enabled", { exact: true }).waitFor()
    expectClean(visitor)
  })

  it("get a new secret beside which the old one signs for a day", async () => {
    const customer = await openCustomer(host)
    await using visitor = await visitAs(customer, "/webhooks")
    const { page } = visitor
    const old = await addWebhook(page, `${receiver.url}/rotated`)
    await page.getByRole("button", { name: "Rotate secret" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Rotate secret" }).click()
    const fresh = await takeSecret(page, "Signing secret")
    expect(fresh).not.toBe(old)
    await page.getByText(/^The old secret signs too until /).waitFor()
    await page.getByRole("button", { name: "Send test event" }).click()
    const [event] = await receivedAt("/hook/rotated", 1)
    for (const secret of [old, fresh]) {
      expect(event === undefined ? undefined : verify(event, secret)).toMatchObject({ event: "webhook.test" })
    }
    expectClean(visitor)
  })

  it("are edited, disabled, enabled and deleted", async () => {
    const customer = await openCustomer(host)
    const one = async () => (await customer.call("GET", "webhooks")).body.webhooks[0]
    await using visitor = await visitAs(customer, "/webhooks")
    const { page } = visitor
    await addWebhook(page, `${receiver.url}/edited`)
    await page.getByRole("button", { name: "Edit", exact: true }).click()
    const form = page.getByRole("dialog", { name: "Edit the webhook" })
    await form.getByLabel("Address").fill("shop")
    await form.getByRole("button", { name: "Save changes" }).click()
    await eventually(() => beside(form.getByLabel("Address"))).toContain("Write a whole address")
    await form.getByLabel("Address").fill(`${receiver.url}/edited`)
    await form.getByLabel("Description").fill("متجر")
    await form.getByRole("checkbox", { name: "All events" }).uncheck()
    await form.getByRole("button", { name: "Save changes" }).click()
    await form.getByText("Choose at least one event.").waitFor()
    await form.getByRole("checkbox", { name: "sms.received" }).check()
    await form.getByRole("button", { name: "Save changes" }).click()
    await form.waitFor({ state: "hidden" })
    expect(await one()).toMatchObject({ description: "متجر", events: ["sms.received"], enabled: true })

    await page.getByRole("button", { name: "Disable" }).click()
    await page.getByRole("dialog", { name: "Disable this webhook?" }).getByRole("button", { name: "Disable" }).click()
    await page.getByText("You switched it off.").waitFor()
    expect(await one()).toMatchObject({ enabled: false })
    expect(await page.getByRole("button", { name: "Send test event" }).count()).toBe(0)
    await page.getByRole("button", { name: "Enable" }).click()
    await page.getByRole("button", { name: "Send test event" }).waitFor()
    expect(await one()).toMatchObject({ enabled: true })

    await page.getByRole("button", { name: "Delete" }).click()
    await page.getByRole("dialog").getByRole("button", { name: "Delete webhook" }).click()
    await page.getByText("No webhooks yet").waitFor()
    expect(await one()).toBeUndefined()
    expectClean(visitor)
  })

  it("that the host refuses say so beside the field", async () => {
    await using strict = await startPortalHost({ webhooksAllowPrivate: false })
    await using visitor = await visit(browser, strict, { path: "/webhooks" })
    const { page } = visitor
    await page.getByRole("button", { name: "Add webhook" }).click()
    const dialog = page.getByRole("dialog", { name: "Add a webhook" })
    await dialog.getByLabel("Address").fill("https://10.0.0.1/sms")
    await dialog.getByRole("button", { name: "Add webhook" }).click()
    await eventually(() => beside(dialog.getByLabel("Address"))).toContain("This address is not accepted.")
    expect(await isInvalid(dialog.getByLabel("Address"))).toBe(true)
    expectClean(visitor)
  })
})

describe("the wallet", () => {
  const topRow = (page: Page) => page.getByRole("table", { name: "Transactions" }).getByRole("row").nth(1)

  it("is topped up by any amount, which is on it and in the ledger at once", async () => {
    const customer = await openCustomer(host, "0")
    await using visitor = await visitAs(customer, "/wallet")
    const { page } = visitor
    await page.getByText("No transactions yet").waitFor()
    await page.getByRole("radio", { name: "€50.00" }).check()
    await page.getByRole("button", { name: "Top up €50.00" }).click()
    await page.getByText("€50.00 was added.").waitFor()
    await eventually(() => topRow(page).innerText()).toMatch(/^Top-up\s.*\+€50\.00\s+€50\.00$/s)

    await page.getByRole("radio", { name: "Other" }).check()
    const own = page.getByLabel("Other amount (EUR)")
    const submit = page.getByRole("button", { name: /^Top up/ })
    for (const wrong of ["", "abc", "0", "-5", "1.234"]) {
      await own.fill(wrong)
      await submit.click()
      await eventually(() => beside(own)).toContain("Enter an amount above 0 with at most two decimals.")
    }
    await own.fill("12.34")
    await page.getByRole("button", { name: "Top up €12.34" }).click()
    await page.getByText("€12.34 was added.").waitFor()
    await eventually(() => topRow(page).innerText()).toMatch(/\+€12\.34\s+€62\.34$/)
    await page.getByRole("banner").getByRole("link", { name: "Balance €62.34" }).waitFor()
    expect(await customer.balance()).toBe("62.34")
    expectClean(visitor)
  })

  it("stays as it is when a payment is declined, and says so", async () => {
    const customer = await openCustomer(host, "1")
    await using visitor = await visitAs(customer, "/wallet")
    const { page } = visitor
    await page.getByRole("radio", { name: "Other" }).check()
    await page.getByLabel("Other amount (EUR)").fill("4000.02")
    await page.getByRole("button", { name: "Top up €4,000.02" }).click()
    await page.getByRole("alert").getByText("Payment declined").waitFor()
    expect(await customer.balance()).toBe("1")
    expectClean(visitor)
  })

  it("lists all that was paid in and charged, newest first, and more when it is asked for", async () => {
    const customer = await openCustomer(host, "0")
    const { id } = await customer.addNumber("NL", "mobile", "+31643000001")
    const many = Array.from({ length: 55 }, (_, i) => String(i + 1))
    for (const amount of many) await customer.call("POST", "wallet/top_ups", { amount })
    await customer.call("PUT", `numbers/${id}/sms`, { enabled: true })
    await customer.call("POST", "sms/send", { from_number_id: id, to: "+31612345678", body: "Hello" })

    await using visitor = await visitAs(customer, "/wallet")
    const { page } = visitor
    const rows = page.getByRole("table", { name: "Transactions" }).getByRole("row")
    await eventually(() => rows.count()).toBe(51)
    await page.getByRole("button", { name: "Load more" }).click()
    await eventually(() => rows.count()).toBe(58)
    expect(await page.getByRole("button", { name: "Load more" }).count()).toBe(0)
    const texts = await rows.allInnerTexts()
    expect(texts[1]).toMatch(/^SMS sent\s.*Message \d+\s+-€\d/s)
    expect(texts[2]).toMatch(/^SMS add-on\s.*\+31643000001.*-€0\.75/s)
    const paid = texts.slice(3).map((text) => /\+€(\d+)\.00/.exec(text)?.[1])
    expect(paid).toEqual(many.toReversed())
    await rows.nth(1).getByRole("link").click()
    await page.getByTestId("body").getByText("Hello").waitFor()
    expectClean(visitor)
  })
})

describe("coverage", () => {
  const [YES, NO] = ["SMS available", "SMS not available"]

  /** Local, mobile, toll-free. */
  const KNOWN: ReadonlyArray<readonly [country: string, ...types: ReadonlyArray<string>]> = [
    ["United States", YES, YES, YES],
    ["United Kingdom", YES, YES, YES],
    ["Netherlands", YES, YES, YES],
    ["Canada", YES, YES, YES],
    ["Germany", YES, YES, NO],
    ["France", YES, YES, NO],
    ["Australia", YES, YES, NO]
  ]

  const sortedBy = (page: Page, header: string) => page.getByRole("columnheader", { name: header })

  it("says of 40 countries and more what works on which type, and what it costs", async () => {
    await using visitor = await visit(browser, host, { path: "/coverage" })
    const { page } = visitor
    await page.getByText(/^\d+ countries$/).waitFor()
    expect(Number((await page.getByText(/^\d+ countries$/).innerText()).split(" ")[0])).toBeGreaterThanOrEqual(40)
    for (const [country, ...types] of KNOWN) {
      const row = page.getByRole("row").filter({ has: page.getByRole("cell", { name: country, exact: false }) })
      const cells = await row.first().getByRole("cell").allTextContents()
      expect([country, ...cells.slice(2, 5)]).toEqual([country, ...types])
    }
    await rowOf(page, "Netherlands").getByText("€0.75").waitFor()
    await rowOf(page, "Netherlands").getByText("€0.008").waitFor()
    expectClean(visitor)
  })

  it("is searched by name, code and dialling code, and sorted either way, over a reload", async () => {
    await using visitor = await visit(browser, host, { path: "/coverage" })
    const { page } = visitor
    const search = page.getByLabel("Search")
    for (const sought of ["german", "DE", "+49", "0049"]) {
      await search.fill(sought)
      await rowOf(page, "Japan").waitFor({ state: "detached" })
      await rowOf(page, "Germany").waitFor()
      await search.fill("")
      await rowOf(page, "Japan").waitFor()
    }
    await search.fill("german")
    await page.getByText("1 country", { exact: true }).waitFor()
    await search.fill("Atlantis")
    await page.getByText("No country matches “Atlantis”.").waitFor()
    await search.fill("")

    const column = () => page.getByRole("table").locator("tbody tr td:nth-child(5)").allTextContents()
    const header = sortedBy(page, "Toll-Free")
    await header.getByRole("button").click()
    await eventually(() => header.getAttribute("aria-sort")).toBe("ascending")
    const up = await column()
    expect(new Set(up)).toEqual(new Set([YES, NO]))
    expect(up.lastIndexOf(YES)).toBeLessThan(up.indexOf(NO))
    await header.getByRole("button").click()
    await eventually(() => header.getAttribute("aria-sort")).toBe("descending")
    await page.reload()
    await eventually(() => header.getAttribute("aria-sort")).toBe("descending")
    expect(await column()).toEqual(up.toReversed())
    expectClean(visitor)
  })

  it("is searched in the reader's language", async () => {
    await using visitor = await visit(browser, host, { path: "/coverage", language: "ja" })
    const { page } = visitor
    await page.getByRole("searchbox").fill("ドイツ")
    await eventually(() => page.getByRole("row").count()).toBe(2)
    await rowOf(page, "ドイツ").waitFor()
    await page.getByRole("searchbox").fill("Germany")
    await rowOf(page, "ドイツ").waitFor()
    expectClean(visitor)
  })
})

describe("opt-outs", () => {
  it("list who wrote STOP, by number, and are removed once somebody says that they consent", async () => {
    const customer = await openCustomer(host)
    const [first, second] = ["+31643000002", "+31643000003"]
    const person = "+31687654321"
    const ids = []
    for (const number of [first, second]) {
      const { id } = await customer.addNumber("NL", "mobile", number)
      await customer.call("PUT", `numbers/${id}/sms`, { enabled: true })
      ids.push(id)
    }
    await using visitor = await visitAs(customer, "/opt-outs")
    const { page } = visitor
    await page.getByText("Nobody has opted out").waitFor()
    await customer.call("POST", "sandbox/inbound", { from: person, to: first, body: "STOP" })
    const send = { from_number_id: ids[0], to: person, body: "Hello" }
    await eventually(async () => (await customer.call("POST", "sms/send", send)).body.code).toBe("opted_out")

    await page.reload()
    await rowOf(page, person).getByText(first).waitFor()
    await page.getByLabel("Number").selectOption({ label: second })
    await page.getByText("Nobody has opted out of this number").waitFor()
    await page.getByRole("button", { name: "Show all numbers" }).click()
    await page.getByRole("button", { name: `Remove the opt-out of ${person}` }).click()
    const question = page.getByRole("dialog")
    await question.getByText("In many countries it is unlawful without their consent.").waitFor()
    await question.getByRole("button", { name: "They consent: remove" }).click()
    await page.getByText("Nobody has opted out").waitFor()
    expect((await customer.call("POST", "sms/send", send)).status).toBe(201)
    expectClean(visitor)
  })
})
