/** The pure path of a send, without a store: how many decisions a second one core makes. */
import {
  AccountId,
  addonOff,
  Body,
  CountryCode,
  countSegments,
  decide,
  E164,
  encodingOf,
  EUR,
  type Facts,
  fullBucket,
  makeDeck,
  Micros,
  MAX_PARTS,
  NumberId,
  type OwnedNumber,
  parseDestination,
  rateFor,
  zero
} from "@cliqtel/sms-core"
import { Result } from "effect"
import { median, type Row } from "./Row.ts"

const ROUNDS = 9
const MILLIS = 200

const number: OwnedNumber = {
  id: NumberId.make(1),
  accountId: AccountId.make(1),
  number: E164.make("+31201234567"),
  country: CountryCode.make("NL"),
  type: "local",
  status: "active",
  inactiveSince: null,
  carrier: "sandbox",
  monthlyPrice: zero(EUR),
  sms: { ...addonOff(zero(EUR)), state: "on" },
  profileAssigned: true,
  lastInboundAt: null,
  helpText: null
}

const deck = makeDeck({ currency: EUR, everyCountry: Micros.make(8000n), countries: new Map(), prefixes: new Map() })
const body = Body.make("Your order #1234 has shipped!")
const destination = Result.getOrThrow(parseDestination("+31612345678"))
const now = 1_790_000_000_000
const state = {
  accountId: number.accountId,
  wallet: { balance: Micros.make(10n ** 15n), currency: EUR, lowBalance: null },
  bucket: fullBucket(1_000_000, now)
}

const facts = (): Facts => ({
  fromNumberId: number.id,
  number,
  destination,
  unitPrice: rateFor(deck, destination),
  optedOut: false,
  body,
  segments: countSegments(body),
  encoding: encodingOf(body),
  maxParts: MAX_PARTS
})

let sink = 0
const steps: Record<string, () => void> = {
  "parse a destination": () => {
    sink += Result.isSuccess(parseDestination("+31612345678")) ? 1 : 0
  },
  "price a destination": () => {
    sink += rateFor(deck, destination) === null ? 0 : 1
  },
  "decide a send, counting and pricing included": () => {
    sink += decide(state, facts(), now)[1].accepted ? 1 : 0
  }
}

export const decideBench = async (): Promise<ReadonlyArray<Row>> =>
  Object.entries(steps).map(([name, step]) => {
    const samples = Array.from({ length: ROUNDS }, () => {
      const started = performance.now()
      let done = 0
      while (performance.now() - started < MILLIS) {
        for (let i = 0; i < 1000; i++) step()
        done += 1000
      }
      return (done * 1000) / (performance.now() - started)
    })
    return { name, value: median(samples), unit: "/s" }
  })
