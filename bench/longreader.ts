/** A transaction that stays open, so that no row that dies beside it can be cleaned up, while messages are delivered. */
import { PgClient } from "@effect/sql-pg"
import { Context, Effect, Exit, Layer, Redacted, Scope } from "effect"
import { SqlClient } from "effect/sql"
import { load } from "./HttpLoad.ts"
import { inTurn, sendRequest, undelivered, until } from "./requests.ts"
import { median, type Row } from "./Row.ts"
import { makeStage, type Stage } from "./Stage.ts"

const SECONDS = Number(process.env.LONG_READER_SECONDS ?? 300)
const AFTER_SECONDS = Math.min(120, SECONDS)
const PER_SECOND = 500
/** What is measured at a time. */
const WINDOW_SECONDS = 15

export const longReaderBench = async (): Promise<ReadonlyArray<Row>> => {
  await using stage = await makeStage()
  const { port } = await stage.host()
  const next = inTurn((await stage.senders(100)).map(sendRequest))
  const drained = () => until(async () => (await undelivered(stage)) === 0)
  await load({ port, connections: 128, millis: 5000, next })
  await drained()

  const reader = await openReader(stage)
  const early = await delivery(stage, port, next, WINDOW_SECONDS)
  await load({ port, connections: 64, millis: (SECONDS - 2 * WINDOW_SECONDS) * 1000, next, perSecond: PER_SECOND })
  const late = await delivery(stage, port, next, WINDOW_SECONDS)
  const dead = await deadRows(stage)
  await reader.end()
  await load({ port, connections: 64, millis: AFTER_SECONDS * 1000, next, perSecond: PER_SECOND })
  const after = await delivery(stage, port, next, WINDOW_SECONDS)
  await drained()

  return [
    { name: "delivered in the first 15 s", value: early.rate, unit: "messages/s" },
    {
      name: `delivered in the last 15 s of ${SECONDS} s beside an open transaction`,
      value: late.rate,
      unit: "messages/s",
      ratio: late.rate / early.rate,
      against: "delivered in the first 15 s",
      target: "at least 0.65"
    },
    {
      name: `delivered ${AFTER_SECONDS} s after its end`,
      value: after.rate,
      unit: "messages/s",
      ratio: after.rate / early.rate,
      against: "delivered in the first 15 s"
    },
    { name: "not yet delivered, median in the first 15 s", value: early.backlog, unit: "messages" },
    { name: "not yet delivered, median in the last 15 s", value: late.backlog, unit: "messages" },
    { name: `not yet delivered, median ${AFTER_SECONDS} s after`, value: after.backlog, unit: "messages" },
    ...dead.map(({ count, name }) => ({ name: `dead rows of sms.${name} at its end`, value: count, unit: "rows" }))
  ]
}

/** What reached its end in so many seconds under the load, and how much was on its way. */
const delivery = async (stage: Stage, port: number, next: () => string, seconds: number) => {
  const before = await delivered(stage)
  const started = performance.now()
  const backlogs: Array<number> = []
  const loading = load({ port, connections: 64, millis: seconds * 1000, next, perSecond: PER_SECOND })
  while (performance.now() - started < seconds * 1000) {
    backlogs.push(await undelivered(stage))
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  await loading
  const rate = ((await delivered(stage)) - before) / ((performance.now() - started) / 1000)
  return { rate, backlog: median(backlogs) }
}

const delivered = async (stage: Stage): Promise<number> => {
  const [row] = await stage.query<{ readonly count: bigint }>(
    "SELECT count(*) AS count FROM sms.messages WHERE status = 'delivered'"
  )
  return Number(row?.count ?? 0)
}

const deadRows = async (stage: Stage) => {
  const rows = await stage.query<{ readonly name: string; readonly count: bigint }>(
    `SELECT relname AS name, n_dead_tup AS count FROM pg_stat_user_tables
     WHERE schemaname = 'sms' AND relname IN ('dispatches', 'receipts', 'wallets') ORDER BY relname`
  )
  return rows.map(({ count, name }) => ({ name, count: Number(count) }))
}

/** A transaction on a connection of its own that has read and does not end. */
const openReader = async (stage: Stage) => {
  const scope = Scope.makeUnsafe()
  const client = await Effect.runPromise(
    Effect.provideService(
      Layer.build(PgClient.layer({ url: Redacted.make(stage.url), maxConnections: 1 })),
      Scope.Scope,
      scope
    )
  )
  const sql = Context.get(client, SqlClient.SqlClient)
  const run = (statement: string) => Effect.runPromise(sql.unsafe(statement))
  await run("BEGIN ISOLATION LEVEL REPEATABLE READ")
  await run("SELECT count(*) FROM sms.accounts")
  return {
    end: async () => {
      await run("COMMIT")
      await Effect.runPromise(Scope.close(scope, Exit.void))
    }
  }
}
