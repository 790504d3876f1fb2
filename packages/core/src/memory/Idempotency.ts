/** Idempotency keys in memory. Units of work run one after another, so no claim ever has to wait. */
import { Effect, Layer } from "effect"
import { type Claim, type Claimed, Idempotency, KEPT_MILLIS } from "../Idempotency.ts"
import { MemoryStore } from "./MemoryStore.ts"

interface Kept extends Claim {
  /** Null in the unit of work that has claimed the key. */
  readonly answer: string | null
}

export const layerIdempotency = Layer.effect(
  Idempotency,
  Effect.gen(function* () {
    const { call, table } = yield* MemoryStore
    const kept = table<string, Kept>()
    const nameOf = ({ accountId, key }: { readonly accountId: number; readonly key: string }) => `${accountId} ${key}`

    const claimOne = (claim: Claim): Claimed => {
      const before = kept.get(nameOf(claim))
      if (before === undefined || before.answer === null || claim.at - before.at >= KEPT_MILLIS) {
        kept.set(nameOf(claim), { ...claim, answer: null })
        return { _tag: "Fresh" }
      }
      return before.fingerprint === claim.fingerprint ? { _tag: "Replay", answer: before.answer } : { _tag: "Mismatch" }
    }

    return Idempotency.of({
      claim: (claims) => call(() => claims.map(claimOne)),
      settle: (answers) =>
        call(() => {
          for (const { answer, ...one } of answers) {
            const claimed = kept.get(nameOf(one))
            if (claimed === undefined) throw new Error(`the key ${one.key} was not claimed`)
            if (answer === null) kept.delete(nameOf(one))
            else kept.set(nameOf(one), { ...claimed, answer })
          }
        })
    })
  })
)
