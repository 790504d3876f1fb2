/** Accounts and their keys in memory. */
import { Clock, Effect, Layer, Result } from "effect"
import { AccountId, KeyId } from "../Account.ts"
import {
  type Account,
  AccountNotFound,
  Accounts,
  type ApiKey,
  KeyNotFound,
  type NewKey,
  type Opened
} from "../Accounts.ts"
import { type AccountRow, MemoryStore, nextId } from "./MemoryStore.ts"

interface Key extends ApiKey, NewKey {
  readonly revoked: boolean
}

const MINUTE_MILLIS = 60_000

export const layerAccounts = Layer.effect(
  Accounts,
  Effect.gen(function* () {
    const { accounts, call, table } = yield* MemoryStore
    const keys = table<string, Key>()
    const nameOf = (hash: Uint8Array) => hash.join(" ")
    const keyOf = (account: AccountId, id: KeyId) =>
      keys.values().find((key) => key.id === id && key.accountId === account && !key.revoked)
    const put = (key: Key) => keys.set(nameOf(key.hash), key)

    return Accounts.of({
      open: Effect.fnUntraced(function* (account) {
        const createdAt = yield* Clock.currentTimeMillis
        return yield* call((): Opened => {
          const { handle } = account
          const known = handle === undefined ? undefined : accounts.values().find((one) => one.handle === handle)
          if (known !== undefined) return { id: known.id, fresh: false }
          const id = AccountId.make(nextId(accounts))
          accounts.set(id, { ...account, id, createdAt })
          return { id, fresh: true }
        })
      }),
      get: (id) =>
        call(() => {
          const row = accounts.get(id)
          return row && accountOf(row)
        }),
      change: (id, { lowBalance, name }) =>
        call(() => {
          const row = accounts.get(id)
          if (row === undefined) return Result.fail(new AccountNotFound({ id }))
          const lowered = lowBalance === undefined ? row.lowBalance : lowBalance
          accounts.set(id, { ...row, name: name ?? row.name, lowBalance: lowered })
          return Result.void
        }).pipe(Effect.flatMap(Effect.fromResult)),
      addKey: Effect.fnUntraced(function* (key) {
        const createdAt = yield* Clock.currentTimeMillis
        return yield* call(() => {
          const known = keys.get(nameOf(key.hash))
          if (known !== undefined) return apiKeyOf(known)
          const added: Key = { ...key, id: KeyId.make(nextId(keys)), createdAt, lastUsedAt: null, revoked: false }
          put(added)
          return apiKeyOf(added)
        })
      }),
      access: (hash) =>
        call(() => {
          const key = keys.get(nameOf(hash))
          const account = key && accounts.get(key.accountId)
          if (key === undefined || account === undefined || key.revoked) return undefined
          return { accountId: account.id, keyId: key.id, mode: account.mode, scopes: key.scopes, hash: key.hash }
        }),
      keys: (account) =>
        call(() =>
          keys
            .values()
            .filter((key) => key.accountId === account && !key.revoked)
            .sort((a, b) => a.id - b.id)
            .map(apiKeyOf)
        ),
      revoke: (account, id) =>
        call(() => {
          const key = keyOf(account, id)
          if (key === undefined) return Result.fail(new KeyNotFound({ id }))
          put({ ...key, revoked: true })
          return Result.succeed(key.hash)
        }).pipe(Effect.flatMap(Effect.fromResult)),
      restore: (hash) =>
        call(() => {
          const key = keys.get(nameOf(hash))
          if (key !== undefined) put({ ...key, revoked: false })
        }),
      touch: (account, id, at) =>
        call(() => {
          const key = keyOf(account, id)
          if (key === undefined || (key.lastUsedAt !== null && at - key.lastUsedAt < MINUTE_MILLIS)) return
          put({ ...key, lastUsedAt: at })
        })
    })
  })
)

const accountOf = ({
  createdAt,
  currency,
  id,
  liveAccountId,
  lowBalance,
  mode,
  name,
  perSecond
}: AccountRow): Account => ({
  id,
  name,
  mode,
  currency,
  perSecond,
  lowBalance,
  liveAccountId: liveAccountId ?? null,
  createdAt
})

const apiKeyOf = ({ accountId, createdAt, hint, id, lastUsedAt, name, scopes }: Key): ApiKey => ({
  id,
  accountId,
  name,
  hint,
  scopes,
  createdAt,
  lastUsedAt
})
