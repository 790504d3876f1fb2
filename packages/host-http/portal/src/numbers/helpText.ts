import { countSegments } from "@cliqtel/sms-core/segment"

/** As many characters (Unicode code points) as a message may have. */
export const MAX_CHARACTERS = 1600

export interface Measured {
  readonly characters: number
  readonly segments: number
  readonly refusal: "missing" | "tooLong" | undefined
}

/** How long an answer is, what it is billed as, and whether it can be saved. */
export const measure = (text: string): Measured => {
  const characters = [...text].length
  return {
    characters,
    segments: characters === 0 ? 0 : countSegments(text),
    refusal: text.trim() === "" ? "missing" : characters > MAX_CHARACTERS ? "tooLong" : undefined
  }
}
