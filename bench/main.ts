/** Runs every bench, or those that are named, prints their rows, and keeps them in bench/results/<name>.json. */
import { mkdir, writeFile } from "node:fs/promises"
import { decideBench } from "./decide.ts"
import { deliverBench } from "./deliver.ts"
import { hostsBench } from "./hosts.ts"
import { listsBench } from "./lists.ts"
import { listenersBench } from "./listeners.ts"
import { longReaderBench } from "./longreader.ts"
import { overloadBench } from "./overload.ts"
import { type Row, rounded } from "./Row.ts"
import { segmentBench } from "./segment.ts"
import { sendBench } from "./send.ts"
import { webhooksBench } from "./webhooks.ts"

const benches: Record<string, () => Promise<ReadonlyArray<Row>>> = {
  segment: segmentBench,
  decide: decideBench,
  send: sendBench,
  deliver: deliverBench,
  lists: listsBench,
  hosts: hostsBench,
  overload: overloadBench,
  listeners: listenersBench,
  longreader: longReaderBench,
  webhooks: webhooksBench
}

const results = new URL("results/", import.meta.url)
await mkdir(results, { recursive: true })

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => benches[name] === undefined)
if (unknown.length > 0) {
  console.error(`There is no bench ${unknown.join(", ")}; there are ${Object.keys(benches).join(", ")}.`)
  process.exit(2)
}

for (const [name, bench] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  const rows = (await bench()).map((row) => ({
    ...row,
    value: rounded(row.value),
    ...(row.ratio === undefined ? {} : { ratio: rounded(row.ratio) })
  }))
  console.log(name)
  console.table(rows, ["name", "value", "unit", "ratio", "target"])
  await writeFile(new URL(`${name}.json`, results), `${JSON.stringify(rows, undefined, 2)}\n`)
}
