/** Two results side by side: `pnpm bench:compare before.json after.json`. */
import { readFile } from "node:fs/promises"
import { type Row, rounded } from "./Row.ts"

const [before, after] = process.argv.slice(2)
if (before === undefined || after === undefined) {
  console.error("Name two files: pnpm bench:compare before.json after.json")
  process.exit(2)
}

const read = async (path: string): Promise<ReadonlyMap<string, Row>> => {
  // Written by `main.ts`.
  const rows = JSON.parse(await readFile(path, "utf8")) as ReadonlyArray<Row>
  return new Map(rows.map((row) => [row.name, row]))
}

const [one, two] = [await read(before), await read(after)]
console.table(
  [...new Set([...one.keys(), ...two.keys()])].map((name) => {
    const [old, now] = [one.get(name), two.get(name)]
    const change = old === undefined || now === undefined ? undefined : rounded(now.value / old.value)
    return { name, before: old?.value, after: now?.value, unit: (now ?? old)?.unit, change }
  })
)
