/** Our name for a message towards carriers: `account.message`. A receipt that bears it needs no look-up. */
import { Schema } from "effect"
import { AccountId, MessageId } from "../Account.ts"
import type { MessageKey } from "../status/MessageStore.ts"

export const clientRef = ({ accountId, id }: MessageKey): string => `${accountId}.${id}`

const isAccountId = Schema.is(AccountId)
const isMessageId = Schema.is(MessageId)

/** Null for what we have never written. */
export const parseClientRef = (ref: string): MessageKey | null => {
  const match = /^(\d{1,16})\.(\d{1,16})$/.exec(ref)
  const accountId = Number(match?.[1])
  const id = Number(match?.[2])
  return isAccountId(accountId) && isMessageId(id) ? { accountId, id } : null
}
