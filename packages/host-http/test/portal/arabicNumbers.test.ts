/** The numbers that are there, and SMS on them, as somebody uses them who reads Arabic. */
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ADMIN_TOKEN, type Customer, openCustomer, withAdmin } from "../host/customer.ts"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { button, COUNTRY, dayOf, dialogOf, euros, fact, isolated, rowOf, says, visitAs, words } from "./inArabic.ts"
import { beside, eventually, expectClean, isInvalid } from "./reading.ts"
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

/** Mobile numbers of the Netherlands, each handed out once. */
let used = 0

const openWithNumber = async (money?: string) => {
  const customer = await openCustomer(host, money)
  const number = `+316${String(44_000_000 + ++used)}`
  const { id } = await customer.addNumber("NL", "mobile", number)
  return { customer, id, number }
}

/** Returns until when it is paid. */
const switchOn = async (customer: Customer, id: number): Promise<string> =>
  (await customer.call("PUT", `numbers/${id}/sms`, { enabled: true })).body.number.sms.paid_until

const toggleOf = (page: Page) => page.getByRole("switch", { name: words("numbers:sms.toggle"), exact: true })

const configure = (page: Page, number: string) =>
  page.getByRole("link", { name: words("numbers:configureOne", { number }), exact: true })

describe("My Numbers in Arabic", () => {
  it("lists each number with its country, type, status and price, and whether it has SMS", async () => {
    const { customer, id, number } = await openWithNumber()
    const paidUntil = await switchOn(customer, id)
    const without = "+498001234569"
    await customer.addNumber("DE", "toll_free", without)
    const pending = "+31644900001"
    await customer.addNumber("NL", "mobile", pending, "pending_verification")
    await using visitor = await visitAs(browser, host, customer, "/numbers")
    const { page } = visitor
    const cells = async (of: string) => (await rowOf(page, of).getByRole("cell").allInnerTexts()).slice(0, 6)
    await eventually(() => cells(number)).toEqual([
      number,
      expect.stringContaining(COUNTRY.NL),
      words("numbers:type.mobile"),
      words("numbers:status.active"),
      expect.stringContaining(words("numbers:sms.state.on")),
      euros("1.00")
    ])
    await says(rowOf(page, number), "numbers:sms.badge").waitFor()
    await says(rowOf(page, number), "numbers:sms.paidUntil", { day: dayOf(paidUntil) }).waitFor()
    expect(await cells(without)).toEqual([
      without,
      expect.stringContaining(COUNTRY.DE),
      words("numbers:type.toll_free"),
      words("numbers:status.active"),
      words("numbers:sms.none"),
      euros("1.00")
    ])
    expect(await says(rowOf(page, without), "numbers:sms.badge").count()).toBe(0)
    await says(rowOf(page, pending), "numbers:status.pending_verification").waitFor()
    await says(rowOf(page, pending), "numbers:sms.state.off").waitFor()
    expectClean(visitor)
  })
})

