/** What every `Accounts` must do. */
import { AccountId, Accounts, Currency, type NewAccount, RateLimits, remaining, Wallet, zero } from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect, type Layer } from "effect"
import { createHash } from "node:crypto"
import { ATONCE, freshName, LAYER_OPTIONS } from "./suite.ts"

const USD = Currency.make("USD")

const account: NewAccount = { name: "Ünïcode & Söhne", mode: "live", currency: USD, perSecond: 3 }

const freshHash = () => new Uint8Array(createHash("sha256").update(freshName("key")).digest())

export const accountsSuite = <E>(name: string, ports: Layer.Layer<Accounts | Wallet | RateLimits, E>) =>
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
        yield* accounts.addKey({ accountId: live.id, name: "one", hash: liveKey, scopes: ["sms:send", "wallet"] })
        yield* accounts.addKey({ accountId: test.id, name: "two", hash: testKey, scopes: [] })
        // One that is there already stays as it is.
        yield* accounts.addKey({ accountId: test.id, name: "three", hash: liveKey, scopes: ["keys"] })

        const { keyId: _, ...found } = { keyId: 0, ...(yield* accounts.access(liveKey)) }
        assert.deepStrictEqual(found, { accountId: live.id, mode: "live", scopes: ["sms:send", "wallet"] })
        const { keyId: __, ...other } = { keyId: 0, ...(yield* accounts.access(testKey)) }
        assert.deepStrictEqual(other, { accountId: test.id, mode: "test", scopes: [] })
        assert.isUndefined(yield* accounts.access(freshHash()))
      })
    )

    it.effect("lets no key speak for an account that does not exist", () =>
      Effect.gen(function* () {
        const accounts = yield* Accounts
        const hash = freshHash()
        const accountId = AccountId.make(Number.MAX_SAFE_INTEGER)
        yield* Effect.exit(accounts.addKey({ accountId, name: "lost", hash, scopes: ["keys"] }))
        assert.isUndefined(yield* accounts.access(hash))
      })
    )
  })
