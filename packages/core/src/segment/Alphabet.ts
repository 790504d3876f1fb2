/**
 * The GSM 7 bit default alphabet and its extension table (3GPP TS 23.038, 6.2.1 and 6.2.1.1): exactly 137 characters,
 * all of the BMP. Nothing is normalised: OHM SIGN is not GREEK OMEGA, small c-cedilla is not the capital one.
 */

/** Says that the next code is one of the extension table; is no character itself. */
export const ESCAPE = 0x1b

/** The characters of codes 0x00 to 0x7F, one row of the standard's table a line. */
export const BASIC =
  "@£$¥èéùìòÇ\nØø\rÅå" +
  "Δ_ΦΓΛΩΠΨΣΘΞ\x1BÆæßÉ" +
  " !\"#¤%&'()*+,-./" +
  "0123456789:;<=>?" +
  "¡ABCDEFGHIJKLMNO" +
  "PQRSTUVWXYZÄÖÑÜ§" +
  "¿abcdefghijklmno" +
  "pqrstuvwxyzäöñüà"

/** The characters of the codes that follow an escape. 0x1B is missing: it is reserved for yet another table. */
export const EXTENSION: ReadonlyMap<number, string> = new Map([
  [0x0a, "\f"],
  [0x14, "^"],
  [0x28, "{"],
  [0x29, "}"],
  [0x2f, "\\"],
  [0x3c, "["],
  [0x3d, "~"],
  [0x3e, "]"],
  [0x40, "|"],
  [0x65, "€"]
])

/** Bit of an entry that costs two septets: the escape and the code. */
export const EXTENDED = 0x80

/**
 * The characters that a carrier takes as GSM-7, as one entry for each UTF-16 code unit: the character's code, with
 * `EXTENDED` set if it is one of the extension table, or `ESCAPE`, the code of no character, if the carrier has none.
 */
export interface Alphabet {
  readonly entries: Uint8Array
}

/** Both tables in full. */
export const gsm7: Alphabet = tabulate()

/** For a carrier that takes fewer: a text with one of `characters` in it is UCS-2 there. */
export const withoutCharacters = (alphabet: Alphabet, characters: string): Alphabet => {
  const entries = alphabet.entries.slice()
  for (const character of characters) entries[character.charCodeAt(0)] = ESCAPE
  return { entries }
}

function tabulate(): Alphabet {
  // One entry for every code unit there is, so that a look-up has no bounds to check.
  const entries = new Uint8Array(0x10000).fill(ESCAPE)
  for (let code = 0; code < BASIC.length; code++) entries[BASIC.charCodeAt(code)] = code
  for (const [code, character] of EXTENSION) entries[character.charCodeAt(0)] = EXTENDED | code
  return { entries }
}
