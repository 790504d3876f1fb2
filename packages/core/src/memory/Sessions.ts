/** Portal sessions in memory. */
import { Effect, Layer } from "effect"
import { SessionId } from "../Account.ts"
import { Accounts } from "../Accounts.ts"
import { isUseNews, SESSIONS_PER_KEY } from "../session/Session.ts"
import { type Session, type SessionKey, Sessions } from "../session/Sessions.ts"
import { MemoryStore, nextId } from "./MemoryStore.ts"

export const layerSessions = Layer.effect(
  Sessions,
  Effect.gen(function* () {
    const { call, table } = yield* MemoryStore
    const accounts = yield* Accounts
    const sessions = table<SessionId, Session>()
    const at = ({ accountId, id }: SessionKey) => {
      const session = sessions.get(id)
      return session?.accountId === accountId ? session : undefined
    }
    const ofGoodKey = Effect.fnUntraced(function* (session: Session | undefined) {
      return session && (yield* accounts.access(session.keyHash)) && session
    })

    return Sessions.of({
      open: ({ access: { accountId, hash: keyHash, keyId }, at, hash }) =>
        call(() => {
          const ofKey = [...sessions.values()].filter((one) => one.accountId === accountId && one.keyId === keyId)
          for (const one of ofKey.slice(0, Math.max(0, ofKey.length - SESSIONS_PER_KEY + 1))) sessions.delete(one.id)
          const id = SessionId.make(nextId(sessions))
          const times = { signedInAt: at, usedAt: at, tokenAt: at }
          const session: Session = { id, accountId, keyId, keyHash, hash, oldHash: null, ...times }
          sessions.set(id, session)
          return session
        }),
      find: (hash) =>
        call(() => sessions.values().find((one) => isSame(one.hash, hash) || isSame(one.oldHash, hash))).pipe(
          Effect.flatMap(ofGoodKey)
        ),
      get: (key) =>
        Effect.flatMap(
          call(() => at(key)),
          ofGoodKey
        ),
      renew: (key, { at: tokenAt, from, old, to }) =>
        call(() => {
          const session = at(key)
          if (session === undefined || !isSame(session.hash, from)) return false
          sessions.set(session.id, { ...session, hash: to, oldHash: old, tokenAt })
          return true
        }),
      touch: (key, usedAt) =>
        call(() => {
          const session = at(key)
          if (session !== undefined && isUseNews(session, usedAt)) sessions.set(session.id, { ...session, usedAt })
        }),
      end: (key) =>
        call(() => {
          const session = at(key)
          if (session !== undefined) sessions.delete(session.id)
        })
    })
  })
)

const isSame = (one: Uint8Array | null, other: Uint8Array): boolean => one !== null && one.join() === other.join()
