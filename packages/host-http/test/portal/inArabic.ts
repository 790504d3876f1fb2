/** What the tests share that read the portal in Arabic. */
import type { Browser, Locator, Page } from "playwright-core"
import type { Customer } from "../host/customer.ts"
import type { TestHost } from "../host/startHost.ts"
import { visit, type Visitor } from "./visitor.ts"
import { type Words, wordsOf } from "./words.ts"

export const words: Words = wordsOf("ar")

const [LTR_MARK, RTL_MARK, NO_BREAK] = ["\u200E", "\u200F", "\u00A0"]

/** "25.00" as Arabic writes it. Spelt out: the browser's own formatter would agree with itself whatever it did. */
export const euros = (amount: string): string => `${RTL_MARK}${amount}${NO_BREAK}€`

/** "-0.75", whose sign stays before its digits. */
export const signedEuros = (amount: string): string => `${RTL_MARK}${LTR_MARK}${amount}${NO_BREAK}€`

/** The day of a moment, in UTC. Spelt out as well. */
export const dayOf = (timestamp: string): string => {
  const at = new Date(timestamp)
  const two = (part: number) => String(part).padStart(2, "0")
  return [two(at.getUTCDate()), two(at.getUTCMonth() + 1), at.getUTCFullYear()].join(`${RTL_MARK}/`)
}

export const COUNTRY = {
  AE: "الإمارات العربية المتحدة",
  DE: "ألمانيا",
  GB: "المملكة المتحدة",
  JP: "اليابان",
  NL: "هولندا"
}

const integer = new Intl.NumberFormat("ar")
const share = new Intl.NumberFormat("ar", { style: "percent", maximumFractionDigits: 1 })

export const number = (value: number): string => integer.format(value)

export const percent = (value: number): string => share.format(value)

/** As it stands within a sentence that runs from right to left. */
export const isolated = (text: string): string => `\u2066${text}\u2069`

/** The demo's number that sends in these tests, as the From field names it. */
export const SENDER = words("sms:write.sender", { number: isolated("+31201234567"), country: COUNTRY.NL })

export const visitAs = (browser: Browser, host: TestHost, { key }: Customer, path: string): Promise<Visitor> =>
  visit(browser, host, { apiKey: key, language: "ar", path })

type Place = Page | Locator

type Values = Parameters<Words>[1]

export const button = (where: Place, key: string, values?: Values): Locator =>
  where.getByRole("button", { name: words(key, values), exact: true })

export const dialogOf = (page: Page, key: string, values?: Values): Locator =>
  page.getByRole("dialog", { name: words(key, values), exact: true })

/** Where it says just this. */
export const says = (where: Place, key: string, values?: Values): Locator =>
  where.getByText(words(key, values), { exact: true })

export const rowOf = (page: Page, text: string): Locator => page.getByRole("row").filter({ hasText: text })

/** What stands beside a name in a list of facts. */
export const fact = (page: Page, key: string): Locator =>
  page
    .locator("dl > div")
    .filter({ has: says(page, key) })
    .locator("dd")

export const balanceIs = (page: Page, amount: string): Promise<void> =>
  page
    .getByRole("banner")
    .getByRole("link", { name: `${words("common:header.balance")} ${euros(amount)}`, exact: true })
    .waitFor()

/** The secret that a dialog shows, which is then put away: Escape, before that, must not lose it. */
export const takeSecret = async (page: Page, of: string, title: string): Promise<string> => {
  const dialog = dialogOf(page, title)
  await says(dialog, `${of}.warning`).waitFor()
  const secret = await dialog.getByLabel(words(`${of}.label`), { exact: true }).inputValue()
  await page.keyboard.press("Escape")
  await button(dialog, "common:stored").click()
  await dialog.waitFor({ state: "hidden" })
  return secret
}
