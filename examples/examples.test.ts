/** The examples run, and the README shows what runs. */
import { assert, it } from "vitest"
import { readFile } from "node:fs/promises"
import { main } from "./embed.ts"

const read = (path: string) => readFile(new URL(path, import.meta.url), "utf8")

it("the core in a backend of one's own delivers a message", async () => {
  assert.deepStrictEqual(await main(), ["queued", "sending", "sent", "delivered"])
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
