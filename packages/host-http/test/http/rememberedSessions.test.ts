/** Portal sessions between two requests: what is remembered of one, and what becomes of its token. */
import { AccountId, Accounts, layerMemory, SCOPES, Sessions } from "@cliqtel/sms-core"
import { it } from "@effect/vitest"
import { Context, Effect, Layer, type Redacted } from "effect"
import { TestClock } from "effect/testing"
import { assert, describe } from "vitest"
import { hashApiKey } from "../../src/ApiKey.ts"
import { ApiKeys } from "../../src/ApiKeys.ts"
import { layerKeys } from "../../src/Keys.ts"
import { PortalSessions } from "../../src/PortalSessions.ts"

const accountId = AccountId.make(1)
const keyHash = hashApiKey("sk_live_of_this_test")

/** Two hosts that share a store; `change` is what both see of it. */
const setUp = Effect.fnUntraced(function* (
  change: (sessions: Sessions["Service"]) => Partial<Sessions["Service"]> = () => ({})
) {
  const memory = yield* Layer.build(layerMemory({ accounts: [{ id: accountId }] }))
  const accounts = Context.get(memory, Accounts)
  const { id: keyId } = yield* accounts.addKey({ accountId, name: "k", hash: keyHash, hint: "sk_...", scopes: SCOPES })
  const access = yield* accounts.access(keyHash)
  if (access === undefined) return yield* Effect.die(new Error("the key is not there"))
  const stored = Context.get(memory, Sessions)
  const sessions = Sessions.of({ ...stored, ...change(stored) })
  const host = PortalSessions.layer.pipe(
    Layer.provideMerge(layerKeys),
    Layer.provide([Layer.succeed(Accounts, accounts), Layer.succeed(Sessions, sessions)])
  )
  const [here, there] = [yield* Layer.build(Layer.fresh(host)), yield* Layer.build(Layer.fresh(host))]
  return {
    access,
    keyId,
    accounts,
    keys: Context.get(here, ApiKeys),
    here: Context.get(here, PortalSessions),
    there: Context.get(there, PortalSessions)
  }
})

const wait = (minutes: number) => TestClock.adjust(minutes * 60_000)

describe("a session", () => {
  it.effect("gives what its key gives, until it is idle for an hour", () =>
    Effect.gen(function* () {
      const { access, here } = yield* setUp()
      const { session, token } = yield* here.open(access)
      yield* wait(59)
      assert.deepStrictEqual((yield* here.authenticate(token))?.access, access)
      yield* wait(59)
      assert.deepStrictEqual(yield* here.accessOf(session), access)
      yield* wait(1)
      assert.isUndefined(yield* here.authenticate(token))
      assert.isUndefined(yield* here.find(token))
      assert.isUndefined(yield* here.accessOf(session))
    })
  )

  it.effect("is not kept by those who only look", () =>
    Effect.gen(function* () {
      const { access, here } = yield* setUp()
      const { session, token } = yield* here.open(access)
      for (let minute = 0; minute < 60; minute++) {
        assert.isDefined(yield* here.find(token))
        assert.isDefined(yield* here.accessOf(session))
        yield* wait(1)
      }
      assert.isUndefined(yield* here.find(token))
    })
  )

  it.effect("is over a day after it began, however much it is used and renewed", () =>
    Effect.gen(function* () {
      const { access, here } = yield* setUp()
      let { token } = yield* here.open(access)
      for (let minute = 0; minute < 24 * 60; minute += 10) {
        const signedIn = yield* here.authenticate(token)
        if (signedIn === undefined) return assert.fail(`it is over after ${minute} minutes`)
        if (signedIn.isAged) token = (yield* here.renew(signedIn)) ?? token
        yield* wait(10)
      }
      assert.isUndefined(yield* here.authenticate(token))
    })
  )

  it.effect("that was ended is refused at once here, and within 5 s on another host", () =>
    Effect.gen(function* () {
      const { access, here, there } = yield* setUp()
      const { session, token } = yield* here.open(access)
      for (const host of [here, there]) assert.isDefined(yield* host.authenticate(token))
      yield* here.endBy(token)
      assert.isUndefined(yield* here.authenticate(token))
      assert.isUndefined(yield* here.accessOf(session))
      yield* TestClock.adjust("5 seconds")
      assert.isUndefined(yield* there.authenticate(token))
    })
  )

  it.effect("ends with its key: at once where that is revoked, within 5 s elsewhere", () =>
    Effect.gen(function* () {
      const { access, accounts, here, keyId, keys, there } = yield* setUp()
      const { session, token } = yield* here.open(access)
      for (const host of [here, there]) assert.isDefined(yield* host.authenticate(token))
      yield* Effect.flatMap(accounts.revoke(accountId, keyId), keys.forget)
      assert.isUndefined(yield* here.authenticate(token))
      assert.isUndefined(yield* here.accessOf(session))
      yield* TestClock.adjust("5 seconds")
      assert.isUndefined(yield* there.authenticate(token))
    })
  )

  it.effect("is asked of the store once in 5 s, and its use is written down once a minute", () =>
    Effect.gen(function* () {
      let asked = 0
      const noted: Array<number> = []
      const { access, here } = yield* setUp((sessions) => ({
        get: (key) =>
          Effect.andThen(
            Effect.sync(() => void asked++),
            sessions.get(key)
          ),
        touch: (key, at) =>
          Effect.andThen(
            Effect.sync(() => void noted.push(at)),
            sessions.touch(key, at)
          )
      }))
      const { session, token } = yield* here.open(access)
      for (let second = 0; second < 150; second++) {
        yield* here.authenticate(token)
        yield* TestClock.adjust("1 second")
      }
      assert.strictEqual(asked, 30)
      assert.deepStrictEqual(
        noted.map((at) => at - session.signedInAt),
        [60_000, 120_000]
      )
    })
  )
})

