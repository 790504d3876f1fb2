/** What a compose window shows of a text, by the rules with which it is sent and charged. */
import { measure, type UnicodeCharacter, unicodeCharacters } from "@cliqtel/sms-core/segment"

/** Code points that a message may have. */
export const MAX_CHARACTERS = 1600

export interface Counter {
  readonly characters: number
  readonly isTooLong: boolean
  readonly encoding: "GSM-7" | "UCS-2"
  /** 0: there is no text yet. */
  readonly segments: number
  readonly remaining: number
  readonly unicode: ReadonlyArray<UnicodeCharacter>
}

export const counterOf = (body: string): Counter => {
  const { encoding, remaining, segments } = measure(body)
  const characters = Array.from(body).length
  return {
    characters,
    isTooLong: characters > MAX_CHARACTERS,
    encoding,
    segments: body === "" ? 0 : segments,
    remaining,
    unicode: encoding === "GSM-7" ? [] : unicodeCharacters(body)
  }
}

export interface Stretch {
  readonly text: string
  readonly isUnicode: boolean
}

/** The text in stretches with and without the characters that make it Unicode; joined they are the text. */
export const stretchesOf = (body: string, unicode: ReadonlyArray<UnicodeCharacter>): ReadonlyArray<Stretch> => {
  const stretches: Array<Stretch> = []
  let start = 0
  for (const { index, length } of unicode) {
    if (index > start) stretches.push({ text: body.slice(start, index), isUnicode: false })
    start = index + length
    stretches.push({ text: body.slice(index, start), isUnicode: true })
  }
  if (start < body.length) stretches.push({ text: body.slice(start), isUnicode: false })
  return stretches
}

/** Each different character once, in the order of the text. */
export const distinct = (unicode: ReadonlyArray<UnicodeCharacter>): ReadonlyArray<UnicodeCharacter> => [
  ...new Map(unicode.map((character) => [character.text, character])).values()
]
