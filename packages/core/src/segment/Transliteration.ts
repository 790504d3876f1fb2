/**
 * What could be written in place of the characters that keep a text from being GSM-7, so that it costs fewer segments:
 * the quotes, dashes and spaces that phones and word processors put in, letters without the accent that GSM-7 lacks,
 * ligatures and full-width forms. Only what keeps the meaning: other scripts, emoji, a strike-through have no plain form.
 *
 * Nothing is replaced by itself on its way to a carrier: this is for those who write, to see and to choose.
 */
import { encodingOf } from "./Segment.ts"

/** What a reader sees as one character: a letter with its marks, a flag, a family. */
export interface UnicodeCharacter {
  readonly text: string
  /** Where it begins, and how long it is, in UTF-16 units. */
  readonly index: number
  readonly length: number
  /** What could stand in its place, of GSM-7 alone; empty if nobody would miss it, undefined if there is nothing. */
  readonly plain: string | undefined
}

/** The characters that make a text UCS-2, in its order; none if it is GSM-7. */
export const unicodeCharacters = (text: string): ReadonlyArray<UnicodeCharacter> => walk(text).found

/** The text with the plain form of each character that has one; of GSM-7 if all have one. */
export const toPlain = (text: string): string => walk(text).plain

const walk = (text: string) => {
  if (isGsm(text)) return { plain: text, found: [] }
  const found: Array<UnicodeCharacter> = []
  let plain = ""
  for (const { segment, index } of characters.segment(text)) {
    if (isGsm(segment)) {
      plain += segment
      continue
    }
    const replacement = replace(segment, plain)
    found.push({ text: segment, index, length: segment.length, plain: replacement })
    plain += replacement ?? segment
  }
  return { plain, found }
}

const characters = new Intl.Segmenter("en", { granularity: "grapheme" })

const isGsm = (text: string): boolean => encodingOf(text) === "GSM-7"

/** What was written `before` decides about numerals: 1½ is not 11/2, and 10² not 102, but CO₂ may be CO2. */
const replace = (character: string, before: string): string | undefined => {
  const plain = plainOf(character)
  if (plain === undefined || !/^\p{No}/u.test(character)) return plain
  if (plain.includes("/")) return /\p{Nd}$/u.test(before) ? ` ${plain}` : plain
  return /^\d+$/.test(plain) && !/\p{L}$/u.test(before) ? undefined : plain
}

/** Takes characters apart, and leaves marks out that GSM-7 does not have on their letter: Ǻ is Å, ệ is e. */
const plainOf = (text: string): string | undefined => {
  let plain = ""
  for (const point of text.normalize("NFD")) {
    const composed = (plain.slice(-1) + point).normalize("NFC")
    if (composed.length === 1 && isGsm(composed)) {
      plain = plain.slice(0, -1) + composed
      continue
    }
    const next = plainPoint(point)
    if (next === undefined) return undefined
    plain += next
  }
  return plain
}

const plainPoint = (point: string): string | undefined => {
  if (isGsm(point)) return point
  const known = PLAIN.get(point)
  if (known !== undefined) return known
  if (DISPENSABLE.test(point)) return ""
  if (/\p{Zs}/u.test(point)) return " "
  if (/\p{Pd}/u.test(point)) return "-"
  const compatible = point.normalize("NFKD")
  // An accent that stands alone is a space with a mark, and no space would say the same.
  return compatible === point || compatible.startsWith(" ") ? undefined : plainOf(compatible)
}

/** Unseen characters, and accents; not the strokes through a character, which make = of ≠. */
const DISPENSABLE =
  /[\p{Cc}\p{Default_Ignorable_Code_Point}\u{0300}-\u{0333}\u{0339}-\u{036F}\u{1DC0}-\u{1DFF}\u{FE20}-\u{FE2F}]/u

/** What Unicode itself does not take for the same. */
const PLAIN: ReadonlyMap<string, string> = new Map(
  (
    [
      ["'", "‘’‚‛‹›`´′‵ʹʻʼʽˈˊˋ❛❜"],
      ['"', "“”„‟«»″‶ʺˮ❝❞〝〞〟"],
      ["-", "−⁃•‣◦∙●▪–—─━˗"],
      [".", "·。"],
      [",", "、"],
      ["/", "÷⁄∕⧸"],
      ["\\", "∖⧵⧹"],
      ["|", "∣│┃⏐¦"],
      ["*", "⁎∗✱✲✢✣✤✥✻✼✽"],
      ["(", "❨❪"],
      [")", "❩❫"],
      ["{", "❴"],
      ["}", "❵"],
      ["<", "〈⟨"],
      [">", "〉⟩"],
      [":", "ː˸∶꞉"],
      ["=", "꞊"],
      ["^", "ˆ"],
      ["~", "˜∼〜"],
      ["_", "‗"],
      [" ", "\t"],
      ["\n", "\v\u0085\u2028\u2029"],
      ["->", "→"],
      ["<-", "←"],
      ["=>", "⇒"],
      ["<=", "≤"],
      [">=", "≥"],
      ["(c)", "©"],
      ["(R)", "®"],
      ["x", "×"],
      ["u", "µ"],
      ["OE", "Œ"],
      ["oe", "œ"],
      ["TH", "Þ"],
      ["th", "þ"],
      ["SS", "ẞ"],
      ["D", "ĐÐ"],
      ["d", "đð"],
      ["E", "Ə"],
      ["e", "ə"],
      ["H", "Ħ"],
      ["h", "ħ"],
      ["i", "ı"],
      ["k", "ĸ"],
      ["L", "Ł"],
      ["l", "ł"],
      ["N", "Ŋ"],
      ["n", "ŋ"],
      ["T", "Ŧ"],
      ["t", "ŧ"]
    ] as const
  ).flatMap(([plain, characters]) => [...characters].map((character) => [character, plain] as const))
)
