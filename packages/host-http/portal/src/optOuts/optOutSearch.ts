/** What the address of the page says: whose opt-outs, those of one number or of all. */

export interface OptOutSearch {
  /** Its id. */
  readonly number?: number
}

export const optOutSearch = ({ number }: Record<string, unknown>): OptOutSearch =>
  typeof number === "number" && Number.isSafeInteger(number) && number > 0 ? { number } : {}
