/** The system beside its model: two hosts on one store, an account with two numbers, and what the hosts have in hand. */
import {
  Carriers,
  CountryCode,
  Coverage,
  EUR,
  layerDeskUseCases,
  type Leased,
  money,
  Notifier,
  NumberRegistry,
  type OwnedNumber,
  RateDeck,
  Sms
} from "@cliqtel/sms-core"
import { assert } from "@effect/vitest"
import { Clock, type Context, Effect, Exit, Layer, Scope, Stream } from "effect"
import { type FakeShop, layerFakeProviders } from "../FakeShop.ts"
import type { Fixture } from "../Fixture.ts"
import { Bench, type DeskPorts, newcomer } from "../Hosts.ts"
import { FEE, Model, PER_SECOND } from "./Model.ts"

export const layerModelHost = layerDeskUseCases.pipe(
  Layer.provideMerge(Sms.layerUseCases),
  Layer.provide([
    layerFakeProviders,
    RateDeck.layerMemory,
    Coverage.layer([
      {
        country: CountryCode.make("NL"),
        name: "Netherlands",
        sms: { local: true, mobile: true, toll_free: false },
        needsVerification: { local: false, mobile: false, toll_free: false },
        smsMonthly: money(FEE, EUR),
        numberMonthly: money(FEE, EUR),
        outboundSegment: null
      }
    ]),
    Layer.effect(
      Carriers,
      Effect.map(Bench, ({ carriers }) => carriers)
    ),
    Layer.succeed(Notifier, { publish: () => Effect.void, events: Stream.empty })
  ])
)

export type HostServices = Layer.Success<typeof layerModelHost>
/** What the store and the bench give. */
export type WorldServices = DeskPorts | Fixture | Bench | FakeShop

export interface ModelHost {
  readonly services: Context.Context<HostServices>
  readonly scope: Scope.Closeable
}

export const startHost = Effect.gen(function* () {
  const scope = yield* Scope.make()
  const services = yield* Layer.buildWithScope(Layer.fresh(layerModelHost), scope)
  return { services, scope }
})

export interface InHand extends Leased {
  readonly host: number
}

export interface World {
  readonly account: OwnedNumber["accountId"]
  readonly numbers: ReadonlyArray<OwnedNumber>
  readonly carrier: string
  /** Of the store, each in its place; a crash puts another there. */
  readonly hosts: Array<ModelHost>
  readonly inHand: Array<InHand>
  /** Kind and outcome of each command that ran. */
  hit(kind: string, outcome: string): void
}

/** A new account on hosts that are there already. */
export const openWorld = Effect.fnUntraced(function* (
  hosts: Array<ModelHost>,
  hit: World["hit"],
  funds: bigint,
  idempotentSubmits: boolean
) {
  const options = { state: "off", smsMonthly: FEE, perSecond: PER_SECOND } as const
  const { account, carrier, number } = yield* newcomer(funds, { idempotentSubmits }, options)
  const registry = yield* NumberRegistry
  const second = yield* registry.add({ ...number, number: spare(number.number) }).pipe(Effect.orDie)
  const model = new Model(yield* Clock.currentTimeMillis, funds, idempotentSubmits)
  const world: World = { account, carrier: carrier.name, hosts, hit, inHand: [], numbers: [number, second] }
  return { model, real: world }
})

/** One digit shorter, so that nobody has it. */
const spare = (number: OwnedNumber["number"]) => number.slice(0, -1) as OwnedNumber["number"] // still E.164

export const on = <A, E, R>(world: World, host: number, effect: Effect.Effect<A, E, R | HostServices>) =>
  Effect.suspend(() => {
    // There are two.
    const { services } = world.hosts[host % world.hosts.length] as ModelHost
    return Effect.provideContext(effect, services)
  })

/** It takes what it had in hand with it; another starts in its place. */
export const crash = Effect.fnUntraced(function* (world: World, host: number) {
  const had = world.inHand.filter((one) => one.host === host)
  for (const one of had) world.inHand.splice(world.inHand.indexOf(one), 1)
  const dead = world.hosts[host]
  if (dead !== undefined) yield* Scope.close(dead.scope, Exit.void)
  world.hosts[host] = yield* startHost
  return had.length
})

/** All that the account is told is what the model says. */
export const compare = Effect.fnUntraced(function* (world: World, model: Model) {
  const sms = yield* Sms
  const { micros } = yield* Effect.orDie(sms.balance(world.account))
  const { messages } = yield* sms.messages(world.account, { limit: 200 })
  const numbers = yield* sms.numbers(world.account)
  const waits = model.paused ? "carrier_paused" : "carrier_processing"
  const told = [
    `balance ${micros}`,
    ...messages
      .toSorted((a, b) => a.id - b.id)
      .map(({ id, reason, status }) => line("message", id, status, status === "queued" ? reason : null)),
    ...numbers.map(({ inactiveSince, sms: { dueAt, paidUntil, pastDueSince, state } }) =>
      line("SMS", state, inactiveSince, dueAt, paidUntil, pastDueSince)
    )
  ]
  const expected = [
    `balance ${model.balance}`,
    ...model.messages.map(({ createdAt, id, status }) =>
      line("message", id, status, status === "queued" && model.now > createdAt + 60_000 ? waits : null)
    ),
    ...model.addons.map(({ dueAt, inactiveSince, paidUntil, pastDueSince, state }) =>
      line("SMS", state, inactiveSince, dueAt, paidUntil, pastDueSince)
    )
  ]
  // Text, since it is compared after every command: deep equality took a tenth of all time.
  if (told.join() !== expected.join()) assert.deepStrictEqual(told, expected)
})

const line = (...words: ReadonlyArray<string | number | null>) => words.map((word) => word ?? "-").join(" ")
