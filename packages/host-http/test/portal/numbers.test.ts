/** Way B of the product's page: SMS on a number that is there already. */
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ADMIN_TOKEN, type Customer, openCustomer, withAdmin } from "../host/customer.ts"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { beside, eventually, expectClean } from "./reading.ts"
import { startPortalHost, visit } from "./visitor.ts"

let browser: Browser
let host: TestHost
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launchChromium(), startPortalHost(withAdmin)])
})
afterAll(async () => {
  await browser.close()
  await host[Symbol.asyncDispose]()
})

/** Mobile numbers of the Netherlands, each handed out once. */
let used = 0

const openWithNumber = async (money?: string) => {
  const customer = await openCustomer(host, money)
  const number = `+316${String(41_000_000 + ++used)}`
  const { id } = await customer.addNumber("NL", "mobile", number)
  return { customer, id, number }
}

const visitAs = ({ key }: Customer, path: string, width?: number) =>
  visit(browser, host, { apiKey: key, path, ...(width === undefined ? {} : { width }) })

const toggleOf = (page: Page) => page.getByRole("switch", { name: "SMS on this number" })

/** Rows are records: the cells of the one that has the text. */
const rowOf = (page: Page, text: string) => page.getByRole("row").filter({ hasText: text })

const balanceIs = (page: Page, amount: string) =>
  page
    .getByRole("banner")
    .getByRole("link", { name: `Balance ${amount}` })
    .waitFor()

/** What stands beside a name in a list of facts. */
const fact = (page: Page, name: string) =>
  page
    .locator("dl > div")
    .filter({ has: page.getByText(name, { exact: true }) })
    .locator("dd")

