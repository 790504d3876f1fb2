/** The requests that benches send. */
import { post } from "./HttpLoad.ts"
import type { Sender, Stage } from "./Stage.ts"

const TEXT = "Your order #1234 has shipped!"

const message = ({ numberId }: Sender): string => `{"from_number_id":${numberId},"to":"+31612345678","body":"${TEXT}"}`

export const sendRequest = (sender: Sender): string => post("/api/v1/portal/sms/send", sender.key, message(sender))

export const batchRequest = (sender: Sender, size = 1000): string =>
  post(
    "/api/v1/portal/sms/batch",
    sender.key,
    `{"messages":[${Array.from({ length: size }, () => message(sender)).join(",")}]}`
  )

export const inTurn = <A>(items: ReadonlyArray<A>): (() => A) => {
  let next = 0
  // There are some.
  return () => items[next++ % items.length] as A
}

/** What is accepted stays queued while it is paused. */
export const pauseCarrier = (stage: Stage, paused: boolean) =>
  stage.query(
    paused
      ? "INSERT INTO sms.paused_carriers (carrier, paused_at) VALUES ('sandbox', now()) ON CONFLICT DO NOTHING"
      : "DELETE FROM sms.paused_carriers"
  )

/** Messages that are not at their end: in the queue, or with a receipt that is not applied yet. */
export const undelivered = async (stage: Stage): Promise<number> => {
  const [row] = await stage.query<{ readonly count: bigint }>(`
    SELECT (SELECT count(*) FROM sms.dispatches) + (SELECT count(*) FROM sms.receipts WHERE due_at IS NOT NULL) AS count
  `)
  return Number(row?.count ?? 0)
}

export const until = async (condition: () => Promise<boolean>, everyMillis = 50): Promise<void> => {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, everyMillis))
}
