/** Portal sessions are removed once they are over, and no sooner. */
import { Accounts, EUR, IDLE_MILLIS, Sessions } from "@cliqtel/sms-core"
import { assert, layer } from "@effect/vitest"
import { Effect } from "effect"
import * as Postgres from "../../src/postgres/index.ts"
import { freshPostgres } from "./freshPostgres.ts"

const hashOf = (n: number) => new Uint8Array(32).fill(n)

layer(freshPostgres, { timeout: 60_000, excludeTestServices: true })("housekeeping", (it) => {
  it.effect("removes sessions that are idle for an hour", () =>
    Effect.gen(function* () {
      const accounts = yield* Accounts
      const sessions = yield* Sessions
      const { id } = yield* accounts.open({ name: "a", mode: "live", currency: EUR, perSecond: 1, lowBalance: null })
      yield* accounts.addKey({ accountId: id, name: "k", hash: hashOf(1), hint: "", scopes: [] })
      const access = yield* accounts.access(hashOf(1))
      if (access === undefined) return assert.fail("the key is not there")
      const now = Date.now()
      const over = yield* sessions.open({ access, hash: hashOf(2), at: now - IDLE_MILLIS - 1000 })
      const idle = yield* sessions.open({ access, hash: hashOf(3), at: now - IDLE_MILLIS + 60_000 })
      const used = yield* sessions.open({ access, hash: hashOf(4), at: now - 20 * IDLE_MILLIS })
      yield* sessions.touch(used, now)
      yield* Postgres.keepHouse
      assert.isUndefined(yield* sessions.get(over))
      for (const session of [idle, used]) assert.strictEqual((yield* sessions.get(session))?.id, session.id)
    })
  )
})
