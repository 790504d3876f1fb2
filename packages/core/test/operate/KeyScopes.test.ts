import { Result } from "effect"
import fc from "fast-check"
import { assert, describe, it } from "vitest"
import { SCOPES } from "../../src/Accounts.ts"
import { newKeyScopes } from "../../src/operate/KeyScopes.ts"

const scopes = fc.array(fc.constantFrom(...SCOPES), { maxLength: 12 })

describe("the scopes of a new key", () => {
  it("are those of its maker if none are wanted", () => {
    fc.assert(
      fc.property(scopes, (maker) => {
        const given = Result.getOrThrow(newKeyScopes(maker, undefined))
        assert.sameMembers([...given], [...new Set(maker)])
      })
    )
  })

  it("are those that are wanted, once each, or none are given and the missing ones are named", () => {
    fc.assert(
      fc.property(scopes, scopes, (maker, wanted) => {
        const missing = new Set(wanted.filter((scope) => !maker.includes(scope)))
        const given = newKeyScopes(maker, wanted)
        if (Result.isSuccess(given)) {
          assert.sameMembers([...given.success], [...new Set(wanted)])
          assert.strictEqual(missing.size, 0)
        } else {
          assert.sameMembers([...given.failure.missing], [...missing])
          assert.isAtLeast(missing.size, 1)
        }
      })
    )
  })

  it("never grow, however many keys make each other", () => {
    fc.assert(
      fc.property(scopes, fc.array(scopes), (first, wishes) => {
        let held = Result.getOrThrow(newKeyScopes(first, undefined))
        for (const wanted of wishes) held = Result.getOrElse(newKeyScopes(held, wanted), () => held)
        for (const scope of held) assert.include(first, scope)
      })
    )
  })
})
