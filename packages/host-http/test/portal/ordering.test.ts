/** Way A of the product's page: numbers ordered with SMS, in three steps. */
import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Caller, type Customer, openCustomer, withAdmin } from "../host/customer.ts"
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

const shop = ({ key }: Customer, path = "/numbers/order") => visit(browser, host, { apiKey: key, path })

/** The first numbers that are offered there. */
const free = async (customer: Caller, query = "country=NL&type=mobile"): Promise<readonly [string, string]> => {
  const { numbers } = (await customer.call("GET", `numbers/available?${query}&limit=2`)).body
  return [numbers[0].number, numbers[1].number]
}

const stepIs = (page: Page, step: "1 of 3: Numbers" | "2 of 3: Options" | "3 of 3: Summary") =>
  page.getByRole("heading", { name: `Step ${step}` }).waitFor()

const next = (page: Page) => page.getByRole("button", { name: "Next" }).click()

const look = async (page: Page, country: string, type: string) => {
  await page.getByLabel("Country").selectOption({ label: country })
  await page.getByRole("radiogroup", { name: "Type" }).getByText(type, { exact: true }).click()
}

const offerOf = (page: Page, number: string) => page.getByRole("checkbox", { name: number })

const optionsOf = (page: Page, number: string) =>
  page.getByRole("list", { name: "Options of each number" }).getByRole("listitem").filter({ hasText: number })

const badge = (where: Locator) => where.getByText("SMS", { exact: true })

/** To the summary with these numbers of the Netherlands, with SMS where it is said. */
const toSummary = async (page: Page, numbers: ReadonlyArray<string>, withSms: ReadonlyArray<string> = []) => {
  await look(page, "Netherlands", "Mobile")
  for (const number of numbers) await offerOf(page, number).check()
  await next(page)
  for (const number of withSms) await page.getByRole("checkbox", { name: `SMS on ${number}` }).check()
  await next(page)
  await stepIs(page, "3 of 3: Summary")
}

const numbersOf = async (customer: Caller) =>
  (await customer.call("GET", "numbers")).body.numbers.map(({ number }: { readonly number: string }) => number)

const balanceIs = (page: Page, amount: string) =>
  page
    .getByRole("banner")
    .getByRole("link", { name: `Balance ${amount}` })
    .waitFor()

