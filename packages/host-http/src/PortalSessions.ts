/**
 * Who is signed in to the portal. A session is remembered for 5 s as keys are: one that was ended is refused on this host
 * at the next request, on others at most that much later. Use is noted once a minute, and no request waits for it.
 */
import {
  type Access,
  AccountId,
  isUseNews,
  type Session,
  type SessionKey,
  sessionEnd,
  SessionId,
  Sessions,
  tokenStanding
} from "@cliqtel/sms-core"
import { Cache, Clock, Context, Effect, Exit, Layer, type Redacted } from "effect"
import { ApiKeys } from "./ApiKeys.ts"
import { hashName, isSameHash } from "./Hash.ts"
import { hashSessionToken, makeSessionToken } from "./SessionCookie.ts"
import { useNotes } from "./UseNotes.ts"

export interface SignedIn {
  readonly session: Session
  readonly access: Access
  /** Of the token that it was found by. */
  readonly hash: Uint8Array
  /** That token is to be replaced. */
  readonly isAged: boolean
}

export class PortalSessions extends Context.Service<
  PortalSessions,
  {
    /** Begins a session for whoever has the key. */
    open(access: Access): Effect.Effect<{ readonly session: Session; readonly token: Redacted.Redacted<string> }>
    /** Who bears this token; undefined if it is none, or no longer. To look is no use. */
    find(token: Redacted.Redacted<string>): Effect.Effect<SignedIn | undefined>
    /** The same of a request that is a use of the session. */
    authenticate(token: Redacted.Redacted<string>): Effect.Effect<SignedIn | undefined>
    /** What a session gives access to by now, whatever its token is; no use either. */
    accessOf(key: SessionKey): Effect.Effect<Access | undefined>
    /** Another token in place of the one that it was found by; undefined if another request replaces it. */
    renew(signedIn: SignedIn): Effect.Effect<Redacted.Redacted<string> | undefined>
    /** Ends the session whose token this is or was, though it be worth nothing any more. */
    endBy(token: Redacted.Redacted<string>): Effect.Effect<void>
  }
>()("@cliqtel/sms-host-http/PortalSessions") {
  static readonly layer = Layer.effect(
    PortalSessions,
    Effect.gen(function* () {
      const sessions = yield* Sessions
      const keys = yield* ApiKeys
      const noteUse = yield* useNotes({
        capacity: CAPACITY,
        idOf: ({ id }: Session) => id,
        note: (session, at) => sessions.touch(session, at),
        failure: "The use of a portal session was not noted"
      })

      // Whose a token is never changes; what is, is looked up by the session, so that forgetting that is enough.
      const owners = yield* Cache.makeWith((hash: string) => sessions.find(Buffer.from(hash, "hex")), {
        capacity: CAPACITY,
        timeToLive: remembered(OWNER_MILLIS)
      })
      const known = yield* Cache.makeWith((name: string) => sessions.get(keyOf(name)), {
        capacity: CAPACITY,
        timeToLive: remembered(REMEMBERED_MILLIS)
      })

      const find = Effect.fnUntraced(function* (token: Redacted.Redacted<string>) {
        const hash = hashSessionToken(token)
        const owner = yield* Cache.get(owners, hashName(hash))
        if (owner === undefined) return undefined
        let session = yield* Cache.get(known, nameOf(owner))
        // Another host has given it a token that is not remembered here.
        if (session !== undefined && whichToken(session, hash) === undefined) {
          yield* Cache.invalidate(known, nameOf(owner))
          session = yield* Cache.get(known, nameOf(owner))
        }
        if (session === undefined) return undefined
        const which = whichToken(session, hash)
        const standing = which && tokenStanding(session, which, yield* Clock.currentTimeMillis)
        if (standing === undefined || standing === "worthless") return undefined
        // Among what is remembered of keys, whose revocation is known here at once.
        const access = yield* keys.accessOf(session.keyHash)
        return access && { session, access, hash, isAged: standing === "aged" }
      })

      return PortalSessions.of({
        open: Effect.fnUntraced(function* (access) {
          const token = makeSessionToken()
          const at = yield* Clock.currentTimeMillis
          return { session: yield* sessions.open({ access, hash: hashSessionToken(token), at }), token }
        }),
        find,
        authenticate: Effect.fnUntraced(function* (token) {
          const signedIn = yield* find(token)
          if (signedIn !== undefined && isUseNews(signedIn.session, yield* Clock.currentTimeMillis)) {
            yield* noteUse(signedIn.session)
          }
          return signedIn
        }),
        accessOf: Effect.fnUntraced(function* (key) {
          const session = yield* Cache.get(known, nameOf(key))
          if (session === undefined || (yield* Clock.currentTimeMillis) >= sessionEnd(session)) return undefined
          return yield* keys.accessOf(session.keyHash)
        }),
        renew: Effect.fnUntraced(function* ({ hash: old, session }) {
          const token = makeSessionToken()
          const at = yield* Clock.currentTimeMillis
          const won = yield* sessions.renew(session, { from: session.hash, old, to: hashSessionToken(token), at })
          yield* Cache.invalidate(known, nameOf(session))
          return won ? token : undefined
        }),
        endBy: Effect.fnUntraced(function* (token) {
          const session = yield* sessions.find(hashSessionToken(token))
          if (session === undefined) return
          yield* sessions.end(session)
          yield* Cache.invalidate(known, nameOf(session))
        })
      })
    })
  )
}

const REMEMBERED_MILLIS = 5000

const OWNER_MILLIS = 60 * 60 * 1000

/** Sessions that are remembered at once. */
const CAPACITY = 10_000

const remembered =
  (millis: number) =>
  (exit: Exit.Exit<Session | undefined>): number =>
    Exit.isSuccess(exit) && exit.value !== undefined ? millis : 0

const nameOf = ({ accountId, id }: SessionKey): string => `${accountId}.${id}`

const keyOf = (name: string): SessionKey => {
  const [accountId, id] = name.split(".").map(Number)
  return { accountId: AccountId.make(accountId ?? 0), id: SessionId.make(id ?? 0) }
}

const whichToken = ({ hash, oldHash }: Session, token: Uint8Array) =>
  isSameHash(hash, token) ? "current" : oldHash !== null && isSameHash(oldHash, token) ? "previous" : undefined
