/** Ports as one host has them: every call is between two crash points. */
import { UnitOfWork } from "@cliqtel/sms-core"
import { Effect } from "effect"
import type { Life } from "./CrashPoint.ts"

/** Any service, with all its effects and all effects that its methods give. */
export const guarded = <S extends object>(name: string, service: S, life: Life): S =>
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
export const guardedUnit = (unit: UnitOfWork["Service"], life: Life): UnitOfWork["Service"] =>
  UnitOfWork.of({
    isOpen: unit.isOpen,
    run: (work) =>
      life.around(
        "UnitOfWork.run",
        unit.run(Effect.tap(work, () => (life.passes("UnitOfWork.run, at the commit") ? life.gone : Effect.void)))
      ),
    afterCommit: (task) =>
      life.around(
        "UnitOfWork.afterCommit",
        unit.afterCommit(
          Effect.suspend(() => {
            life.passes("UnitOfWork.run, after the commit")
            return task
          })
        )
      )
  })
