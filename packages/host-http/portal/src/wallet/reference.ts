/** What an entry of the ledger is about, as its reference names it. */
export type Subject =
  | { readonly about: "message" | "topUp"; readonly id: string }
  | { readonly about: "number"; readonly id: string }
  | { readonly about: "other" }

const MESSAGE = /^message:(\d+)$/
const TOP_UP = /^top_up:(\d+)$/
/** Of an add-on's month, or of an order. */
const NUMBER = /^(?:number:(\d+):sms:.+|order:\d+:number:(\d+))$/

export const subjectOf = (reference: string): Subject => {
  const message = MESSAGE.exec(reference)?.[1]
  if (message !== undefined) return { about: "message", id: message }
  const topUp = TOP_UP.exec(reference)?.[1]
  if (topUp !== undefined) return { about: "topUp", id: topUp }
  const match = NUMBER.exec(reference)
  const number = match?.[1] ?? match?.[2]
  return number === undefined ? { about: "other" } : { about: "number", id: number }
}
