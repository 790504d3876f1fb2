/** What is to be ordered, as the page's address keeps it: "NL-mobile-31642985808-sms,DE-local-496575694822". */
import type { NumberType } from "../numbers.ts"
import { NUMBER_TYPES } from "../numberTypes.ts"

export interface Item {
  readonly country: string
  readonly type: NumberType
  /** E.164. */
  readonly number: string
  /** Whether the SMS add-on is bought with it. */
  readonly sms: boolean
}

export type Cart = ReadonlyArray<Item>

/** As many as one order may have. */
export const MAX_ITEMS = 50

const ITEM = /^([A-Z]{2})-([a-z_]+)-([1-9]\d{6,14})(-sms)?$/

/** Passes over what is no item, and over a number that is there already. */
export const readCart = (text: string): Cart => {
  const items = new Map<string, Item>()
  for (const part of text.split(",")) {
    const [, country, word, digits, sms] = ITEM.exec(part) ?? []
    const type = NUMBER_TYPES.find((known) => known === word)
    if (country === undefined || type === undefined || digits === undefined) continue
    const number = `+${digits}`
    if (!items.has(number)) items.set(number, { country, type, number, sms: sms !== undefined })
  }
  return [...items.values()].slice(0, MAX_ITEMS)
}

export const writeCart = (cart: Cart): string =>
  cart.map(({ country, number, sms, type }) => `${country}-${type}-${number.slice(1)}${sms ? "-sms" : ""}`).join(",")

export const has = (cart: Cart, number: string): boolean => cart.some((item) => item.number === number)

/** A full cart stays as it is. */
export const withItem = (cart: Cart, item: Item): Cart =>
  has(cart, item.number) || cart.length >= MAX_ITEMS ? cart : [...cart, item]

export const withoutItem = (cart: Cart, number: string): Cart => cart.filter((item) => item.number !== number)

export const withSms = (cart: Cart, number: string, sms: boolean): Cart =>
  cart.map((item) => (item.number === number ? { ...item, sms } : item))
