/** The account's other tabs as somebody uses them who reads Arabic: keys, wallet, coverage and opt-outs. */
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openCustomer, withAdmin } from "../host/customer.ts"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import {
  balanceIs,
  button,
  COUNTRY,
  dialogOf,
  euros,
  isolated,
  rowOf,
  says,
  signedEuros,
  takeSecret,
  visitAs,
  words
} from "./inArabic.ts"
import { beside, eventually, expectClean, isInvalid } from "./reading.ts"
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

describe("API keys in Arabic", () => {
  const NAME = "متجر الكتب"

  it("are named, given rights, shown once, and work until they are revoked", async () => {
    const customer = await openCustomer(host)
    await using visitor = await visitAs(browser, host, customer, "/keys")
    const { page } = visitor
    await button(page, "keys:create").click()
    const dialog = dialogOf(page, "keys:create")
    const name = dialog.getByLabel(words("keys:form.name"), { exact: true })
    const scope = (key: string) => dialog.getByRole("checkbox", { name: words(`keys:scope.${key}.title`), exact: true })
    await says(dialog, "keys:form.liveHint").waitFor()
    await button(dialog, "keys:form.submit").click()
    await eventually(() => isInvalid(name)).toBe(true)
    expect(await beside(name)).toContain(words("common:required"))

    await name.fill(NAME)
    for (const key of ["smsSend", "smsRead", "numbers", "wallet", "webhooks", "keys"]) await scope(key).uncheck()
    await button(dialog, "keys:form.submit").click()
    await says(dialog, "keys:form.scopesMissing").waitFor()
    await scope("smsSend").check()
    await scope("numbers").check()
    await button(dialog, "keys:form.submit").click()
    const key = await takeSecret(page, "keys:made", "keys:made.title")
    expect(key).toMatch(/^sk_live_\w{40,}$/)

    const cells = rowOf(page, NAME).getByRole("cell")
    await says(rowOf(page, NAME), "keys:mode.live").waitFor()
    expect(await cells.nth(3).innerText()).toBe(
      `${words("keys:scope.smsSend.title")} و${words("keys:scope.numbers.title")}`
    )
    expect(await cells.nth(5).innerText()).toBe(words("common:state.never"))
    expect((await host.call("GET", "numbers", { key })).status).toBe(200)
    expect((await host.call("GET", "wallet", { key })).status).toBe(403)
    await page.reload()
    await rowOf(page, NAME).waitFor()
    expect(await page.content()).not.toContain(key)

    const question = dialogOf(page, "keys:revoke.title", { name: NAME })
    await button(page, "keys:revoke.one", { name: NAME }).click()
    await button(question, "common:action.cancel").click()
    await question.waitFor({ state: "hidden" })
    expect((await host.call("GET", "numbers", { key })).status).toBe(200)
    await button(page, "keys:revoke.one", { name: NAME }).click()
    await button(question, "keys:revoke.confirm").click()
    await rowOf(page, NAME).waitFor({ state: "detached" })
    expect((await host.call("GET", "numbers", { key })).status).toBe(401)
    expectClean(visitor)
  })
})

describe("the wallet in Arabic", () => {
  /** What it is, its subject, the amount and the balance after it; not when it was. */
  const entry = async (page: Page, at: number) => {
    const row = page
      .getByRole("table", { name: words("wallet:entries.title"), exact: true })
      .getByRole("row")
      .nth(at)
    const cells = await row.getByRole("cell").allInnerTexts()
    return cells.toSpliced(1, 1)
  }

  const ownAmount = (page: Page) => page.getByLabel(words("wallet:topUp.own", { currency: "EUR" }), { exact: true })

  const choose = (page: Page, name: string) => page.getByRole("radio", { name, exact: true }).check()

  const submit = (page: Page, amount: string) => button(page, "wallet:topUp.submitAmount", { amount: euros(amount) })

  it("is topped up, which is on it and in the ledger at once, and a wrong amount is told beside its field", async () => {
    const customer = await openCustomer(host, "0")
    await using visitor = await visitAs(browser, host, customer, "/wallet")
    const { page } = visitor
    await says(page, "wallet:entries.empty.title").waitFor()
    await choose(page, euros("50.00"))
    await submit(page, "50.00").click()
    await says(page, "wallet:topUp.done", { amount: euros("50.00") }).waitFor()
    await eventually(() => entry(page, 1)).toEqual([
      words("wallet:kind.top_up"),
      expect.stringContaining(words("wallet:reference.topUp", { id: "" })),
      signedEuros("+50.00"),
      euros("50.00")
    ])

    await choose(page, words("wallet:topUp.other"))
    const own = ownAmount(page)
    for (const wrong of ["", "خمسون", "0", "-5", "1.234"]) {
      await own.fill(wrong)
      await button(page, "wallet:topUp.submit").click()
      await eventually(() => beside(own)).toContain(words("wallet:topUp.invalid"))
    }
    await own.fill("100000.01")
    await button(page, "wallet:topUp.submit").click()
    await eventually(() => beside(own)).toContain(words("wallet:topUp.tooMuch", { max: euros("100,000.00") }))
    await own.fill("1250,34")
    await submit(page, "1,250.34").click()
    await says(page, "wallet:topUp.done", { amount: euros("1,250.34") }).waitFor()
    await balanceIs(page, "1,300.34")
    expect(await page.getByTestId("wallet-balance").innerText()).toBe(euros("1,300.34"))
    expect(await customer.balance()).toBe("1300.34")
    expectClean(visitor)
  })

  it("lists what was charged and for what, and stays as it is when a payment is declined", async () => {
    const customer = await openCustomer(host)
    const number = "+31643100001"
    const { id } = await customer.addNumber("NL", "mobile", number)
    await customer.call("PUT", `numbers/${id}/sms`, { enabled: true })
    const send = { from_number_id: id, to: "+31612345678", body: "مرحبا" }
    const { message } = (await customer.call("POST", "sms/send", send)).body
    const balance = await customer.balance()
    await using visitor = await visitAs(browser, host, customer, "/wallet")
    const { page } = visitor
    await eventually(() => entry(page, 1)).toEqual([
      words("wallet:kind.sms_charge"),
      words("wallet:reference.message", { id: message.id }),
      signedEuros(`-${message.price}`),
      euros(balance)
    ])
    await eventually(() => entry(page, 2)).toEqual([
      words("wallet:kind.addon_fee"),
      number,
      signedEuros("-0.75"),
      euros("24.25")
    ])

    await choose(page, words("wallet:topUp.other"))
    await ownAmount(page).fill("4000.02")
    await submit(page, "4,000.02").click()
    await says(page.getByRole("alert"), "problems:payment_declined.title").waitFor()
    await says(page.getByRole("alert"), "problems:payment_declined.help").waitFor()
    expect(await customer.balance()).toBe(balance)
    expectClean(visitor)
  })
})