describe("an order", () => {
  it("goes from country and type by SMS and its price to the total, and is charged once it is confirmed", async () => {
    const customer = await openCustomer(host)
    const [dutch] = await free(customer)
    const [german] = await free(customer, "country=DE&type=toll_free")
    await using visitor = await shop(customer, "/numbers")
    const { page } = visitor
    await page.getByRole("link", { name: "Order numbers" }).click()

    await stepIs(page, "1 of 3: Numbers")
    expect(await page.getByRole("button", { name: "Next" }).isDisabled()).toBe(true)
    await look(page, "Netherlands", "Mobile")
    await offerOf(page, dutch).check()
    await badge(page.getByRole("group", { name: "Available numbers" }))
      .first()
      .waitFor()
    await look(page, "Germany", "Toll-Free")
    await page.getByText("SMS not available for this number type").waitFor()
    await offerOf(page, german).check()
    expect(await badge(page.getByRole("group", { name: "Available numbers" })).count()).toBe(0)
    await page.getByText("2 numbers chosen").waitFor()
    await next(page)

    await stepIs(page, "2 of 3: Options")
    const sms = page.getByRole("checkbox", { name: `SMS on ${dutch}` })
    expect(await sms.isChecked()).toBe(false)
    await optionsOf(page, dutch).getByText("€0.75 per month", { exact: true }).waitFor()
    expect(await badge(optionsOf(page, dutch)).count()).toBeGreaterThan(0)
    await sms.check()
    expect(await page.getByRole("checkbox", { name: `SMS on ${german}` }).isDisabled()).toBe(true)
    await optionsOf(page, german).getByText("SMS not available for this number type").waitFor()
    expect(await optionsOf(page, german).getByText("€0.75").count()).toBe(0)
    await next(page)

    await stepIs(page, "3 of 3: Summary")
    const rows = page.getByRole("table", { name: "Summary" }).getByRole("row")
    await eventually(() => rows.filter({ hasText: dutch }).innerText()).toMatch(/Mobile\s+€1\.00\s+€0\.75\s+€1\.75$/)
    expect(await rows.filter({ hasText: german }).innerText()).toMatch(/Toll-Free\s+€1\.00\s+Without SMS\s+€1\.00$/)
    await eventually(() => page.locator("dl").innerText()).toMatch(
      /^Total\s+€2\.75\s+Balance\s+€25\.00\s+Balance after that\s+€22\.25$/
    )
    expect(await customer.balance()).toBe("25")
    await page.getByRole("button", { name: "Order and pay €2.75" }).click()

    await page.getByText("2 numbers ordered").waitFor()
    await page.getByText("Numbers that must be verified first become active once that is done.").waitFor()
    await balanceIs(page, "€22.25")
    expect(await customer.balance()).toBe("22.25")
    await page.getByRole("link", { name: "To My Numbers" }).click()
    const mine = page.getByRole("table", { name: "My Numbers" }).getByRole("row")
    await badge(mine.filter({ hasText: dutch })).waitFor()
    await mine.filter({ hasText: dutch }).getByText("On", { exact: true }).waitFor()
    await mine.filter({ hasText: german }).getByText("Pending verification").waitFor()
    expect(await badge(mine.filter({ hasText: german })).count()).toBe(0)
    expectClean(visitor)
  })

  it("keeps its step and choices over a reload, and goes back by the button and by the browser", async () => {
    const customer = await openCustomer(host)
    const [one, two] = await free(customer)
    await using visitor = await shop(customer)
    const { page } = visitor
    await toSummary(page, [one, two], [two])
    await page.reload()
    await stepIs(page, "3 of 3: Summary")
    await page.getByRole("button", { name: "Order and pay €2.75" }).waitFor()

    await page.getByRole("button", { name: "Back" }).click()
    await stepIs(page, "2 of 3: Options")
    await page.reload()
    await stepIs(page, "2 of 3: Options")
    expect(await page.getByRole("checkbox", { name: `SMS on ${two}` }).isChecked()).toBe(true)
    expect(await page.getByRole("checkbox", { name: `SMS on ${one}` }).isChecked()).toBe(false)

    await page.goBack()
    await stepIs(page, "3 of 3: Summary")
    await page.goBack()
    await page.goBack()
    await stepIs(page, "1 of 3: Numbers")
    await page.goForward()
    await stepIs(page, "2 of 3: Options")
    await page.getByRole("list", { name: "Steps of the order" }).getByRole("button", { name: "Numbers" }).click()
    await stepIs(page, "1 of 3: Numbers")
    expect(await offerOf(page, one).isChecked()).toBe(true)
    await page.getByRole("button", { name: `Remove ${one}` }).click()
    await page.getByText("1 number chosen").waitFor()
    expect(await offerOf(page, one).isChecked()).toBe(false)
    expect(await customer.entries()).toHaveLength(1)
    expectClean(visitor)
  })

  it("of a number that somebody takes meanwhile says so, charges nothing, and goes on with the others", async () => {
    const [customer, other] = await Promise.all([openCustomer(host), openCustomer(host)])
    const [taken, left] = await free(customer)
    await using visitor = await shop(customer)
    const { page } = visitor
    await toSummary(page, [taken, left], [taken])
    expect((await other.call("POST", "numbers/orders", { items: [{ number: taken }] })).status).toBe(201)
    await page.getByRole("button", { name: "Order and pay €2.75" }).click()
    await page.getByText("Number is no longer available").first().waitFor()
    expect(await customer.balance()).toBe("25")
    expect(await numbersOf(customer)).toEqual([])

    await page.getByRole("button", { name: "Choose another number" }).click()
    await stepIs(page, "1 of 3: Numbers")
    await page.getByRole("button", { name: `Remove ${taken}` }).click()
    await next(page)
    await next(page)
    await page.getByRole("button", { name: "Order and pay €1.00" }).click()
    await page.getByText("1 number ordered").waitFor()
    expect(await numbersOf(customer)).toEqual([left])
    expect(await customer.balance()).toBe("24")
    expectClean(visitor)
  })

  it("whose only number is taken meanwhile says so too", async () => {
    const [customer, other] = await Promise.all([openCustomer(host), openCustomer(host)])
    const [taken] = await free(customer)
    await using visitor = await shop(customer)
    const { page } = visitor
    await toSummary(page, [taken], [taken])
    await other.call("POST", "numbers/orders", { items: [{ number: taken }] })
    await page.getByRole("button", { name: "Order and pay €1.75" }).click()
    await page.getByText("Number is no longer available").first().waitFor()
    await page.getByRole("button", { name: "Back" }).click()
    await optionsOf(page, taken).getByText("Somebody has it already. Remove it, or choose another number.").waitFor()
    expect(await customer.entries()).toHaveLength(1)
    expectClean(visitor)
  })

  it("that the wallet cannot pay is refused, charges nothing, and is taken up again after a top-up", async () => {
    const customer = await openCustomer(host, "0.50")
    const [number] = await free(customer)
    await using visitor = await shop(customer)
    const { page } = visitor
    await toSummary(page, [number])
    await page.getByText("Insufficient wallet balance").waitFor()
    await page.getByRole("button", { name: "Order and pay €1.00" }).click()
    await page.getByRole("alert").getByText("The order costs EUR 1.00, the wallet holds EUR 0.50.").waitFor()
    await page.getByRole("alert").getByText("Insufficient wallet balance").waitFor()
    expect(await customer.balance()).toBe("0.5")
    expect(await numbersOf(customer)).toEqual([])

    await page.getByRole("link", { name: "To the wallet" }).click()
    await page.getByRole("radio", { name: "€10.00" }).check()
    await page.getByRole("button", { name: "Top up €10.00" }).click()
    await balanceIs(page, "€10.50")
    await page.goBack()
    await page.getByRole("button", { name: "Order and pay €1.00" }).click()
    await page.getByText("1 number ordered").waitFor()
    await balanceIs(page, "€9.50")
    expectClean(visitor)
  })

  it("whose answer is lost was carried out once, and the pages show it", async () => {
    const customer = await openCustomer(host)
    const [number] = await free(customer)
    await using visitor = await shop(customer)
    const { page } = visitor
    await toSummary(page, [number])
    await page.route(
      "**/numbers/orders",
      async (route) => {
        await route.fetch()
        await route.abort()
      },
      { times: 1 }
    )
    await page.getByRole("button", { name: "Order and pay €1.00" }).click()
    await page.getByText("No answer came").waitFor()
    await page.getByRole("link", { name: "My Numbers" }).click()
    await page.getByRole("row").filter({ hasText: number }).waitFor()
    await balanceIs(page, "€24.00")
    expect(await customer.entries()).toHaveLength(2)
    expectClean(visitor)
  })
})

describe("what is offered", () => {
  it("names the numbers that must be verified first, and says beside them when their month begins", async () => {
    const customer = await openCustomer(host)
    const [number] = await free(customer, "country=DE&type=mobile")
    await using visitor = await shop(customer)
    const { page } = visitor
    await look(page, "Germany", "Mobile")
    await eventually(() => beside(offerOf(page, number))).toContain("Must be verified first")
    expect(await beside(offerOf(page, number))).toContain("€1.00 per month")
    await offerOf(page, number).check()
    await next(page)
    await optionsOf(page, number).getByText("Its month of SMS begins once it is active.").waitFor()
    expectClean(visitor)
  })
})
