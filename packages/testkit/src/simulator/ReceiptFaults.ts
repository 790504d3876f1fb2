/** Which faults a receipt has turned out to be, once a host has taken it. */
import type { Told } from "./ReceiptQueue.ts"
import type { Fault } from "./Truth.ts"

/** Of a copy that was acknowledged just now and is counted in its receipt already. */
export const receiptFaults = ({ early, one: { message, receipt } }: Told): ReadonlyArray<Fault> => {
  const found: Array<Fault> = []
  if (early) found.push("receipt early")
  if (receipt.acknowledged > 1) found.push("receipt twice")
  const ended = message.receipts.some((other) => other.status !== "sent" && other.acknowledged > 0)
  if (receipt.status === "sent" && ended) found.push("receipt disordered")
  return found
}
