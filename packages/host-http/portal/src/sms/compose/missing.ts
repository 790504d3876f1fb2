/** What a message still lacks, as far as that can be told without the host. */
import { readNumber } from "../readNumber.ts"
import type { Counter } from "./counter.ts"
import type { Draft } from "./draft.ts"

export interface Missing {
  readonly from?: "noFrom"
  readonly to?: "noTo"
  readonly body?: "empty" | "tooLong"
}

export const missingOf = ({ from, to }: Draft, { characters, isTooLong }: Counter): Missing => ({
  ...(from === undefined ? { from: "noFrom" } : {}),
  ...(readNumber(to) === undefined ? { to: "noTo" } : {}),
  ...(characters === 0 ? { body: "empty" } : isTooLong ? { body: "tooLong" } : {})
})
