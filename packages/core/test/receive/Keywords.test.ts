import fc from "fast-check"
import { assert, test } from "vitest"
import { CountryCode } from "../../src/PhoneNumber.ts"
import { type Keyword, keywordOf } from "../../src/receive/Keywords.ts"

const of = (text: string, ...countries: ReadonlyArray<string>) =>
  keywordOf(
    text,
    countries.map((country) => CountryCode.make(country))
  )

const EVERYWHERE: Readonly<Record<Keyword, ReadonlyArray<string>>> = {
  stop: ["STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"],
  start: ["START", "UNSTOP", "OPTIN", "SUBSCRIBE"],
  help: ["HELP", "INFO"]
}

test("English is understood everywhere, also from a number of no country", () => {
  for (const [keyword, words] of Object.entries(EVERYWHERE)) {
    for (const word of words) {
      assert.strictEqual(of(word), keyword, word)
      assert.strictEqual(of(word, "JP", "NL"), keyword, word)
    }
  }
  assert.strictEqual(keywordOf("stop", [null]), "stop")
})

test("other words are understood in the countries of the number and of the person", () => {
  const words: ReadonlyArray<readonly [string, string, Keyword]> = [
    ["ARRET", "FR", "stop"],
    ["ARRÊT", "CA", "stop"],
    ["Désabonner", "BE", "stop"],
    ["aide", "FR", "help"],
    ["STOPP", "DE", "stop"],
    ["Stopp!", "SE", "stop"],
    ["hjälp", "SE", "help"],
    ["HJÆLP", "DK", "help"],
    ["Hilfe", "AT", "help"],
    ["BAJA", "ES", "stop"],
    ["Alta", "MX", "start"],
    ["ayuda", "ES", "help"],
    ["afmelden", "NL", "stop"],
    ["sair", "BR", "stop"],
    ["İptal", "TR", "stop"],
    ["ıptal", "TR", "stop"],
    ["стоп", "RU", "stop"],
    ["στοπ", "GR", "stop"],
    ["yes", "US", "start"]
  ]
  for (const [word, country, keyword] of words) {
    assert.strictEqual(of(word, country), keyword, word)
    assert.strictEqual(of(word, "JP", country), keyword, word)
    assert.isNull(of(word, "JP"), word)
  }
})

test("case, spaces, punctuation, accents and emoji are forgiven", () => {
  const spelt = [
    "Stop.",
    " s t o p ",
    "“STOP”",
    "st\u00f3p",
    "STOP \u{1F6D1}!!",
    "\u200bstop\n",
    "ＳＴＯＰ",
    "S.T.O.P."
  ]
  for (const text of spelt) assert.strictEqual(of(text), "stop", text)
  for (const text of ["opt-out", "Opt out", "stop all"]) assert.strictEqual(of(text), "stop", text)
  assert.strictEqual(of("un-stop"), "start")
})

test("a text that is more than the word is no keyword", () => {
  const texts = [
    "please stop by",
    "stop it",
    "the end",
    "don't stop",
    "restart",
    "STOP2",
    "help me",
    "",
    " ",
    "...",
    "🚀"
  ]
  for (const text of texts) assert.isNull(of(text, "US", "NL", "FR"), text)
  assert.isNull(of(`stop${" ".repeat(100)}`))
  assert.isNull(of("yes", "NL"))
})

test("any text has an answer", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme", maxLength: 110 }), fc.constantFrom("NL", "US", "GR"), (text, country) => {
      assert.oneOf(of(text, country), ["stop", "start", "help", null])
    })
  )
})
