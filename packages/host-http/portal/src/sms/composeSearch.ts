/** Whom a message is to be written to, and from which number, as the compose window's address has it. */
import { idOf, numberOf } from "./searchValues.ts"

export interface ComposeSearch {
  /** Id of an own number. */
  readonly from?: number
  /** In E.164. */
  readonly to?: string
}

export const readComposeSearch = (search: Readonly<Record<string, unknown>>): ComposeSearch => {
  const from = idOf(search.from)
  const to = numberOf(search.to)
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) }
}
