/** What the database has in the end, against what the carrier knows to be true and what customers were told. */
import type { Log } from "@cliqtel/sms-testkit/simulator"
import type { Database } from "./database.ts"
import type { Accepted } from "./load.ts"
import { balanceOf, type Sender } from "./sender.ts"

export interface Ended {
  readonly account: number
  readonly id: number
  readonly body: string
  readonly status: string
  /** In micro-units. */
  readonly price: bigint
  readonly refunded: boolean
  /** Its outcome is declared unknown: it waits for a receipt. */
  readonly parked: boolean
}

export const endedMessages = (database: Database): Promise<ReadonlyArray<Ended>> =>
  database.query<Ended>(`
    SELECT message.account_id::int AS account, message.message_id::int AS id, body, status, price,
      EXISTS (SELECT FROM sms.ledger_entries line WHERE line.account_id = message.account_id
        AND line.kind = 'sms_refund' AND line.reference = 'message:' || message.message_id) AS refunded,
      EXISTS (SELECT FROM sms.dispatches dispatch WHERE dispatch.account_id = message.account_id
        AND dispatch.message_id = message.message_id AND dispatch.state = 'parked') AS parked
    FROM sms.messages message ORDER BY message_id`)

/** As both the carrier and we call it. */
export const refOf = ({ account, id }: Pick<Ended, "account" | "id">): string => `${account}.${id}`

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

  const refs = new Set(messages.map(refOf))
  for (const { clientRef } of truths)
    if (!refs.has(clientRef)) wrong.push(`the carrier has ${clientRef}, and we do not`)
  const byRef = new Map(truths.map((truth) => [truth.clientRef, truth]))
  for (const message of messages) {
    const truth = byRef.get(refOf(message))
    const taken = truth?.acceptances ?? 0
    const told = `message ${message.id} (${JSON.stringify({ ...message, price: `${message.price}`, truth })})`
    if (taken > 1) wrong.push(`${told} was sent ${taken} times`)
    // What of it may be unknown: see unknowns.ts.
    if (message.parked) continue
    if (message.refunded !== (taken === 0)) wrong.push(`${told} is refunded wrongly`)
    const end = truth?.receipts.find(({ status }) => status !== "sent")?.status ?? "sent"
    const expected = taken === 0 ? "failed" : end
    if (message.status !== expected) wrong.push(`${told} should be ${expected}`)
  }
  return wrong
}

/** Every cent: who pays what follows from the carrier's log and the declared unknowns alone. */
export const misspent = async (
  host: string,
  senders: ReadonlyArray<Sender>,
  messages: ReadonlyArray<Ended>,
  { messages: truths }: Log
): Promise<ReadonlyArray<string>> => {
  const taken = new Set(truths.flatMap(({ acceptances, clientRef }) => (acceptances > 0 ? [clientRef] : [])))
  const wrong: Array<string> = []
  for (const { account, balance, key } of senders) {
    const paid = messages.filter(
      (message) => message.account === account && (message.parked || taken.has(refOf(message)))
    )
    const due = balance - paid.reduce((sum, { price }) => sum + price, 0n)
    const has = await balanceOf(host, key)
    if (has !== due) wrong.push(`account ${account} has ${has} and should have ${due}`)
  }
  return wrong
}