describe("SMS on a number of one's own", () => {
  it("is switched on from My Numbers for its monthly price, once that is confirmed", async () => {
    const { customer, number } = await openWithNumber()
    await using visitor = await visitAs(customer, "/numbers")
    const { page } = visitor
    await balanceIs(page, "€25.00")
    await rowOf(page, number).getByText("Off", { exact: true }).waitFor()
    await rowOf(page, number)
      .getByRole("link", { name: `Configure ${number}` })
      .click()
    await page.getByText("€0.75 per month").waitFor()
    expect(await toggleOf(page).isChecked()).toBe(false)
    await toggleOf(page).click()

    const dialog = page.getByRole("dialog")
    await dialog.getByRole("heading", { name: /Enable SMS on .*\?/ }).waitFor()
    await eventually(() => dialog.locator("dl").innerText()).toMatch(
      /SMS add-on per month\s+€0\.75\s+Charged now\s+€0\.75\s+Balance\s+€25\.00\s+Balance after that\s+€24\.25/
    )
    await dialog.getByRole("button", { name: "Cancel" }).click()
    await dialog.waitFor({ state: "hidden" })
    expect(await toggleOf(page).isChecked()).toBe(false)
    expect(await customer.balance()).toBe("25")

    await toggleOf(page).click()
    await dialog.getByRole("button", { name: "Enable SMS" }).click()
    await page.getByText("SMS is on.").waitFor()
    await balanceIs(page, "€24.25")
    expect(await toggleOf(page).isChecked()).toBe(true)
    expect(await customer.balance()).toBe("24.25")

    await page.getByRole("link", { name: "All numbers" }).click()
    await rowOf(page, number).getByText("On", { exact: true }).waitFor()
    await rowOf(page, number).getByText("SMS", { exact: true }).waitFor()
    await rowOf(page, number)
      .getByText(/Paid until \w+/)
      .waitFor()
    await page.getByRole("link", { name: "Wallet", exact: true }).click()
    await eventually(() => page.getByRole("row").nth(1).innerText()).toMatch(/^SMS add-on\s.*-€0\.75\s+€24\.25$/s)
    expectClean(visitor)
  })

  it("can send at once, and neither once it is off again nor costs more when it comes back in the paid month", async () => {
    const { customer, id, number } = await openWithNumber()
    await using visitor = await visitAs(customer, `/numbers/${id}`)
    const { page } = visitor
    const dialog = page.getByRole("dialog")
    const send = { from_number_id: id, to: "+31612345678", body: "Hello" }
    await toggleOf(page).click()
    await dialog.getByRole("button", { name: "Enable SMS" }).click()
    await page.getByText("SMS is on.").waitFor()
    const sent = await customer.call("POST", "sms/send", send)
    expect(sent.status).toBe(201)
    const balance = await customer.balance()

    await toggleOf(page).click()
    await dialog.getByText(/It stays paid until .* you can switch it on again for free\./).waitFor()
    await dialog.getByRole("button", { name: "Switch off SMS" }).click()
    await page.getByText("SMS is off.").waitFor()
    expect(await toggleOf(page).isChecked()).toBe(false)
    expect((await customer.call("POST", "sms/send", send)).body.code).toBe("sms_not_enabled")

    await toggleOf(page).click()
    await dialog.getByText(/This month is paid for until .*, so nothing is charged now\./).waitFor()
    await eventually(() => dialog.locator("dl").innerText()).toMatch(/Charged now\s+€0\.00/)
    await dialog.getByRole("button", { name: "Enable SMS" }).click()
    await page.getByText("SMS is on.").waitFor()
    expect(await customer.balance()).toBe(balance)
    const kinds = (await customer.entries()).map(({ kind }) => kind)
    expect(kinds.filter((kind) => kind === "addon_fee")).toHaveLength(1)
    await page.goto("/sms/compose")
    await page.getByRole("combobox", { name: "From" }).getByText(number).waitFor({ state: "attached" })
    expectClean(visitor)
  })

  it("is not to be had for its type in its country, and then bears no SMS badge", async () => {
    const customer = await openCustomer(host)
    const number = "+498001234568"
    await customer.addNumber("DE", "toll_free", number)
    await using visitor = await visitAs(customer, "/numbers")
    const { page } = visitor
    await rowOf(page, number).getByText("Not available").waitFor()
    expect(await rowOf(page, number).getByText("SMS", { exact: true }).count()).toBe(0)
    await page.getByRole("link", { name: `Configure ${number}` }).click()
    await page.getByText("SMS not available for this number type").waitFor()
    expect(await toggleOf(page).isDisabled()).toBe(true)
    expect(await beside(toggleOf(page))).toContain("SMS not available for this number type")
    expectClean(visitor)
  })

  it("waits until the number is active, then can be switched on", async () => {
    const PENDING = 3
    await using visitor = await visit(browser, host, { path: "/numbers" })
    const { page } = visitor
    await rowOf(page, "+493012345678").getByText("Pending verification").waitFor()
    await rowOf(page, "+493012345678")
      .getByRole("link", { name: /^Configure/ })
      .click()
    await page.getByText("Number must be active to enable SMS").waitFor()
    expect(await toggleOf(page).isDisabled()).toBe(true)
    expect(await beside(toggleOf(page))).toContain("The regulatory verification of the number is not finished.")

    const json = { status: "active" }
    await host.call("PATCH", `/api/v1/admin/numbers/${PENDING}`, { key: ADMIN_TOKEN, json })
    await page.reload()
    await toggleOf(page).click()
    await page.getByRole("dialog").getByRole("button", { name: "Enable SMS" }).click()
    await page.getByText("SMS is on.").waitFor()
    expect(await page.getByText("Number must be active to enable SMS").count()).toBe(0)
    expectClean(visitor)
  })

  it("is refused in the host's words where the number ceased to be active meanwhile", async () => {
    const { customer, id } = await openWithNumber()
    await using visitor = await visitAs(customer, `/numbers/${id}`)
    const { page } = visitor
    await toggleOf(page).click()
    const json = { status: "suspended" }
    await host.call("PATCH", `/api/v1/admin/numbers/${id}`, { key: ADMIN_TOKEN, json })
    await page.getByRole("dialog").getByRole("button", { name: "Enable SMS" }).click()
    await page.getByRole("dialog").getByText("Number must be active to enable SMS").waitFor()
    expect(await customer.balance()).toBe("25")
    expectClean(visitor)
  })

  it("is not had without the money, of which nothing is taken", async () => {
    const { customer, id } = await openWithNumber("0.10")
    await using visitor = await visitAs(customer, `/numbers/${id}`)
    const { page } = visitor
    await toggleOf(page).click()
    const dialog = page.getByRole("dialog")
    await dialog.getByText("Insufficient wallet balance").waitFor()
    await dialog.getByRole("button", { name: "Enable SMS" }).click()
    await dialog.getByText("The add-on costs EUR 0.75 a month, the wallet holds EUR 0.10.").waitFor()
    expect(await dialog.getByText("Insufficient wallet balance").count()).toBe(1)
    expect(await customer.balance()).toBe("0.1")
    expect(await customer.entries()).toHaveLength(1)

    await dialog.getByRole("link", { name: "To the wallet" }).click()
    await page.getByRole("heading", { name: "Wallet" }).waitFor()
    await page.getByText("Low balance").waitFor()
    expectClean(visitor)
  })

  it("is looked at on a phone as well", async () => {
    const { customer, number } = await openWithNumber()
    await using visitor = await visitAs(customer, "/numbers", 390)
    const { page } = visitor
    const card = page.getByRole("list", { name: "My Numbers" }).getByRole("listitem").filter({ hasText: number })
    await card.getByText("SMS", { exact: true }).first().waitFor()
    await card.getByRole("link", { name: `Configure ${number}` }).click()
    await toggleOf(page).click()
    await page.getByRole("dialog").getByRole("button", { name: "Enable SMS" }).click()
    await page.getByText("SMS is on.").waitFor()
    expectClean(visitor)
  })
})

