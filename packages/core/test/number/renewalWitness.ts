/**
 * Writes down what is stored of wallets and numbers as it is stored; what is undone is not there. From that it knows which
 * months were charged, what was suspended and what fell, whatever the use cases say of it.
 */
import { Clock, Context, Effect, Layer } from "effect"
import { assert } from "vitest"
import type { AccountId } from "../../src/Account.ts"
import { MemoryStore } from "../../src/memory/MemoryStore.ts"
import { NumberRegistry, type OwnedNumber } from "../../src/number/NumberRegistry.ts"
import type { EntryKind } from "../../src/wallet/Ledger.ts"
import { Wallet } from "../../src/wallet/Wallet.ts"
import { DAY } from "./calendar.ts"
import type { Ports } from "./faultyHosts.ts"

type Stored =
  | { readonly _tag: "Booked"; readonly account: AccountId; readonly before: bigint; readonly after: bigint }
  | { readonly _tag: "Saved"; readonly at: number; readonly before: OwnedNumber; readonly after: OwnedNumber }
  | { readonly _tag: "Charged"; readonly at: number; readonly number: number; readonly from: number }

/** A charged month, in the time that its number was active. */
interface Month {
  readonly from: number
  until: number
}

export interface Story {
  readonly months: ReadonlyArray<Month>
  /** First moments of the charged months by the clock. */
  readonly begins: ReadonlyArray<number>
  readonly suspended: number
  readonly resumed: number
  /** Off or suspended, then on. */
  readonly enabled: number
  /** Months that were over by the time they were charged. */
  readonly madeUpFor: number
  /** Milliseconds in which it was not active. */
  readonly idle: number
  /** The first renewal that was not paid, if it is past due; in the time that its number was active. */
  readonly unpaidSince: number | null
}

export const witness = Effect.fnUntraced(function* (ports: Context.Context<Ports>) {
  const { call, table } = Context.get(ports, MemoryStore)
  const rows = table<number, Stored>()
  let count = 0
  const note = (stored: Stored) => call(() => rows.set(++count, stored))

  const watched = yield* Layer.build(
    Layer.merge(
      Layer.effect(
        Wallet,
        Effect.map(Wallet, (wallet) => ({
          ...wallet,
          post: Effect.fnUntraced(function* (lines) {
            const account = lines[0]?.accountId
            if (account === undefined) return
            const before = (yield* wallet.balance(account))?.micros ?? 0n
            for (const { accountId, at, kind, reference } of lines) {
              if ((yield* wallet.booked(accountId, kind, reference)) !== undefined) continue
              const charged = chargedBy(kind, reference)
              if (charged !== null) yield* note({ _tag: "Charged", at, ...charged })
            }
            yield* wallet.post(lines)
            yield* note({ _tag: "Booked", account, before, after: (yield* wallet.balance(account))?.micros ?? 0n })
          })
        }))
      ),
      Layer.effect(
        NumberRegistry,
        Effect.map(NumberRegistry, (registry) => ({
          ...registry,
          save: Effect.fnUntraced(function* (numbers) {
            const at = yield* Clock.currentTimeMillis
            for (const after of numbers) {
              const [before] = yield* registry.find([after])
              if (before !== undefined) yield* note({ _tag: "Saved", at, before, after })
            }
            yield* registry.save(numbers)
          })
        }))
      )
    ).pipe(Layer.provide(Layer.succeedContext(ports)))
  )

  return {
    ports: Context.merge(ports, watched),
    storyOf: (number: number): Story => tell(rows.values(), number),
    /** How often the balance fell from `threshold` or above to below it. */
    falls: (account: AccountId, threshold: bigint): number =>
      rows
        .values()
        .filter(
          (row) => row._tag === "Booked" && row.account === account && row.before >= threshold && row.after < threshold
        ).length
  }
})

const chargedBy = (kind: EntryKind, reference: string) => {
  const [, number, from] = /^number:(\d+):sms:(\S+)$/.exec(reference) ?? []
  return kind === "addon_fee" ? { number: Number(number), from: Date.parse(from ?? "") } : null
}

/** Follows a number through what was stored, and finds no month charged twice nor a suspension that came too early. */
const tell = (rows: ReadonlyArray<Stored>, number: number): Story => {
  const months: Array<Month> = []
  const begins: Array<number> = []
  const story = { suspended: 0, resumed: 0, enabled: 0, madeUpFor: 0, idle: 0 }
  let unpaidSince: number | null = null
  for (const row of rows) {
    if (row._tag === "Charged" && row.number === number) {
      const from = row.from - story.idle
      const last = months.at(-1)
      if (last !== undefined) {
        // Of several that are made up for at once, each ends where the next one begins.
        if (last.until === Infinity) last.until = from
        assert.isAtLeast(from, last.until, `a month of number ${number} overlaps the one before it`)
        assert.isAtMost(last.until - last.from, 31 * DAY)
        assert.isAtLeast(last.until - last.from, 28 * DAY)
      }
      months.push({ from, until: Infinity })
      begins.push(row.from)
      if (row.at - row.from >= 31 * DAY) story.madeUpFor++
    }
    if (row._tag !== "Saved" || row.after.id !== number) continue
    const { after, at, before } = row
    if (before.inactiveSince !== null && after.inactiveSince === null) story.idle += at - before.inactiveSince
    const counted = at - story.idle
    const last = months.at(-1)
    if (last?.until === Infinity) {
      last.until = (after.sms.paidUntil ?? Infinity) - story.idle
      // What is past due after a payment is the next renewal, with three days of its own.
      unpaidSince = null
    }
    const [was, is] = [before.sms.state, after.sms.state]
    if (is === "past_due") unpaidSince ??= counted
    if (was !== "suspended" && is === "suspended") {
      story.suspended++
      assert.isAtLeast(counted - (unpaidSince ?? counted), 3 * DAY, `number ${number} had no three days`)
    }
    if (is !== "past_due") unpaidSince = null
    if (was === "suspended" && is === "on") story.resumed++
    if ((was === "suspended" || was === "off") && is === "on") story.enabled++
  }
  return { ...story, months, begins, unpaidSince }
}
