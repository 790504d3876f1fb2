/** Accounts and their keys in memory. */
import { Effect, Layer } from "effect"
import { AccountId } from "../Account.ts"
import { Accounts, type NewKey, type Opened } from "../Accounts.ts"
import { MemoryStore, nextId } from "./MemoryStore.ts"

interface Key extends NewKey {
  readonly id: number
}

export const layerAccounts = Layer.effect(
  Accounts,
  Effect.gen(function* () {
    const { accounts, call, table } = yield* MemoryStore
    const keys = table<string, Key>()
    const nameOf = (hash: Uint8Array) => hash.join(" ")

    return Accounts.of({
      open: (account) =>
        call((): Opened => {
          const { handle } = account
          const known = handle === undefined ? undefined : accounts.values().find((one) => one.handle === handle)
          if (known !== undefined) return { id: known.id, fresh: false }
          const id = AccountId.make(nextId(accounts))
          accounts.set(id, { ...account, id })
          return { id, fresh: true }
        }),
      addKey: (key) =>
        call(() => {
          if (keys.get(nameOf(key.hash)) === undefined) keys.set(nameOf(key.hash), { ...key, id: nextId(keys) })
        }),
      access: (hash) =>
        call(() => {
          const key = keys.get(nameOf(hash))
          const account = key && accounts.get(key.accountId)
          if (key === undefined || account === undefined) return undefined
          return { accountId: account.id, keyId: key.id, mode: account.mode, scopes: key.scopes }
        })
    })
  })
)
