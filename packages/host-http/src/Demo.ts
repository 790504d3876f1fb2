/**
 * The demo: an account with EUR 25.00, a live and a test key and four numbers, and the test account that its test key
 * sees, with play money and numbers of its own. Made once; on later starts it is found again by its handle.
 */
import {
  type AccountId,
  type AccountMode,
  Accounts,
  addonOff,
  addonPaid,
  CountryCode,
  Coverage,
  E164,
  EUR,
  Micros,
  money,
  NumberRegistry,
  type NumberStatus,
  type NumberType,
  SCOPES,
  UnitOfWork,
  Wallet
} from "@cliqtel/sms-core"
import { Clock, Effect, Redacted } from "effect"
import { hashApiKey, keyHint } from "./ApiKey.ts"
import type { DemoKey, DemoKeys } from "./DemoKeys.ts"

interface DemoNumber {
  readonly number: string
  readonly country: string
  readonly type: NumberType
  readonly status: NumberStatus
  readonly sms: boolean
}

const NUMBERS: Record<AccountMode, ReadonlyArray<DemoNumber>> = {
  live: [
    { number: "+31201234567", country: "NL", type: "local", status: "active", sms: true },
    { number: "+31612340001", country: "NL", type: "mobile", status: "active", sms: false },
    { number: "+493012345678", country: "DE", type: "local", status: "pending_verification", sms: false },
    { number: "+18005550100", country: "US", type: "toll_free", status: "active", sms: true }
  ],
  test: [
    { number: "+31201234568", country: "NL", type: "local", status: "active", sms: true },
    { number: "+31612340002", country: "NL", type: "mobile", status: "active", sms: false },
    { number: "+493012345679", country: "DE", type: "local", status: "pending_verification", sms: false },
    { number: "+18005550101", country: "US", type: "toll_free", status: "active", sms: true }
  ]
}

const OPENING = money(25_000_000n, EUR)

const LOW_BALANCE = Micros.make(5_000_000n)

const MESSAGES_PER_SECOND = 10

/** The keys as they are after it: one that was made here and then revoked stays so. */
export const seedDemo = Effect.fn("seedDemo")(function* (keys: DemoKeys) {
  const unit = yield* UnitOfWork
  const live = yield* unit.run(openAccount("live"))
  const test = yield* unit.run(openAccount("test", live))
  return { live: yield* addKey(live, keys.live), test: yield* addKey(test, keys.test) }
})

export interface SeededKey extends DemoKey {
  readonly revoked: boolean
}

const addKey = Effect.fnUntraced(function* (accountId: AccountId, demoKey: DemoKey) {
  const accounts = yield* Accounts
  const key = Redacted.value(demoKey.key)
  const hash = hashApiKey(key)
  yield* accounts.addKey({ accountId, name: "Demo", hash, hint: keyHint(key), scopes: SCOPES })
  // Whoever names a key when starting the host means it to work.
  if (demoKey.chosen) yield* accounts.restore(hash)
  return { ...demoKey, revoked: (yield* accounts.access(hash)) === undefined } satisfies SeededKey
})

const openAccount = Effect.fnUntraced(function* (mode: AccountMode, liveAccountId?: AccountId) {
  const accounts = yield* Accounts
  const wallet = yield* Wallet
  const numbers = yield* NumberRegistry
  const coverage = yield* Coverage
  const { fresh, id } = yield* accounts.open({
    name: mode === "live" ? "Demo" : "Demo (test)",
    mode,
    currency: EUR,
    perSecond: MESSAGES_PER_SECOND,
    lowBalance: LOW_BALANCE,
    handle: `demo-${mode}`,
    liveAccountId
  })
  if (!fresh) return id
  const now = yield* Clock.currentTimeMillis
  yield* wallet.lock([id])
  yield* wallet.post([{ accountId: id, kind: "top_up", amount: OPENING, reference: "demo", at: now }])
  for (const { country: code, number, sms, status, type } of NUMBERS[mode]) {
    const country = CountryCode.make(code)
    const prices = coverage.get(country)
    if (prices === undefined) {
      yield* Effect.logWarning(`The catalogue has no prices for ${code}: the demo goes without ${number}`)
      continue
    }
    yield* numbers
      .add({
        accountId: id,
        number: E164.make(number),
        country,
        type,
        status,
        inactiveSince: status === "active" ? null : now,
        carrier: "sandbox",
        monthlyPrice: prices.numberMonthly,
        sms: sms ? addonPaid(prices.smsMonthly, now) : addonOff(prices.smsMonthly),
        profileAssigned: true
      })
      .pipe(
        Effect.catchTag("NumberTaken", () =>
          Effect.logWarning(`Somebody has ${number} already: the demo goes without it`)
        )
      )
  }
  return id
})
