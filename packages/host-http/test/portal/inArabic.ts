/** What an Arabic reader is told, and how numbers, money and countries are written for them. */
import { wordsOf } from "./words.ts"

export const words = wordsOf("ar")

const integer = new Intl.NumberFormat("ar")
const share = new Intl.NumberFormat("ar", { style: "percent", maximumFractionDigits: 1 })
const money = new Intl.NumberFormat("ar", { style: "currency", currency: "EUR", maximumFractionDigits: 6 })
const regions = new Intl.DisplayNames("ar", { type: "region" })

export const number = (value: number): string => integer.format(value)

export const percent = (value: number): string => share.format(value)

export const euros = (amount: number): string => money.format(amount)

export const country = (code: string): string => regions.of(code) ?? code

/** A phone number within a sentence, between the marks that keep its plus before it. */
export const phone = (written: string): string => `\u2066${written}\u2069`

/** The demo's number that sends in these tests, as the From field names it. */
export const SENDER = words("sms:write.sender", { number: phone("+31201234567"), country: country("NL") })
