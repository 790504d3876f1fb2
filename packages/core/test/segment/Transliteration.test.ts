import * as fc from "fast-check"
import { assert, test } from "vitest"
import { BASIC, EXTENSION } from "../../src/segment/Alphabet.ts"
import { encodingOf } from "../../src/segment/Segment.ts"
import { toPlain, unicodeCharacters } from "../../src/segment/Transliteration.ts"
import { smsText } from "./smsText.ts"

const gsm = fc.constantFrom(...BASIC.replace("\x1b", ""), ...EXTENSION.values())
const replaceable = fc.constantFrom(
  ..."‘’“”„«»–—…•·\u00a0\u2009\u3000\u200b\u00ad\ufeff\u2028\t\u0000",
  ..."áçÀÍłŁœđığșẞǺếﬁﬀＡｚ１！ａ™½¾×©",
  "e\u0301",
  "A\u030a\u0301",
  "\u0301",
  "\u200d",
  "\ufe0f"
)
/** Neighbours that join when what is between them goes, or that are read by what is before them. */
const touchy = fc.constantFrom("🇳", "🇱", "ᄀ", "ᅡ", "\u0903", "\u0600", "²", "₂", "①", "⑴", "Ⅳ", "≠", "\u0338", "\u20e3")
const others = fc.constantFrom("中", "א", "ж", "ά", "😀", "👨‍👩‍👧", "👍🏽", "❤️", "1️⃣", "\ud83d", "\ufffd", "कि")

const written = fc.oneof(
  smsText,
  fc.string({ unit: fc.oneof(gsm, replaceable), maxLength: 30 }),
  fc.string({ unit: fc.oneof(gsm, replaceable, touchy, others), maxLength: 30 }),
  fc.string({ unit: "binary", maxLength: 30 })
)

const withoutGsm = (text: string) => [...text].filter((character) => encodingOf(character) === "UCS-2").join("")

test("a text is GSM-7 when all of its characters had a plain form, and each of these is", () => {
  fc.assert(
    fc.property(written, (text) => {
      const plains = unicodeCharacters(text).map((character) => character.plain)
      for (const plain of plains) if (plain !== undefined) assert.strictEqual(encodingOf(plain), "GSM-7")
      assert.strictEqual(encodingOf(toPlain(text)), plains.includes(undefined) ? "UCS-2" : "GSM-7")
    })
  )
})

test("what has no plain form stays, all of it and in order, and nothing else that is not GSM-7", () => {
  fc.assert(
    fc.property(written, (text) => {
      const stays = unicodeCharacters(text).filter((character) => character.plain === undefined)
      assert.strictEqual(withoutGsm(toPlain(text)), withoutGsm(stays.map((character) => character.text).join("")))
    })
  )
})

test("a plain text has no plainer one", () => {
  fc.assert(
    fc.property(written, (text) => {
      assert.strictEqual(toPlain(toPlain(text)), toPlain(text))
      for (const { plain } of unicodeCharacters(toPlain(text))) assert.isUndefined(plain)
    })
  )
})

test("the rest of the text is untouched, and the characters are where it is said that they are", () => {
  fc.assert(
    fc.property(written, (text) => {
      let end = 0
      let rest = ""
      let replaced = ""
      for (const character of unicodeCharacters(text)) {
        assert.strictEqual(text.slice(character.index, character.index + character.length), character.text)
        assert.isAtLeast(character.index, end)
        const between = text.slice(end, character.index)
        rest += between
        replaced += between + (character.plain ?? character.text)
        end = character.index + character.length
      }
      assert.strictEqual(encodingOf(rest + text.slice(end)), "GSM-7")
      assert.strictEqual(toPlain(text), replaced + text.slice(end))
    })
  )
})

test("a text of GSM-7 is its own plain form", () => {
  fc.assert(
    fc.property(fc.string({ unit: gsm, maxLength: 200 }), (text) => {
      assert.deepStrictEqual(unicodeCharacters(text), [])
      assert.strictEqual(toPlain(text), text)
    })
  )
})

