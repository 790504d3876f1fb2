/** What every `Accounts` must do. */
import {
  type Account,
  AccountId,
  Accounts,
  type ApiKey,
  Currency,
  Micros,
  type NewAccount,
  RateLimits,
  remaining,
  UnitOfWork,
  Wallet,
  zero
} from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, Exit, type Layer } from "effect"
import { createHash } from "node:crypto"
import { ATONCE, freshName, LAYER_OPTIONS } from "./suite.ts"

const USD = Currency.make("USD")

const account: NewAccount = { name: "Ünïcode & Söhne", mode: "live", currency: USD, perSecond: 3, lowBalance: null }

const freshHash = () => new Uint8Array(createHash("sha256").update(freshName("key")).digest())

export const accountsSuite = <E>(name: string, ports: Layer.Layer<Accounts | UnitOfWork | Wallet | RateLimits, E>) =>
  layer(ports, LAYER_OPTIONS)(`Accounts (${name})`, (it) => {
    it.effect("opens an account with an empty wallet and a full token bucket", () =>
      Effect.gen(function* () {
        const accounts = yield* Accounts
        const { fresh, id } = yield* accounts.open(account)
        assert.isTrue(fresh)
        assert.deepStrictEqual(yield* Wallet.use((wallet) => wallet.balance(id)), zero(USD))
        const bucket = (yield* RateLimits.use((limits) => limits.lock([id]))).get(id)
        assert.strictEqual(bucket && remaining(bucket), 3)
        assert.notStrictEqual((yield* accounts.open(account)).id, id, "without a handle each is another one")
      })
    )

    it.effect("opens one account for a handle, whoever asks and how often", () =>
      Effect.gen(function* () {
        const accounts = yield* Accounts
        const handle = freshName("handle")
        const opened = yield* Effect.all(
          Array.from({ length: 6 }, () => accounts.open({ ...account, handle })),
          ATONCE
        )
        assert.strictEqual(new Set(opened.map(({ id }) => id)).size, 1)
        assert.lengthOf(
          opened.filter(({ fresh }) => fresh),
          1
        )
        assert.isTrue((yield* accounts.open({ ...account, handle: freshName("handle") })).fresh)
      })
    )

    it.effect("says whom a key speaks for and what it may do", () =>
      Effect.gen(function* () {
        const accounts = yield* Accounts
        const live = yield* accounts.open(account)
        const test = yield* accounts.open({ ...account, mode: "test", liveAccountId: live.id })
        const [liveKey, testKey] = [freshHash(), freshHash()]
        yield* accounts.addKey({
          accountId: live.id,
          name: "one",
          hash: liveKey,
          hint: "a...z",
          scopes: ["sms:send", "wallet"]
        })
        yield* accounts.addKey({ accountId: test.id, name: "two", hash: testKey, hint: "", scopes: [] })
        // One that is there already stays as it is.
        yield* accounts.addKey({ accountId: test.id, name: "three", hash: liveKey, hint: "", scopes: ["keys"] })

        const { keyId: _, ...found } = { keyId: 0, ...(yield* accounts.access(liveKey)) }
        assert.deepStrictEqual(found, {
          accountId: live.id,
          mode: "live",
          scopes: ["sms:send", "wallet"],
          hash: liveKey
        })
        const { keyId: __, ...other } = { keyId: 0, ...(yield* accounts.access(testKey)) }
        assert.deepStrictEqual(other, { accountId: test.id, mode: "test", scopes: [], hash: testKey })
        assert.isUndefined(yield* accounts.access(freshHash()))
      })
    )

    it.effect("tells each of those who ask at the same moment whom their own key speaks for", () =>
      Effect.gen(function* () {
        const accounts = yield* Accounts
        const { id } = yield* accounts.open(account)
        const hashes = Array.from({ length: 40 }, freshHash)
        const keys = yield* Effect.forEach(hashes, (hash) =>
          accounts.addKey({ accountId: id, name: "one of many", hash, hint: "", scopes: ["sms:read"] })
        )
        const [revoked] = keys as [ApiKey]
        yield* accounts.revoke(id, revoked.id)
        const asked = [...hashes, freshHash(), ...hashes]
        const found = yield* Effect.forEach(asked, accounts.access, { concurrency: "unbounded" })
        const ids = [undefined, ...keys.slice(1).map((key) => key.id)]
        assert.deepStrictEqual(
          found.map((access) => access?.keyId),
          [...ids, undefined, ...ids]
        )
      })
    )

    it.effect("tells who adds a key within a unit of work whom it speaks for, and nobody once that is undone", () =>
      Effect.gen(function* () {
        const accounts = yield* Accounts
        const unit = yield* UnitOfWork
        const { id } = yield* accounts.open(account)
        const hash = freshHash()
        const added = accounts.addKey({ accountId: id, name: "undone", hash, hint: "", scopes: [] })
        const exit = yield* Effect.exit(
          unit.run(
            Effect.andThen(
              added,
              Effect.flatMap(accounts.access(hash), (access) => Effect.fail(access?.accountId))
            )
          )
        )
        assert.deepStrictEqual(exit, Exit.fail(id))
        assert.isUndefined(yield* accounts.access(hash))
      })
    )

    it.effect("shows an account as it was opened and as it was changed since", () =>
      Effect.gen(function* () {
        const accounts = yield* Accounts
        const live = yield* accounts.open(account)
        const test = yield* accounts.open({ ...account, mode: "test", liveAccountId: live.id })
        const found = yield* accounts.get(live.id)
        assert.deepInclude(found, { ...account, id: live.id, liveAccountId: null })
        assert.strictEqual((yield* accounts.get(test.id))?.liveAccountId, live.id)

        yield* accounts.change(live.id, { lowBalance: Micros.make(5n) })
        yield* accounts.change(live.id, { name: "Anew" })
        yield* accounts.change(live.id, {})
        assert.deepStrictEqual(yield* accounts.get(live.id), {
          ...(found as Account),
          name: "Anew",
          lowBalance: Micros.make(5n)
        })
        const held = yield* Wallet.use((wallet) => wallet.lock([live.id]))
        assert.strictEqual(held.get(live.id)?.lowBalance, Micros.make(5n))
        yield* accounts.change(live.id, { lowBalance: null })
        assert.isNull((yield* accounts.get(live.id))?.lowBalance)

        const nobody = AccountId.make(Number.MAX_SAFE_INTEGER)
        assert.isUndefined(yield* accounts.get(nobody))
        assert.strictEqual((yield* Effect.flip(accounts.change(nobody, { name: "x" })))._tag, "AccountNotFound")
      })
    )

    it.effect("ends a key for good, under its own account alone, and restores it only when asked", () =>
      Effect.gen(function* () {
        const accounts = yield* Accounts
        const [one, two] = [yield* accounts.open(account), yield* accounts.open(account)]
        const hash = freshHash()
        const key = { accountId: one.id, name: "one", hash, hint: "sk_live_abc...wxyz", scopes: ["keys"] } as const
        const added = yield* accounts.addKey(key)
        const other = yield* accounts.addKey({ ...key, hash: freshHash(), name: "two" })
        assert.deepInclude(added, { accountId: one.id, name: "one", hint: key.hint, lastUsedAt: null })
        assert.deepStrictEqual(yield* accounts.keys(one.id), [added, other])
        assert.deepStrictEqual(yield* accounts.keys(two.id), [])

        assert.strictEqual((yield* Effect.flip(accounts.revoke(two.id, added.id)))._tag, "KeyNotFound")
        assert.strictEqual((yield* accounts.access(hash))?.keyId, added.id)
        assert.deepStrictEqual(new Uint8Array(yield* accounts.revoke(one.id, added.id)), hash)
        assert.isUndefined(yield* accounts.access(hash))
        assert.deepStrictEqual(yield* accounts.keys(one.id), [other])
        assert.strictEqual((yield* Effect.flip(accounts.revoke(one.id, added.id)))._tag, "KeyNotFound")
        assert.strictEqual((yield* accounts.addKey(key)).id, added.id)
        assert.isUndefined(yield* accounts.access(hash), "adding it again does not bring it back")
        yield* accounts.restore(hash)
        assert.strictEqual((yield* accounts.access(hash))?.keyId, added.id)
        yield* accounts.restore(freshHash())
      })
    )

    it.effect("notes when a key was last used, to the minute", () =>
      Effect.gen(function* () {
        const accounts = yield* Accounts
        const { id } = yield* accounts.open(account)
        const key = yield* accounts.addKey({ accountId: id, name: "k", hash: freshHash(), hint: "", scopes: [] })
        const used = Effect.map(accounts.keys(id), ([one]) => one?.lastUsedAt)
        const at = 1_790_000_000_123
        for (const [moment, noted] of [
          [at, at],
          [at + 59_999, at],
          [at + 60_000, at + 60_000],
          [at - 5000, at + 60_000]
        ] as const) {
          yield* accounts.touch(id, key.id, moment)
          assert.strictEqual(yield* used, noted)
        }
        yield* accounts.touch(AccountId.make(Number.MAX_SAFE_INTEGER), key.id, at + 1_000_000)
        assert.strictEqual(yield* used, at + 60_000)
      })
    )

    it.effect("lets no key speak for an account that does not exist", () =>
      Effect.gen(function* () {
        const accounts = yield* Accounts
        const hash = freshHash()
        const accountId = AccountId.make(Number.MAX_SAFE_INTEGER)
        yield* Effect.exit(accounts.addKey({ accountId, name: "lost", hash, hint: "", scopes: ["keys"] }))
        assert.isUndefined(yield* accounts.access(hash))
      })
    )
  })
