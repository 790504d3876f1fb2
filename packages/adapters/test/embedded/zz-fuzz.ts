import { PgClient } from "@effect/sql-pg"
import { Effect, Redacted } from "effect"
import { SqlClient } from "effect/sql"
import { spawn } from "node:child_process"
import { once } from "node:events"
import { createInterface } from "node:readline"
import { rmSync } from "node:fs"
import { ask, isAlive } from "./support.ts"
const dataDir = process.argv[2]!
rmSync(dataDir, { recursive: true, force: true })
const acked: string[] = []
let ups = 0, killedEarly = 0
for (let i = 0; i < Number(process.argv[3]); i++) {
  const child = spawn(process.execPath, [new URL("owner.ts", import.meta.url).pathname, JSON.stringify({ dataDir })], { stdio: ["ignore", "pipe", "inherit"] })
  const exit = once(child, "exit")
  const lines = createInterface(child.stdout!)[Symbol.asyncIterator]()
  const delay = i < 8 ? 400 + i * 300 : Math.random() * 1500
  const timer = i % 4 === 3 ? undefined : setTimeout(() => child.kill("SIGKILL"), delay)
  const { value, done } = await lines.next()
  if (done) { killedEarly++; await exit; continue }
  const said = JSON.parse(value)
  if (!said.pid) { console.log("FAILED", said); process.exit(1) }
  ups++
  const url = Redacted.make(said.url as string)
  const dies = i % 4 === 3
  await Effect.runPromise(ask(url, (sql) => Effect.gen(function*() {
    yield* sql`CREATE TABLE IF NOT EXISTS notes (text text NOT NULL)`
    const have = (yield* sql<{ text: string }>`SELECT text FROM notes`).map((r) => r.text)
    for (const a of acked) if (!have.includes(a)) { console.log("LOST", a); process.exit(2) }
    if (dies) setTimeout(() => { try { process.kill(said.pid, "SIGKILL") } catch {}; if (i % 8 === 7) child.kill("SIGKILL"); else setTimeout(() => child.kill("SIGTERM"), 50) }, Math.random() * 400)
    for (let n = 0;; n++) { yield* sql`INSERT INTO notes VALUES (${`${i}.${n}`})`; acked.push(`${i}.${n}`) }
  }))).catch(() => {})
  clearTimeout(timer)
  if (!dies) child.kill("SIGKILL")
  await exit
}
console.log({ ups, killedEarly, acked: acked.length })
