/** The client's insides are nobody's promise: where they have changed, this is what tells. */
import { freshDatabase } from "@cliqtel/sms-testkit/postgres"
import { PgClient } from "@effect/sql-pg"
import { assert, it, layer } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { SqlClient } from "effect/sql"
import { inject } from "vitest"
import { keepNoStatements, layerPipelinedClient } from "../../src/postgres/index.ts"

const clientOf = (make: typeof layerPipelinedClient) =>
  Layer.unwrap(Effect.map(freshDatabase(inject("postgresUrl")), (url) => make({ url, maxConnections: 1 })))

for (const [name, make] of [
  ["PgClient", PgClient.layer],
  ["pipelined", layerPipelinedClient]
] as const) {
  layer(clientOf(make))(`a ${name} client that keeps no statements`, (itWith) => {
    itWith.effect("has nothing of one that has run", () =>
      Effect.gen(function* () {
        const sql = yield* SqlClient.SqlClient
        const kept = sql`SELECT ${1}::int AS n`
        assert.strictEqual(kept.compile(), kept.compile())

        for (const _ of ["once", "again"]) assert.isTrue(keepNoStatements(sql))
        const ran = sql`SELECT ${2}::int AS n`
        assert.deepStrictEqual(yield* ran, [{ n: 2 }])
        assert.deepStrictEqual(yield* ran.withoutTransform, [{ n: 2 }])
        for (const withoutTransform of [false, true]) {
          assert.notStrictEqual(ran.compile(withoutTransform), ran.compile(withoutTransform))
          assert.deepStrictEqual(ran.compile(withoutTransform), ran.compile(withoutTransform))
        }
      })
    )
  })
}

it("a client that is built another way is left alone", () => {
  const statement = Object.freeze({ compiler: Object.freeze({}) })
  // As much of a client as is looked at.
  assert.isFalse(keepNoStatements((() => statement) as unknown as SqlClient.SqlClient))
})
