/** Runs every bench, prints its rows, and keeps them in bench/results/<name>.json. */
import { mkdir, writeFile } from "node:fs/promises"
import { type Row, segmentBench } from "./segment.ts"

const benches: Record<string, () => Promise<ReadonlyArray<Row>>> = { segment: segmentBench }

const results = new URL("results/", import.meta.url)
await mkdir(results, { recursive: true })

for (const [name, bench] of Object.entries(benches)) {
  const rows = await bench()
  console.log(name)
  console.table(rows.map(readable))
  await writeFile(new URL(`${name}.json`, results), `${JSON.stringify(rows, undefined, 2)}\n`)
}

function readable({ name, perSecond, ratio }: Row) {
  return { name, perSecond: Math.round(perSecond), ratio: Number(ratio.toPrecision(3)) }
}