describe("a number's page in Arabic", () => {
  it("says that its carrier hook is set, and by itself when the last message came in", async () => {
    const { customer, id, number } = await openWithNumber()
    await customer.call("PUT", `numbers/${id}/sms`, { enabled: true })
    await using visitor = await visitAs(browser, host, customer, "/numbers")
    const { page } = visitor
    await configure(page, number).click()
    await eventually(() => fact(page, "numbers:profile.hook").innerText()).toBe(
      words("numbers:profile.hookState.configured")
    )
    expect(await fact(page, "numbers:profile.assigned").innerText()).toBe(words("numbers:profile.assignedYes"))
    const last = fact(page, "numbers:profile.last")
    expect(await last.innerText()).toBe(words("common:state.never"))
    await says(page, "numbers:profile.never").waitFor()

    const reply = { from: "+31687654321", to: number, body: "مرحبا" }
    expect((await customer.call("POST", "sandbox/inbound", reply)).status).toBe(202)
    await says(page, "numbers:profile.works").waitFor()
    expect(await last.innerText()).toContain(String(new Date().getUTCFullYear()))
    expectClean(visitor)
  })

  it("says what ails it where no profile is assigned", async () => {
    const { customer, id } = await openWithNumber()
    const json = { messaging_profile_assigned: false }
    await host.call("PATCH", `/api/v1/admin/numbers/${id}`, { key: ADMIN_TOKEN, json })
    await using visitor = await visitAs(browser, host, customer, `/numbers/${id}`)
    const { page } = visitor
    await says(page, "numbers:profile.unassigned.title").waitFor()
    expect(await fact(page, "numbers:profile.assigned").innerText()).toBe(words("numbers:profile.assignedNo"))
    expectClean(visitor)
  })

  interface Hindered {
    readonly where: string
    readonly number: Parameters<Customer["addNumber"]>
    readonly title: string
    readonly text: string
  }

  it.each<Hindered>([
    {
      where: "its type has none in its country",
      number: ["DE", "toll_free", "+498001234570"],
      title: "unavailable",
      text: "unavailableHint"
    },
    {
      where: "it is not verified yet",
      number: ["NL", "mobile", "+31644900002", "pending_verification"],
      title: "notActive",
      text: "why.pending_verification"
    },
    {
      where: "it is suspended",
      number: ["NL", "mobile", "+31644900003", "suspended"],
      title: "notActive",
      text: "why.suspended"
    }
  ])("says why it can have no SMS where $where", async ({ number, text, title }) => {
    const customer = await openCustomer(host)
    const { id } = await customer.addNumber(...number)
    await using visitor = await visitAs(browser, host, customer, `/numbers/${id}`)
    const { page } = visitor
    await says(page, `numbers:sms.${title}`).waitFor()
    expect(await toggleOf(page).isDisabled()).toBe(true)
    expect(await beside(toggleOf(page))).toContain(words(`numbers:sms.${title}`))
    expect(await beside(toggleOf(page))).toContain(words(`numbers:sms.${text}`))
    expectClean(visitor)
  })

  it("switches SMS off once that is confirmed, and on again in the paid month for nothing", async () => {
    const { customer, id, number } = await openWithNumber()
    const day = dayOf(await switchOn(customer, id))
    const isOn = async () => (await customer.call("GET", `numbers/${id}`)).body.number.sms.enabled
    await using visitor = await visitAs(browser, host, customer, `/numbers/${id}`)
    const { page } = visitor
    const question = dialogOf(page, "numbers:switch.offTitle", { number: isolated(number) })
    await toggleOf(page).click()
    await says(question, "numbers:switch.offText").waitFor()
    await button(question, "common:action.cancel").click()
    await question.waitFor({ state: "hidden" })
    expect(await toggleOf(page).isChecked()).toBe(true)
    expect(await isOn()).toBe(true)

    await toggleOf(page).click()
    await says(question, "numbers:switch.offPaidText", { day }).waitFor()
    await button(question, "numbers:switch.disable").click()
    await says(page, "numbers:switch.disabled").waitFor()
    expect(await toggleOf(page).isChecked()).toBe(false)
    await says(page, "numbers:sms.state.off").waitFor()
    expect(await isOn()).toBe(false)

    await toggleOf(page).click()
    await eventually(() => fact(page, "numbers:switch.now").innerText()).toBe(euros("0.00"))
    expect(await fact(page, "numbers:switch.month").innerText()).toBe(euros("0.75"))
    await button(
      dialogOf(page, "numbers:switch.onTitle", { number: isolated(number) }),
      "numbers:switch.enable"
    ).click()
    await says(page, "numbers:switch.enabled").waitFor()
    expect(await customer.balance()).toBe("24.25")
    expectClean(visitor)
  })

  it("says before and after it is tried that the wallet is too poor for SMS, and charges nothing", async () => {
    const { customer, id, number } = await openWithNumber("0.10")
    await using visitor = await visitAs(browser, host, customer, `/numbers/${id}`)
    const { page } = visitor
    await toggleOf(page).click()
    const dialog = dialogOf(page, "numbers:switch.onTitle", { number: isolated(number) })
    await says(dialog, "wallet:short.title").waitFor()
    await says(dialog, "wallet:short.text").waitFor()
    expect(await fact(page, "wallet:paying.balance").innerText()).toBe(euros("0.10"))
    await button(dialog, "numbers:switch.enable").click()
    await says(dialog.getByRole("alert"), "problems:insufficient_balance.help").waitFor()
    expect(await says(dialog, "problems:insufficient_balance.title").count()).toBe(1)
    expect(await customer.balance()).toBe("0.1")
    expect(await customer.entries()).toHaveLength(1)

    await dialog.getByRole("link", { name: words("wallet:short.link"), exact: true }).click()
    await says(page, "wallet:low").waitFor()
    expectClean(visitor)
  })

  it("keeps what it answers to HELP, counts its segments, and takes it away again", async () => {
    const { customer, id } = await openWithNumber()
    const helpText = async () => (await customer.call("GET", `numbers/${id}`)).body.number.help_text
    await using visitor = await visitAs(browser, host, customer, `/numbers/${id}`)
    const { page } = visitor
    const field = page.getByLabel(words("numbers:help.label"), { exact: true })
    await says(page, "numbers:help.empty").waitFor()
    await field.fill("   ")
    await button(page, "common:action.save").click()
    await eventually(() => beside(field)).toContain(words("numbers:help.missing"))

    // A segment in Unicode has 70 characters, and one of several has 67.
    const answer = "م".repeat(71)
    await field.fill(answer)
    await says(page, "numbers:help.segments_two", { count: 2 }).waitFor()
    await says(page, "numbers:help.characters_many", { count: 71, max: "1,600" }).waitFor()
    await button(page, "common:action.save").click()
    await says(page, "numbers:help.saved").waitFor()
    expect(await helpText()).toBe(answer)
    await page.reload()
    await eventually(() => field.inputValue()).toBe(answer)
    await button(page, "numbers:help.remove").click()
    await says(page, "numbers:help.removed").waitFor()
    expect(await helpText()).toBeNull()
    expectClean(visitor)
  })

  it("tells in no English that the host will not have a text for HELP", async () => {
    const { customer, id } = await openWithNumber()
    await using visitor = await visitAs(browser, host, customer, `/numbers/${id}`)
    const { page } = visitor
    const field = page.getByLabel(words("numbers:help.label"), { exact: true })
    await field.fill("مرحبا\u0000")
    await button(page, "common:action.save").click()
    await eventually(() => isInvalid(field)).toBe(true)
    expect(await beside(field)).toBe(words("numbers:help.refused"))
    expectClean(visitor)
  })
})