describe("the number's page", () => {
  it("says that its carrier hook is set, and by itself when it last fired", async () => {
    const { customer, id, number } = await openWithNumber()
    await customer.call("PUT", `numbers/${id}/sms`, { enabled: true })
    await using visitor = await visitAs(customer, `/numbers/${id}`)
    const { page } = visitor
    await eventually(() => fact(page, "Carrier webhook").innerText()).toBe("Configured")
    expect(await fact(page, "Profile").innerText()).toBe("Assigned")
    expect(await fact(page, "Last inbound message").innerText()).toBe("Never")
    await page.getByText("The webhook is set, and has not fired yet").waitFor()

    const reply = { from: "+31687654321", to: number, body: "Hi" }
    expect((await customer.call("POST", "sandbox/inbound", reply)).status).toBe(202)
    const year = String(new Date().getUTCFullYear())
    await eventually(() => fact(page, "Last inbound message").innerText()).toContain(year)
    await page.getByText("The webhook works: the carrier passes on what people send to this number.").waitFor()
    expectClean(visitor)
  })

  it("says why messages stay in queued where no messaging profile is assigned", async () => {
    const { customer, id } = await openWithNumber()
    const json = { messaging_profile_assigned: false }
    await host.call("PATCH", `/api/v1/admin/numbers/${id}`, { key: ADMIN_TOKEN, json })
    await using visitor = await visitAs(customer, `/numbers/${id}`)
    const { page } = visitor
    await eventually(() => fact(page, "Profile").innerText()).toBe("Not assigned")
    await page.getByText("Messages stay in queued").waitFor()
    expectClean(visitor)
  })

  it("says that there is no such number", async () => {
    await using visitor = await visit(browser, host, { path: "/numbers/999999" })
    await visitor.page.getByRole("alert").getByText("There is no number 999999 in this account.").waitFor()
    expectClean(visitor)
  })
})