describe("its token", () => {
  const aged = Effect.gen(function* () {
    const all = yield* setUp()
    const { token } = yield* all.here.open(all.access)
    yield* wait(14)
    assert.isFalse((yield* all.here.authenticate(token))?.isAged)
    yield* wait(1)
    const signedIn = yield* all.here.authenticate(token)
    if (signedIn === undefined) return yield* Effect.die(new Error("it is over"))
    assert.isTrue(signedIn.isAged)
    return { ...all, signedIn, token }
  })

  it.effect("is replaced after 15 minutes; the one before is good for a minute", () =>
    Effect.gen(function* () {
      const { here, signedIn, there, token } = yield* aged
      // What the other host remembers does not keep it from the token that it has not seen.
      assert.isDefined(yield* there.authenticate(token))
      const next = (yield* here.renew(signedIn)) as Redacted.Redacted<string>
      for (const host of [here, there]) {
        assert.isFalse((yield* host.authenticate(next))?.isAged)
        assert.isFalse((yield* host.authenticate(token))?.isAged)
      }
      yield* TestClock.adjust("59 seconds")
      assert.isDefined(yield* here.authenticate(token))
      yield* TestClock.adjust("1 second")
      for (const host of [here, there]) {
        assert.isUndefined(yield* host.authenticate(token))
        assert.isDefined(yield* host.authenticate(next))
      }
    })
  )

  it.effect("that never reached the browser is replaced once more, and the browser's own stays good meanwhile", () =>
    Effect.gen(function* () {
      const { here, signedIn, token } = yield* aged
      const lost = (yield* here.renew(signedIn)) as Redacted.Redacted<string>
      yield* TestClock.adjust("10 seconds")
      const again = yield* here.authenticate(token)
      if (again === undefined) return assert.fail("it is signed out")
      assert.isTrue(again.isAged)
      const next = (yield* here.renew(again)) as Redacted.Redacted<string>
      yield* TestClock.adjust("4 seconds")
      for (const one of [token, next]) assert.isFalse((yield* here.authenticate(one))?.isAged)
      assert.isUndefined(yield* here.authenticate(lost))
    })
  )

  it.effect("is replaced by one of many requests that try, whichever host they reach", () =>
    Effect.gen(function* () {
      const { here, signedIn, there, token } = yield* aged
      yield* there.authenticate(token)
      const tried = yield* Effect.forEach([here, there, here, there], (host) => host.renew(signedIn), {
        concurrency: "unbounded"
      })
      const [next, ...others] = tried.filter((one) => one !== undefined)
      assert.isEmpty(others)
      for (const host of [here, there]) {
        assert.isDefined(yield* host.authenticate(token))
        assert.isDefined(yield* host.authenticate(next as Redacted.Redacted<string>))
      }
    })
  )

  it.effect("is good for nothing once the session was ended by the other one", () =>
    Effect.gen(function* () {
      const { here, signedIn, token } = yield* aged
      const next = (yield* here.renew(signedIn)) as Redacted.Redacted<string>
      for (const one of [next, token]) assert.isDefined(yield* here.authenticate(one))
      yield* wait(2)
      // Whoever took the new one has it no longer once the owner, who never got it, signs out with the old one.
      assert.isUndefined(yield* here.authenticate(token))
      yield* here.endBy(token)
      for (const one of [next, token]) assert.isUndefined(yield* here.authenticate(one))
      assert.isUndefined(yield* here.renew(signedIn))
    })
  )
})
