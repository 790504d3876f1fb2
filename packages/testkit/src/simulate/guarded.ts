/** Ports as one host has them: every call is between two points at which it may die or stall. */
import {
  Accounts,
  DeliveryQueue,
  DispatchQueue,
  EventLog,
  Idempotency,
  InboundStore,
  MessageStore,
  NumberRegistry,
  OptOuts,
  OrderBook,
  Outbox,
  RateLimits,
  ReceiptInbox,
  TopUpStore,
  UnitOfWork,
  Wallet,
  WebhookStore
} from "@cliqtel/sms-core"
import { Context, Effect } from "effect"
import type { DeskPorts } from "../Hosts.ts"
import type { Life } from "./CrashPoint.ts"

export const guardedPorts = (ports: Context.Context<DeskPorts>, life: Life): Context.Context<DeskPorts> => {
  const guard = <I extends DeskPorts, S extends object>(port: Context.Key<I, S> & { readonly key: string }) =>
    guarded(port.key.slice(port.key.lastIndexOf("/") + 1), Context.get(ports, port), life)
  return Context.make(UnitOfWork, guardedUnit(Context.get(ports, UnitOfWork), life)).pipe(
    Context.add(Wallet, guard(Wallet)),
    Context.add(RateLimits, guard(RateLimits)),
    Context.add(NumberRegistry, guard(NumberRegistry)),
    Context.add(OptOuts, guard(OptOuts)),
    Context.add(Idempotency, guard(Idempotency)),
    Context.add(MessageStore, guard(MessageStore)),
    Context.add(DispatchQueue, guard(DispatchQueue)),
    Context.add(ReceiptInbox, guard(ReceiptInbox)),
    Context.add(InboundStore, guard(InboundStore)),
    Context.add(EventLog, guard(EventLog)),
    Context.add(Outbox, guard(Outbox)),
    Context.add(Accounts, guard(Accounts)),
    Context.add(TopUpStore, guard(TopUpStore)),
    Context.add(OrderBook, guard(OrderBook)),
    Context.add(WebhookStore, guard(WebhookStore)),
    Context.add(DeliveryQueue, guard(DeliveryQueue))
  )
}

/** Any service, with all its effects and all effects that its methods give. */
const guarded = <S extends object>(name: string, service: S, life: Life): S =>
  new Proxy(service, {
    get: (target, key) => {
      const member: unknown = Reflect.get(target, key)
      const guard = (value: unknown) =>
        // A port's effects need nothing, and what they give is passed on as it is.
        Effect.isEffect(value) ? life.around(`${name}.${String(key)}`, value as Effect.Effect<unknown>) : value
      if (typeof member !== "function") return guard(member)
      return (...args: ReadonlyArray<unknown>) => guard(Reflect.apply(member, target, args))
    }
  })

/** What a dead host has not committed is undone; what it has committed stays, and nobody hears of it. */
const guardedUnit = (unit: UnitOfWork["Service"], life: Life): UnitOfWork["Service"] =>
  UnitOfWork.of({
    isOpen: unit.isOpen,
    run: (work) =>
      life.around("UnitOfWork.run", unit.run(Effect.tap(work, () => life.pass("UnitOfWork.run, at the commit")))),
    afterCommit: (task) =>
      life.around(
        "UnitOfWork.afterCommit",
        // What was committed is known, also of a host that stalls here or dies.
        unit.afterCommit(Effect.andThen(task, life.passUnheeded("UnitOfWork.run, after the commit")))
      )
  })
