/** What a host may die of in the middle, and what the model makes of it by what was committed until then. */
import { Dispatch, Micros, Receipts, Renewals, Sms, SwitchSms, TopUps } from "@cliqtel/sms-core"
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import fc from "fast-check"
import type { Plan } from "../simulate/CrashPoint.ts"
import type { Death } from "./Dying.ts"
import type { Model } from "./Model.ts"
import { amount, anyAnswer, type AnyAnswer, answerFor, numberOf, request, segments, sender } from "./requests.ts"
import type { HostServices, World } from "./World.ts"

export const DOINGS = ["send", "claim", "settle", "process", "sweep", "renew", "switch", "credit", "topUp"] as const

export interface AnyDeath extends AnyAnswer {
  readonly doing: (typeof DOINGS)[number]
  readonly at: Plan
  readonly items: ReadonlyArray<{ readonly number: number; readonly segments: number }>
  readonly enabled: boolean
  readonly micros: bigint
  readonly reference: number
}

const DIES = { _tag: "Dies" } as const

export const anyDeath = {
  doing: fc.constantFrom(...DOINGS, "settle" as const, "settle" as const, "process" as const),
  at: fc.oneof(
    { weight: 2, arbitrary: fc.integer({ min: 1, max: 32 }).map((nth): Plan => ({ _tag: "Step", nth, fate: DIES })) },
    // The moment at which everything is done and nobody knows it.
    { weight: 1, arbitrary: fc.constant<Plan>({ _tag: "Point", point: "UnitOfWork.run, after", nth: 1, fate: DIES }) }
  ),
  items: fc.array(fc.record({ number: sender, segments }), { minLength: 1, maxLength: 3 }),
  enabled: fc.boolean(),
  micros: amount,
  reference: fc.nat(2),
  ...anyAnswer
}

/** Whether there is any of it to do. */
export const canDie =
  ({ doing }: AnyDeath) =>
  (model: Model): boolean =>
    doing === "settle" ? model.inHand > 0 : doing === "process" || doing === "claim" ? model.messages.length > 0 : true

interface Begun {
  readonly what: Effect.Effect<unknown, unknown, HostServices>
  /** `death` says how much of it is there now. */
  then(death: Death): Effect.Effect<void, never, HostServices>
}

/** Undefined: there is nothing of it to do. */
export const begin = (given: AnyDeath, model: Model, world: World): Begun | undefined => {
  const { enabled, items, micros, reference } = given
  switch (given.doing) {
    case "send": {
      const requests = items.map((one) => request(world, one.number, one.segments))
      return {
        what: Sms.use((sms) => sms.sendBatch(world.account, requests)),
        then: ({ commits }) => (commits === 0 ? Effect.void : accepted(given, model, world))
      }
    }
    case "claim": {
      const { perhaps, surely } = model.claimable()
      // Or nobody can tell which it had.
      if (perhaps.length > surely.length) return undefined
      return {
        what: Dispatch.use((dispatch) => Effect.andThen(dispatch.wake, dispatch.claim(world.carrier, LIMIT))),
        then: once(({ commits }) => {
          if (commits > 1) for (const one of surely.slice(0, LIMIT)) one.claim(model.now)
        })
      }
    }
    case "settle": {
      const one = model.inHand === 0 ? undefined : answerFor(model, world, given)
      if (one === undefined) return undefined
      return {
        what: Dispatch.use((dispatch) => dispatch.settle([one.answered])),
        then: once(({ commits, did }) => {
          if (commits > 0) model.answer(one.message, one.held.lease.attempt, one.said, did("ReceiptInbox.hasten"))
        })
      }
    }
    case "process":
      return {
        what: Receipts.use((receipts) => receipts.process),
        then: once(({ commits }) => {
          if (commits > 0) model.process()
        })
      }
    case "sweep":
      return {
        what: Dispatch.use((dispatch) => dispatch.sweep),
        then: once(({ commits }) => {
          if (commits > 0) model.sweep()
        })
      }
    case "renew":
      return {
        what: Renewals.use((renewals) => renewals.renew),
        then: once(({ commits }) => {
          if (commits > 1) model.renew()
          else if (commits > 0) model.dieRenewing()
        })
      }
    case "switch": {
      const number = items[0]?.number ?? 0
      return {
        what: SwitchSms.use((sms) => sms.set(numberOf(world, number), enabled)),
        then: once(({ commits }) => {
          if (commits === 0) return
          if (enabled) assert.strictEqual(model.switchOn(number), "enabled")
          else model.addon(number).turnOff()
        })
      }
    }
    case "credit":
      return {
        what: TopUps.use((topUps) => topUps.credit(world.account, Micros.make(micros), `gift ${reference}`)),
        then: once(({ commits }) => {
          if (commits > 0) assert.notStrictEqual(model.credit(reference, micros), "CreditMismatch")
        })
      }
    case "topUp":
      return {
        what: TopUps.use((topUps) => topUps.topUp(world.account, Micros.make(micros))),
        then: once(({ commits }) => {
          if (commits > 1) model.fund(micros)
          else if (commits > 0) model.leaveUnpaid(micros)
        })
      }
  }
}

/** Messages that it claims at most. */
const LIMIT = 4

const once = (change: (death: Death) => void) => (death: Death) => Effect.sync(() => change(death))

/** Nobody was told their ids: they are those that the account has since. */
const accepted = Effect.fnUntraced(function* ({ items }: AnyDeath, model: Model, world: World) {
  const expected = items.filter((one) => model.send(one.number, one.segments) === "accepted")
  const { messages } = yield* Sms.use((sms) => sms.messages(world.account, { limit: 200 }))
  const known = new Set(model.messages.map(({ id }) => id))
  const fresh = messages.map(({ id }): number => id).filter((id) => !known.has(id))
  assert.lengthOf(fresh, expected.length, "what was accepted as the host died")
  for (const [i, id] of fresh.toSorted((a, b) => a - b).entries()) model.sent(id, expected[i]?.segments ?? 0)
})
