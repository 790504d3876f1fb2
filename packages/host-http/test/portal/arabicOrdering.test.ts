/** Numbers ordered with SMS, in three steps, by somebody who reads Arabic. */
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { type Caller, openCustomer, withAdmin } from "../host/customer.ts"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { balanceIs, button, COUNTRY, euros, rowOf, says, visitAs, words } from "./inArabic.ts"
import { beside, eventually, expectClean } from "./reading.ts"
import { startPortalHost } from "./visitor.ts"

let browser: Browser
let host: TestHost
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launchChromium(), startPortalHost(withAdmin)])
})
afterAll(async () => {
  await browser.close()
  await host[Symbol.asyncDispose]()
})

describe("an order in Arabic", () => {
  const stepIs = (page: Page, step: 1 | 2 | 3) =>
    page
      .getByRole("heading", {
        name: words("numbers:orderPage.stepOf", { step, name: words(`numbers:orderPage.step.${step}`) }),
        exact: true
      })
      .waitFor()

  /** The first numbers that are offered there. */
  const free = async (customer: Caller, query = "country=NL&type=mobile"): Promise<readonly [string, string]> => {
    const { numbers } = (await customer.call("GET", `numbers/available?${query}&limit=2`)).body
    return [numbers[0].number, numbers[1].number]
  }

  const numbersOf = async (customer: Caller) =>
    (await customer.call("GET", "numbers")).body.numbers.map(({ number }: { readonly number: string }) => number)

  const look = async (page: Page, country: string, type: string) => {
    await page.getByLabel(words("numbers:orderPage.country"), { exact: true }).selectOption({ label: country })
    await says(page.getByRole("radiogroup"), `numbers:type.${type}`).click()
  }

  const offerOf = (page: Page, number: string) => page.getByRole("checkbox", { name: number, exact: true })

  const smsOn = (page: Page, number: string) =>
    page.getByRole("checkbox", { name: words("numbers:orderPage.smsFor", { number }), exact: true })

  const optionsOf = (page: Page, number: string) =>
    page
      .getByRole("list", { name: words("numbers:orderPage.options"), exact: true })
      .getByRole("listitem")
      .filter({ hasText: number })

  const pay = (page: Page, amount: string) => button(page, "numbers:orderPage.confirm", { price: euros(amount) })

  const toSummary = async (page: Page, numbers: ReadonlyArray<string>) => {
    await look(page, COUNTRY.NL, "mobile")
    for (const number of numbers) await offerOf(page, number).check()
    await button(page, "common:action.next").click()
    await stepIs(page, 2)
    await button(page, "common:action.next").click()
    await stepIs(page, 3)
  }

  it("does not go on while nothing is chosen, and sums up what is, against what the wallet holds", async () => {
    const customer = await openCustomer(host)
    const [dutch] = await free(customer)
    const [german] = await free(customer, "country=DE&type=toll_free")
    await using visitor = await visitAs(browser, host, customer, "/numbers")
    const { page } = visitor
    await page.getByRole("link", { name: words("numbers:order"), exact: true }).click()
    await stepIs(page, 1)
    await says(page, "numbers:orderPage.chosen_zero", { count: 0 }).waitFor()
    expect(await button(page, "common:action.next").isDisabled()).toBe(true)

    await look(page, COUNTRY.NL, "mobile")
    await offerOf(page, dutch).check()
    expect(await beside(offerOf(page, dutch))).toContain(words("numbers:perMonth", { price: euros("1.00") }))
    await says(page, "numbers:orderPage.chosen_one", { count: 1 }).waitFor()
    await look(page, COUNTRY.DE, "toll_free")
    await says(page, "numbers:sms.unavailable").waitFor()
    await offerOf(page, german).check()
    expect(await beside(offerOf(page, german))).toContain(words("numbers:orderPage.verified"))
    await says(page, "numbers:orderPage.chosen_two", { count: 2 }).waitFor()
    await button(page, "common:action.next").click()

    await stepIs(page, 2)
    await says(optionsOf(page, dutch), "numbers:perMonth", { price: euros("0.75") }).waitFor()
    await smsOn(page, dutch).check()
    expect(await smsOn(page, german).isDisabled()).toBe(true)
    await says(optionsOf(page, german), "numbers:sms.unavailable").waitFor()
    await button(page, "common:action.next").click()

    await stepIs(page, 3)
    await eventually(() => rowOf(page, dutch).getByRole("cell").allInnerTexts()).toEqual([
      dutch,
      words("numbers:type.mobile"),
      euros("1.00"),
      euros("0.75"),
      euros("1.75")
    ])
    expect(await rowOf(page, german).getByRole("cell").allInnerTexts()).toEqual([
      german,
      words("numbers:type.toll_free"),
      euros("1.00"),
      words("numbers:orderPage.noSms"),
      euros("1.00")
    ])
    await eventually(() => page.locator("dd").allInnerTexts()).toEqual([euros("2.75"), euros("25.00"), euros("22.25")])
    expect(await page.locator("dt").allInnerTexts()).toEqual([
      words("numbers:orderPage.total"),
      words("wallet:paying.balance"),
      words("wallet:paying.left")
    ])
    expect(await customer.balance()).toBe("25")
    await pay(page, "2.75").click()

    await says(page, "numbers:orderPage.done.title_two", { count: 2 }).waitFor()
    await says(page, "numbers:orderPage.done.pending").waitFor()
    await balanceIs(page, "22.25")
    expect(await customer.balance()).toBe("22.25")
    expectClean(visitor)
  })

  it("of a number that somebody takes meanwhile says so, charges nothing, and goes on with the others", async () => {
    const [customer, other] = await Promise.all([openCustomer(host), openCustomer(host)])
    const [taken, left] = await free(customer)
    await using visitor = await visitAs(browser, host, customer, "/numbers/order")
    const { page } = visitor
    await toSummary(page, [taken, left])
    expect((await other.call("POST", "numbers/orders", { items: [{ number: taken }] })).status).toBe(201)
    await pay(page, "2.00").click()
    await says(page.getByRole("alert"), "problems:number_taken.title").waitFor()
    await button(page, "common:action.back").click()
    await says(optionsOf(page, taken), "numbers:orderPage.goneHint").waitFor()
    expect(await customer.balance()).toBe("25")
    expect(await numbersOf(customer)).toEqual([])

    await button(optionsOf(page, taken), "numbers:orderPage.remove", { number: taken }).click()
    await optionsOf(page, taken).waitFor({ state: "detached" })
    await button(page, "common:action.next").click()
    await pay(page, "1.00").click()
    await says(page, "numbers:orderPage.done.title_one", { count: 1 }).waitFor()
    expect(await numbersOf(customer)).toEqual([left])
    expectClean(visitor)
  })

  it("that the wallet cannot pay says so, charges nothing, and is taken up again after a top-up", async () => {
    const customer = await openCustomer(host, "0.50")
    const [number] = await free(customer)
    await using visitor = await visitAs(browser, host, customer, "/numbers/order")
    const { page } = visitor
    await toSummary(page, [number])
    await says(page, "wallet:short.title").waitFor()
    await pay(page, "1.00").click()
    await says(page.getByRole("alert"), "problems:insufficient_balance.help").waitFor()
    expect(await customer.balance()).toBe("0.5")
    expect(await numbersOf(customer)).toEqual([])

    await page.getByRole("link", { name: words("wallet:short.link"), exact: true }).click()
    await page.getByRole("radio", { name: euros("10.00"), exact: true }).check()
    await button(page, "wallet:topUp.submitAmount", { amount: euros("10.00") }).click()
    await balanceIs(page, "10.50")
    await page.goBack()
    await pay(page, "1.00").click()
    await says(page, "numbers:orderPage.done.title_one", { count: 1 }).waitFor()
    await balanceIs(page, "9.50")
    expectClean(visitor)
  })
})
