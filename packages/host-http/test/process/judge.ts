/** What the database has in the end, against what the carrier knows to be true and what customers were told. */
import type { Log } from "@cliqtel/sms-testkit/simulator"
import { type Database, pause } from "./fleet.ts"
import type { Accepted } from "./load.ts"

export interface Ended {
  readonly account: number
  readonly id: number
  readonly body: string
  readonly status: string
  readonly refunded: boolean
  /** Its outcome is declared unknown: it waits for a receipt. */
  readonly parked: boolean
}

export const endedMessages = async (database: Database): Promise<ReadonlyArray<Ended>> => {
  const rows = await database.query(`
    SELECT message.account_id::int AS account, message.message_id::int AS id, body, status,
      EXISTS (SELECT FROM sms.ledger_entries line WHERE line.account_id = message.account_id
        AND line.kind = 'sms_refund' AND line.reference = 'message:' || message.message_id) AS refunded,
      EXISTS (SELECT FROM sms.dispatches dispatch WHERE dispatch.account_id = message.account_id
        AND dispatch.message_id = message.message_id AND dispatch.state = 'parked') AS parked
    FROM sms.messages message ORDER BY message_id`)
  // Columns of the statement above.
  return rows as unknown as ReadonlyArray<Ended>
}

/** Until nothing is left to do but wait for the receipts of declared unknowns. Gives how long it took. */
export const settled = async (database: Database, log: () => Promise<Log>, millis: number): Promise<number> => {
  const began = Date.now()
  for (;;) {
    const [left] = await database.query(`
      SELECT (SELECT count(*)::int FROM sms.dispatches WHERE state <> 'parked') AS dispatches,
        (SELECT count(*)::int FROM sms.receipts receipt WHERE due_at IS NOT NULL AND (names_message OR EXISTS (
          SELECT FROM sms.carrier_refs known WHERE known.carrier = receipt.carrier AND known.ref = receipt.ref
        ))) AS receipts`)
    const untold = (await log()).messages.flatMap(({ receipts }) =>
      receipts.filter(({ acknowledged, copies }) => acknowledged < copies)
    ).length
    if (left?.["dispatches"] === 0 && left["receipts"] === 0 && untold === 0) return Date.now() - began
    if (Date.now() - began > millis) {
      throw new Error(`still under way after ${millis} ms: ${JSON.stringify({ ...left, untold })}`)
    }
    await pause(500)
  }
}

/** What is wrong, in words; nothing if all is well. */
export const judge = (
  messages: ReadonlyArray<Ended>,
  accepted: ReadonlyArray<Accepted>,
  { messages: truths }: Log
): ReadonlyArray<string> => {
  const wrong: Array<string> = []
  const byId = new Map(messages.map((message) => [message.id, message]))
  for (const { account, body, id } of accepted) {
    const kept = byId.get(id)
    if (kept?.account !== account || kept.body !== body) wrong.push(`${body} was accepted as ${id} and is not there`)
  }
  if (new Set(messages.map(({ body }) => body)).size !== messages.length) wrong.push("a message is there twice")
  if (messages.length !== accepted.length) wrong.push(`${accepted.length} accepted, ${messages.length} stored`)

  const byRef = new Map(truths.map((truth) => [truth.clientRef, truth]))
  for (const message of messages) {
    const truth = byRef.get(`${message.account}.${message.id}`)
    const taken = truth?.acceptances ?? 0
    const told = `message ${message.id} (${JSON.stringify({ ...message, truth })})`
    if (taken > 1) wrong.push(`${told} was sent ${taken} times`)
    if (message.parked) {
      if (message.status !== "sending" || message.refunded) wrong.push(`${told} is unknown and decided`)
      if (truth?.receipts.some(({ namesMessage }) => namesMessage)) wrong.push(`${told} is unknown after a receipt`)
      continue
    }
    if (message.refunded !== (taken === 0)) wrong.push(`${told} is refunded wrongly`)
    const end = truth?.receipts.find(({ status }) => status !== "sent")?.status ?? "sent"
    const expected = taken === 0 ? "failed" : end
    if (message.status !== expected) wrong.push(`${told} should be ${expected}`)
  }
  return wrong
}
