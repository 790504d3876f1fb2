/** Numbers, money and moments as the reader's language writes them. */
import { useMemo } from "react"
import { useTranslation } from "react-i18next"
import { languageOf } from "./i18n.ts"
import { LANGUAGES } from "./languages.ts"

const MAX_DIGITS = 6

export const formats = (language: string) => {
  const integer = new Intl.NumberFormat(language)
  const percent = new Intl.NumberFormat(language, { style: "percent", maximumFractionDigits: 1 })
  const moment = new Intl.DateTimeFormat(language, { dateStyle: "medium", timeStyle: "short" })
  const exact = new Intl.DateTimeFormat(language, { dateStyle: "long", timeStyle: "long" })
  const time = new Intl.DateTimeFormat(language, { timeStyle: "medium" })
  const shortTime = new Intl.DateTimeFormat(language, { timeStyle: "short" })
  const day = new Intl.DateTimeFormat(language, { dateStyle: "medium" })
  const shortDay = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", timeZone: "UTC" })
  const regions = new Intl.DisplayNames(language, { type: "region" })
  const isRtl = LANGUAGES[languageOf(language)].direction === "rtl"
  const list = new Intl.ListFormat(language, { type: "conjunction" })
  return {
    number: (value: number) => integer.format(value),
    /** A share from 0 to 1. */
    percent: (share: number) => percent.format(share),
    /** `amount`: a decimal string, shown to the last of its digits. */
    money: (amount: string, currency: string) =>
      new Intl.NumberFormat(language, { style: "currency", currency, maximumFractionDigits: MAX_DIGITS })
        // Amounts are decimal strings by the contract; as numbers they would be rounded.
        .format(amount as Intl.StringNumericLiteral),
    /** With a sign also before what is added. */
    signedMoney: (amount: string, currency: string) =>
      new Intl.NumberFormat(language, {
        style: "currency",
        currency,
        maximumFractionDigits: MAX_DIGITS,
        signDisplay: "exceptZero"
      })
        // As above.
        .format(amount as Intl.StringNumericLiteral),
    moment: (timestamp: string) => moment.format(new Date(timestamp)),
    exact: (timestamp: string) => exact.format(new Date(timestamp)),
    time: (timestamp: string) => time.format(new Date(timestamp)),
    shortTime: (timestamp: string) => shortTime.format(new Date(timestamp)),
    day: (timestamp: string) => day.format(new Date(timestamp)),
    /** `date`: 2026-11-01, a day in UTC. */
    shortDay: (date: string) => shortDay.format(new Date(date)),
    /** A phone number inside a sentence: it reads from left to right there too. */
    phone: (number: string) => (isRtl ? `\u2066${number}\u2069` : number),
    /** `code`: ISO 3166-1 alpha-2. */
    country: (code: string) => regions.of(code) ?? code,
    list: (words: ReadonlyArray<string>) => list.format(words)
  }
}

export const useFormat = () => {
  const { i18n } = useTranslation()
  return useMemo(() => formats(i18n.language), [i18n.language])
}