describe("coverage in Arabic", () => {
  it("is searched by a country's Arabic name, also without its hamza, and by its English name and codes", async () => {
    await using visitor = await visit(browser, host, { language: "ar", path: "/coverage" })
    const { page } = visitor
    const search = page.getByRole("searchbox", { name: words("coverage:search"), exact: true })
    for (const sought of [COUNTRY.DE, "المانيا", "ألمان", "Germany", "DE", "+49"]) {
      await search.fill(sought)
      await rowOf(page, COUNTRY.JP).waitFor({ state: "detached" })
      await rowOf(page, COUNTRY.DE).waitFor()
      await search.fill("")
      await rowOf(page, COUNTRY.JP).waitFor()
    }
    await search.fill(COUNTRY.DE)
    await says(page, "coverage:results_one", { count: 1 }).waitFor()
    const german = rowOf(page, COUNTRY.DE).getByRole("cell")
    expect((await german.allTextContents()).slice(2, 6)).toEqual([
      words("coverage:available"),
      words("coverage:available"),
      words("coverage:notAvailable"),
      euros("0.75")
    ])
    await search.fill("أطلانتس")
    await says(page, "coverage:empty.text", { search: "أطلانتس" }).waitFor()
    expectClean(visitor)
  })

  it("is sorted by the Arabic names and by any column, either way, over a reload", async () => {
    await using visitor = await visit(browser, host, { language: "ar", path: "/coverage" })
    const { page } = visitor
    const header = (column: string) =>
      page.getByRole("columnheader", { name: words(`coverage:column.${column}`), exact: true })
    const cells = (column: number) => page.locator(`tbody tr td:nth-child(${column})`)
    const names = () => cells(1).locator("span > span:last-child").allInnerTexts()
    await rowOf(page, COUNTRY.JP).waitFor()
    const up = await names()
    expect(up).toContain(COUNTRY.DE)
    expect(up).toEqual(up.toSorted(new Intl.Collator("ar").compare))
    await header("country").getByRole("button").click()
    await eventually(names).toEqual(up.toReversed())
    await page.reload()
    await eventually(() => header("country").getAttribute("aria-sort")).toBe("descending")
    expect(await names()).toEqual(up.toReversed())

    await header("toll_free").getByRole("button").click()
    await eventually(() => header("toll_free").getAttribute("aria-sort")).toBe("ascending")
    const tollFree = await cells(5).allTextContents()
    const [yes, no] = [words("coverage:available"), words("coverage:notAvailable")]
    expect(new Set(tollFree)).toEqual(new Set([yes, no]))
    expect(tollFree.lastIndexOf(yes)).toBeLessThan(tollFree.indexOf(no))
    expectClean(visitor)
  })
})

describe("opt-outs in Arabic", () => {
  it("list who wrote STOP, by number, and are undone once somebody says that they consent", async () => {
    const customer = await openCustomer(host)
    const [first, second] = ["+31643100002", "+31643100003"]
    const person = "+31687654321"
    const { id } = await customer.addNumber("NL", "mobile", first)
    await customer.addNumber("NL", "mobile", second)
    await customer.call("PUT", `numbers/${id}/sms`, { enabled: true })
    await using visitor = await visitAs(browser, host, customer, "/opt-outs")
    const { page } = visitor
    await says(page, "optOuts:empty.title").waitFor()
    await customer.call("POST", "sandbox/inbound", { from: person, to: first, body: "STOP" })
    const send = { from_number_id: id, to: person, body: "مرحبا" }
    await eventually(async () => (await customer.call("POST", "sms/send", send)).body.code).toBe("opted_out")

    await page.reload()
    await rowOf(page, person).getByText(first, { exact: true }).waitFor()
    await page.getByLabel(words("optOuts:filter"), { exact: true }).selectOption({ label: second })
    await says(page, "optOuts:emptyOfNumber.title").waitFor()
    await button(page, "optOuts:showAll").click()
    await button(page, "optOuts:remove.one", { person }).click()
    const question = dialogOf(page, "optOuts:remove.title", { person: isolated(person) })
    const asked = { person: isolated(person), number: isolated(first) }
    await says(question, "optOuts:remove.text", asked).waitFor()
    await button(question, "optOuts:remove.confirm").click()
    await says(page, "optOuts:empty.title").waitFor()
    expect((await customer.call("POST", "sms/send", send)).status).toBe(201)
    expectClean(visitor)
  })
})
