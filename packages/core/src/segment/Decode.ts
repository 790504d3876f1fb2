/**
 * The text of received parts. It forgives what senders do wrong: a pair divided between two parts is whole again, and
 * what cannot be read is U+FFFD, so that the text is always well-formed.
 */
import { BASIC, ESCAPE, EXTENSION } from "./Alphabet.ts"
import type { Encoding } from "./Capacity.ts"

/** `parts` in order; `unpacked` as `encode` and `readUserData` give it, without the user data header. */
export const decode = (parts: Iterable<{ readonly encoding: Encoding; readonly unpacked: Uint8Array }>): string => {
  let text = ""
  let escaped = false
  for (const { encoding, unpacked } of parts) {
    if (encoding === "UCS-2") {
      text += readUcs2(unpacked)
      continue
    }
    for (const code of unpacked) {
      if (code === ESCAPE && !escaped) {
        escaped = true
        continue
      }
      text += escaped ? readExtension(code) : readBasic(code)
      escaped = false
    }
  }
  return text.toWellFormed()
}

const readBasic = (code: number): string => BASIC[code] ?? "\uFFFD"

/** A second escape is a space, until there is a third table; a code without entry stands for its basic character. */
const readExtension = (code: number): string => (code === ESCAPE ? " " : (EXTENSION.get(code) ?? readBasic(code)))

/** An odd octet at the end is half of nothing. */
const readUcs2 = (octets: Uint8Array): string => {
  let text = ""
  for (let index = 1; index < octets.length; index += 2) {
    text += String.fromCharCode(((octets[index - 1] ?? 0) << 8) | (octets[index] ?? 0))
  }
  return text
}
