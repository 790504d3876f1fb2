/**
 * What may be declared unknown. Either the carrier itself gave no answer, as its log shows; or the message was taken over
 * from whoever had claimed it, and then its host, or the database in the middle of the claim, was killed between the claim
 * and the end of its lease. No kill explains more than was under way then: one window of each host that it concerns.
 */
import type { Log } from "@cliqtel/sms-testkit/simulator"
import type { Database } from "./database.ts"
import { type Ended, refOf } from "./judge.ts"

/** Of the sandbox's profile: what one host has under way at most. */
const WINDOW = 256

const LEASE_MILLIS = 60_000

export interface Kill {
  /** A host's name, or "database". */
  readonly what: string
  /** When it was gone. */
  readonly at: number
}

export interface TakenOver {
  readonly account: number
  readonly id: number
  readonly attempt: number
  readonly claimedAt: number
  readonly takenAt: number
}

/** Every message whose lease ran out. */
export const takenOver = (database: Database): Promise<ReadonlyArray<TakenOver>> =>
  database.query<TakenOver>(`
    SELECT lost.account_id::int AS account, lost.message_id::int AS id,
      coalesce(substring(started.detail FROM 'attempt (\\d+)')::int, 1) AS attempt,
      extract(epoch FROM started.at)::float8 * 1000 AS "claimedAt", extract(epoch FROM lost.at)::float8 * 1000 AS "takenAt"
    FROM sms.timeline lost CROSS JOIN LATERAL (
      SELECT at, detail FROM sms.timeline entry
      WHERE entry.account_id = lost.account_id AND entry.message_id = lost.message_id
        AND entry.message_created_at = lost.message_created_at AND entry.seq < lost.seq AND entry.source = 'dispatcher'
      ORDER BY seq DESC LIMIT 1
    ) started
    WHERE lost.detail = 'The host stopped before the carrier had answered.'
    ORDER BY message_id`)

/** Which host has handed it to the carrier in that attempt; undefined if none has. */
export const submitterOf = ({ messages }: Log): ((one: TakenOver) => string | undefined) => {
  const byRef = new Map(messages.map((truth) => [truth.clientRef, truth]))
  return (one) => byRef.get(refOf(one))?.submits.find(({ attempt }) => attempt === one.attempt)?.by
}

export interface Unknowns {
  readonly messages: ReadonlyArray<Ended>
  readonly taken: ReadonlyArray<TakenOver>
  readonly kills: ReadonlyArray<Kill>
  readonly hosts: number
  readonly log: Log
}

/** What is wrong, in words; nothing if each unknown has its reason. */
export const unexplained = ({ hosts, kills, log, messages, taken }: Unknowns): ReadonlyArray<string> => {
  const wrong: Array<string> = []
  const submitter = submitterOf(log)
  const explained = new Map<Kill, number>()
  for (const one of taken) {
    const by = submitter(one)
    const kill = kills.find(
      // A host that lives writes its answers back once the database is there again.
      ({ at, what }) => at >= one.claimedAt && at <= one.claimedAt + LEASE_MILLIS && (by === undefined || by === what)
    )
    if (kill === undefined) wrong.push(`${JSON.stringify(one)} was taken over from ${by}, which nobody had killed`)
    else explained.set(kill, (explained.get(kill) ?? 0) + 1)
  }
  for (const [{ what }, count] of explained) {
    if (count > WINDOW * (what === "database" ? hosts : 1)) wrong.push(`a kill of ${what} explains ${count} unknowns`)
  }

  const wasTaken = new Set(taken.map(refOf))
  const truths = new Map(log.messages.map((truth) => [truth.clientRef, truth]))
  for (const message of messages.filter(({ parked }) => parked)) {
    const truth = truths.get(refOf(message))
    const told = `message ${message.id} (${JSON.stringify({ ...message, price: `${message.price}`, truth })})`
    if (message.status !== "sending" || message.refunded) wrong.push(`${told} is unknown and decided`)
    // Receipts that bear the carrier's own id alone cannot be matched: the answer would have told that id.
    if (truth?.receipts.some(({ namesMessage }) => namesMessage)) wrong.push(`${told} is unknown after a receipt`)
    if (wasTaken.has(refOf(message))) continue
    const last = truth?.submits.at(-1)
    if (last?.end !== "lost" && !(last?.end === "unheard" && last.late)) wrong.push(`${told} is unknown for no reason`)
  }
  return wrong
}
