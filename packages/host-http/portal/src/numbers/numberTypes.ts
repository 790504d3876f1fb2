import type { NumberType } from "./numbers.ts"

/** In the order in which they are shown. */
export const NUMBER_TYPES = ["local", "mobile", "toll_free"] as const satisfies ReadonlyArray<NumberType>
