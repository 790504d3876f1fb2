/**
 * Port: what one segment costs, by destination. One that has no price cannot be sent to; it is never free.
 *
 * The most specific entry of a deck decides: the longest prefix that is longer than the calling code, else the
 * country's entry, else a prefix within the calling code, else the price of all countries. So a price for all of +1
 * does not open Jamaica again where Jamaica is off, and a blocked range stays blocked in a country that has a price.
 * A number of no country (+882: satellites, ships) is reached by a listed prefix alone, as no list price covers it.
 */
import { Context, Layer, Schema } from "effect"
import { type Currency, EUR, Micros, money, type Money } from "../Money.ts"
import { callingCodeOf, planOf } from "../NumberingPlan.ts"
import type { CountryCode, Destination } from "../PhoneNumber.ts"

/** First digits of an E.164 number, without the +. */
export const DialPrefix = Schema.String.check(
  Schema.isPattern(/^[1-9]\d{0,14}$/, { expected: "1 to 15 digits that begin with a country code, without the +" })
).pipe(Schema.brand("DialPrefix"))
export type DialPrefix = typeof DialPrefix.Type

/** Price of one segment, or not to be sent to. */
export type Tariff = Micros | "off"

export interface Rates {
  readonly currency: Currency
  /** Of every country without an entry of its own; null: only what is listed can be reached. */
  readonly everyCountry: Micros | null
  readonly countries: ReadonlyMap<CountryCode, Tariff>
  readonly prefixes: ReadonlyMap<DialPrefix, Tariff>
}

/** Rates, indexed for look-up: at most one probe for each length that a prefix has. */
export interface Deck {
  readonly everyCountry: Money | null
  readonly countries: ReadonlyMap<CountryCode, Money | "off">
  readonly prefixes: ReadonlyMap<string, Money | "off">
  /** Lengths that prefixes have, the longest first. */
  readonly prefixLengths: ReadonlyArray<number>
}

export const makeDeck = (rates: Rates): Deck => {
  const priced = (tariff: Tariff) => (tariff === "off" ? tariff : money(tariff, rates.currency))
  const lengths = new Set([...rates.prefixes.keys()].map((prefix) => prefix.length))
  return {
    everyCountry: rates.everyCountry === null ? null : money(rates.everyCountry, rates.currency),
    countries: new Map([...rates.countries].map(([country, tariff]) => [country, priced(tariff)])),
    prefixes: new Map([...rates.prefixes].map(([prefix, tariff]) => [prefix, priced(tariff)])),
    prefixLengths: [...lengths].sort((a, b) => b - a)
  }
}

/** Price of one segment to a destination; null if it is not supported. */
export const rateFor = (deck: Deck, { country, number }: Destination): Money | null =>
  priceOf(mostSpecific(deck, country, number.slice(1)))

/** The same for a country at large: what its numbers cost that no prefix within it singles out. */
export const rateForCountry = (deck: Deck, country: CountryCode): Money | null =>
  priceOf(mostSpecific(deck, country, callingCodeOf(country)))

const priceOf = (rate: Money | "off" | null): Money | null => (rate === "off" ? null : rate)

const mostSpecific = (deck: Deck, country: CountryCode | null, digits: string): Money | "off" | null => {
  const prefix = longestPrefix(deck, digits)
  const ofCountry = country === null ? undefined : deck.countries.get(country)
  if (prefix === null) return ofCountry ?? (country === null ? null : deck.everyCountry)
  if (ofCountry === undefined) return prefix.rate
  const callingCode = planOf(digits)?.callingCode ?? ""
  return prefix.length > callingCode.length ? prefix.rate : ofCountry
}

const longestPrefix = (deck: Deck, digits: string) => {
  for (const length of deck.prefixLengths) {
    const prefix = digits.slice(0, length)
    const rate = deck.prefixes.get(prefix)
    // `digits` may be shorter than the prefixes of the deck.
    if (rate !== undefined) return { length: prefix.length, rate }
  }
  return null
}

export class RateDeck extends Context.Service<
  RateDeck,
  {
    /** Price of one segment to a destination; null if it is not supported. */
    unitPrice(to: Destination): Money | null
    /** What a segment costs where nothing more specific applies; null if every destination is listed by itself. */
    readonly listPrice: Money | null
  }
>()("@cliqtel/sms-core/price/RateDeck") {
  static readonly layer = (rates: Rates): Layer.Layer<RateDeck> =>
    Layer.sync(RateDeck, () => {
      const deck = makeDeck(rates)
      return { unitPrice: (to) => rateFor(deck, to), listPrice: deck.everyCountry }
    })

  /** The list price: EUR 0.008 a segment to every country. */
  static readonly layerMemory = RateDeck.layer({
    currency: EUR,
    everyCountry: Micros.make(8_000n),
    countries: new Map(),
    prefixes: new Map()
  })
}
