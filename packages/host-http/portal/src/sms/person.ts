import type { Message } from "./messages.ts"

/** The two ends of a message, as the account sees them: the other person, and its own number. */
export const endsOf = ({ direction, from, to }: Message): { readonly person: string; readonly own: string } =>
  direction === "inbound" ? { person: from, own: to } : { person: to, own: from }