/** What Twilio's Smart Encoding replaces too. It takes two spaces for one of another width and seven for a tab; we one. */
test.for<[name: string, text: string, plain: string]>([
  ["left and right double quotation marks", "“Hi”", '"Hi"'],
  ["low and high-reversed double quotation marks", "„Hi‟", '"Hi"'],
  ["angle quotation marks", "«Hi»", '"Hi"'],
  ["ornaments of double quotation", "❝Hi❞", '"Hi"'],
  ["double primes", "〝Hi〞 5ʺ", '"Hi" 5"'],
  ["single quotation marks", "‘it’s‛", "'it's'"],
  ["modifier letters that look like an apostrophe", "ʹʻʼʽˈ", "'''''"],
  ["acute and grave accents that stand alone", "´`ˊˋ", "''''"],
  ["ornaments of single quotation", "❛Hi❜", "'Hi'"],
  ["division", "6÷2 ∕ ⁄ ⧸", "6/2 / / /"],
  ["vulgar fractions", "¼ ½ ¾", "1/4 1/2 3/4"],
  ["reverse solidus", "⧵⧹＼﹨", "\\\\\\\\"],
  ["vertical lines", "∣⏐｜", "|||"],
  ["dashes", "‐‑–—―", "-----"],
  ["hyphens small, full-width and as a bullet", "﹣－⁃", "---"],
  ["bullet", "• one", "- one"],
  ["small and full-width signs", "﹫＠﹩＄﹗！﹟＃﹪％﹠＆", "@@$$!!##%%&&"],
  ["low quotation mark and commas", "﹐，､、", ",,,,"],
  ["parentheses", "❨❪﹙（）﹚❫❩", "(((())))"],
  ["asterisks", "⁎∗✱＊﹡", "*****"],
  ["plus, full stops", "＋﹢。｡．﹒", "++...."],
  ["full-width digits and letters", "０９ＡＺａｚ", "09AZaz"],
  ["colons and semicolons", "ː꞉：；﹔", ":::;;"],
  ["comparison", "＜﹤＝﹦＞﹥？﹖", "<<==>>??"],
  ["brackets and braces", "［］｛｝❴❵", "[]{}{}"],
  ["circumflex and tildes", "ˆ＾˜∼～", "^^~~~"],
  ["spaces", "a\u00a0b\u2002c\u2003d\u2009e\u200af\u202fg\u3000h", "a b c d e f g h"],
  ["tab", "a\tb", "a b"],
  ["controls", "a\u0000\u0003\u0019b", "ab"],
  ["zero-width characters", "a\u200bb\u2060c\ufeffd", "abcd"],
  ["ellipsis", "Wait…", "Wait..."],
  ["double exclamation mark", "Now‼", "Now!!"]
])("%s", ([, text, plain]) => {
  assert.strictEqual(toPlain(text), plain)
})

test.for<[name: string, text: string, plain: string]>([
  [
    "letters lose an accent that GSM-7 lacks",
    "São Paulo, Łódź, İstanbul, Ťažký, façade",
    "Sao Paulo, Lodz, Istanbul, Tazky, facade"
  ],
  ["and keep one that it has", "Zürich, señor, à côté, déjà", "Zürich, señor, à coté, déjà"],
  ["accents written apart are put on their letter", "Zu\u0308rich, e\u0301", "Zürich, é"],
  ["of two accents the one stays that GSM-7 has", "ǺǛệ", "ÅÜe"],
  ["ligatures", "ﬁﬂﬀ œuvre ĳ", "fiflff oeuvre ij"],
  ["signs that are other signs in Unicode", "5 Ω, 5 Å", "5 Ω, 5 Å"],
  ["a fraction does not run into the number before it", "1½ hours, 1\u00a0½", "1 1/2 hours, 1 1/2"],
  ["numerals that stand high or low after a letter", "m², CO₂", "m2, CO2"],
  ["line separators", "a\u2028b\u2029c", "a\nb\nc"],
  ["Word's favourites", "“Don’t” – 20 % off…™", '"Don\'t" - 20 % off...TM']
])("%s", ([, text, plain]) => {
  assert.strictEqual(toPlain(text), plain)
})

test.for<[name: string, character: string]>([
  ["Chinese", "中"],
  ["Cyrillic", "ж"],
  ["Greek small letters", "ά"],
  ["Hebrew", "א"],
  ["emoji", "😀"],
  ["a family", "👨‍👩‍👧"],
  ["a flag", "🇳🇱"],
  ["a heart with its variation", "❤️"],
  ["a keycap", "1️⃣"],
  ["not equal", "≠"],
  ["a letter struck out", "a\u0336"],
  ["a power of a number", "²"],
  ["a lone surrogate", "\ud83d"],
  ["the replacement character", "\ufffd"]
])("%s has no plain form, and is one character", ([, character]) => {
  const text = `10${character} “`
  assert.deepStrictEqual(
    unicodeCharacters(text).map(({ text, plain }) => ({ text, plain })),
    [
      { text: character, plain: undefined },
      { text: "“", plain: '"' }
    ]
  )
  assert.strictEqual(toPlain(text), `10${character} "`)
})
