/** The examples run, and the README shows what runs. */
import { Micros } from "@cliqtel/sms-core"
import { freshDatabase } from "@cliqtel/sms-testkit/postgres"
import { Effect, Redacted } from "effect"
import { assert, inject, it } from "vitest"
import { readFile } from "node:fs/promises"
import { main as mainOnPostgres } from "./embed-postgres.ts"
import { main } from "./embed.ts"

const read = (path: string) => readFile(new URL(path, import.meta.url), "utf8")

it("the core in a backend of one's own delivers a message", async () => {
  assert.deepStrictEqual(await main(), ["queued", "sending", "sent", "delivered"])
})

it("and on PostgreSQL, in a transaction of one's own", async () => {
  const run = Effect.flatMap(freshDatabase(inject("postgresUrl")), (url) =>
    Effect.promise(() => mainOnPostgres(Redacted.value(url)))
  )
  assert.deepStrictEqual(await Effect.runPromise(Effect.scoped(run)), {
    statuses: ["queued", "sending", "sent", "delivered"],
    balance: Micros.make(4_992_000n)
  })
})

it("the README shows the example as it is", async () => {
  assert.include(await read("../README.md"), `\`\`\`ts\n${await read("./embed.ts")}\`\`\``)
})

it("every file that the README and the guides link to is there", async () => {
  for (const [page, base] of [
    ["../README.md", "../"],
    ["../docs/message-lifecycle.md", "../docs/"],
    ["../docs/embedding.md", "../docs/"]
  ]) {
    const links = [...(await read(page ?? "")).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, path]) => path ?? "")
    assert.isAbove(links.length, 0)
    for (const link of links) await readFile(new URL(`${base}${link}`, import.meta.url))
  }
})
