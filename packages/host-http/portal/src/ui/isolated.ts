const LTR_ISOLATE = "\u2066"
const POP_ISOLATE = "\u2069"

/** A phone number within a sentence: its plus stays before it in every language. */
export const isolated = (number: string): string => LTR_ISOLATE + number + POP_ISOLATE
