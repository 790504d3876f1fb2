/** What every `Sessions` must do. */
import {
  type Access,
  AccountId,
  Accounts,
  EUR,
  type NewAccount,
  SessionId,
  Sessions,
  SESSIONS_PER_KEY
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { createHash } from "node:crypto"
import { ATONCE, freshName, LAYER_OPTIONS } from "./suite.ts"

const account: NewAccount = { name: "Signed in", mode: "live", currency: EUR, perSecond: 3, lowBalance: null }

const freshHash = () => new Uint8Array(createHash("sha256").update(freshName("token")).digest())

const AT = 1_790_000_000_123

/** The access of a new key of a new account. */
const newcomer = Effect.gen(function* () {
  const accounts = yield* Accounts
  const { id } = yield* accounts.open(account)
  const hash = freshHash()
  yield* accounts.addKey({ accountId: id, name: "k", hash, hint: "", scopes: ["sms:read"] })
  return (yield* accounts.access(hash)) as Access
})

export const sessionsSuite = <E>(name: string, ports: Layer.Layer<Sessions | Accounts, E>) =>
  layer(ports, LAYER_OPTIONS)(`Sessions (${name})`, (it) => {
    const opened = Effect.gen(function* () {
      const access = yield* newcomer
      const hash = freshHash()
      return { access, hash, session: yield* Sessions.use((sessions) => sessions.open({ access, hash, at: AT })) }
    })

    it.effect("finds a session by its token, and by its id in its account alone", () =>
      Effect.gen(function* () {
        const sessions = yield* Sessions
        const { access, hash, session } = yield* opened
        assert.deepStrictEqual(session, {
          id: session.id,
          accountId: access.accountId,
          keyId: access.keyId,
          keyHash: access.hash,
          hash,
          oldHash: null,
          signedInAt: AT,
          usedAt: AT,
          tokenAt: AT
        })
        assert.deepStrictEqual(yield* sessions.find(hash), session)
        assert.deepStrictEqual(yield* sessions.get(session), session)
        assert.isUndefined(yield* sessions.find(freshHash()))
        assert.isUndefined(yield* sessions.find(access.hash), "a key is no session's token")
        assert.isUndefined(yield* sessions.get({ ...session, id: SessionId.make(Number.MAX_SAFE_INTEGER) }))
        const stranger = yield* newcomer
        assert.isUndefined(yield* sessions.get({ ...session, accountId: stranger.accountId }))
        const second = yield* sessions.open({ access, hash: freshHash(), at: AT })
        assert.notStrictEqual(second.id, session.id)
      })
    )

    it.effect("replaces a token, and still finds the session by the one before, but by none before that", () =>
      Effect.gen(function* () {
        const sessions = yield* Sessions
        const { hash, session } = yield* opened
        const [second, third] = [freshHash(), freshHash()]
        assert.isTrue(yield* sessions.renew(session, { from: hash, old: hash, to: second, at: AT + 1 }))
        const renewed = { ...session, hash: second, oldHash: hash, tokenAt: AT + 1 }
        for (const token of [hash, second]) assert.deepStrictEqual(yield* sessions.find(token), renewed)

        assert.isFalse(
          yield* sessions.renew(session, { from: hash, old: hash, to: third, at: AT + 2 }),
          "it is not the token now"
        )
        assert.deepStrictEqual(yield* sessions.get(session), renewed)
        assert.isTrue(yield* sessions.renew(session, { from: second, old: second, to: third, at: AT + 2 }))
        assert.isUndefined(yield* sessions.find(hash))
        assert.strictEqual((yield* sessions.find(second))?.id, session.id)

        const fourth = freshHash()
        assert.isTrue(yield* sessions.renew(session, { from: third, old: second, to: fourth, at: AT + 3 }))
        assert.isUndefined(yield* sessions.find(third), "nobody ever got it")
        for (const token of [second, fourth]) assert.strictEqual((yield* sessions.find(token))?.id, session.id)
      })
    )

    it.effect("keeps a hundred sessions of a key, and those of other keys", () =>
      Effect.gen(function* () {
        const sessions = yield* Sessions
        const { access, session } = yield* opened
        const bystander = yield* opened
        const others = yield* Effect.forEach(Array.from({ length: SESSIONS_PER_KEY }, freshHash), (hash) =>
          sessions.open({ access, hash, at: AT })
        )
        assert.isUndefined(yield* sessions.get(session))
        for (const other of [...others, bystander.session]) assert.isDefined(yield* sessions.get(other))
      })
    )

    it.effect("replaces a token once, however many try at once", () =>
      Effect.gen(function* () {
        const sessions = yield* Sessions
        const { hash, session } = yield* opened
        const tries = Array.from({ length: 6 }, freshHash)
        const won = yield* Effect.forEach(
          tries,
          (to) => sessions.renew(session, { from: hash, old: hash, to, at: AT }),
          ATONCE
        )
        assert.lengthOf(won.filter(Boolean), 1)
        assert.deepStrictEqual((yield* sessions.get(session))?.hash, tries[won.indexOf(true)])
      })
    )

    it.effect("notes when it was last used, to the minute", () =>
      Effect.gen(function* () {
        const sessions = yield* Sessions
        const { session } = yield* opened
        for (const [moment, noted] of [
          [AT + 59_999, AT],
          [AT + 60_000, AT + 60_000],
          [AT - 5000, AT + 60_000]
        ] as const) {
          yield* sessions.touch(session, moment)
          assert.strictEqual((yield* sessions.get(session))?.usedAt, noted)
        }
        yield* sessions.touch({ ...session, accountId: AccountId.make(Number.MAX_SAFE_INTEGER) }, AT + 1_000_000)
        assert.strictEqual((yield* sessions.get(session))?.usedAt, AT + 60_000)
      })
    )

    it.effect("ends a session for good, in its account alone, with the token before as well", () =>
      Effect.gen(function* () {
        const sessions = yield* Sessions
        const { hash, session } = yield* opened
        const to = freshHash()
        yield* sessions.renew(session, { from: hash, old: hash, to, at: AT })
        yield* sessions.end({ ...session, accountId: AccountId.make(Number.MAX_SAFE_INTEGER) })
        assert.isDefined(yield* sessions.get(session))
        yield* sessions.end(session)
        yield* sessions.end(session)
        for (const token of [hash, to]) assert.isUndefined(yield* sessions.find(token))
        assert.isUndefined(yield* sessions.get(session))
        assert.isFalse(yield* sessions.renew(session, { from: to, old: to, to: freshHash(), at: AT }))
        yield* sessions.touch(session, AT + 100_000)
        assert.isUndefined(yield* sessions.get(session))
      })
    )

    it.effect("finds no session of a key that was revoked", () =>
      Effect.gen(function* () {
        const sessions = yield* Sessions
        const { access, hash, session } = yield* opened
        yield* Accounts.use((accounts) => accounts.revoke(access.accountId, access.keyId))
        assert.isUndefined(yield* sessions.find(hash))
        assert.isUndefined(yield* sessions.get(session))
      })
    )
  })
