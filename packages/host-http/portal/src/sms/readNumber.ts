/** A phone number as people write it, in E.164: spaces, dashes, brackets, 00 for +, digits of any script. */

const E164 = /^\+[1-9]\d{6,14}$/

/** What is written between digits, and the unseen marks that come along when a number is copied. */
const BETWEEN = /[\s\p{Cf}\p{Pd}.()/]/gu

/** Undefined: not a number with its country's code. */
export const readNumber = (text: string): string | undefined => {
  const number = tidied(text)
  return E164.test(number) ? number : undefined
}

/** What is known of a number while it is typed: as E.164 as can be. */
export const tidied = (text: string): string =>
  text
    .normalize("NFKC")
    .replace(/\p{Nd}/gu, (digit) => String(valueOf(digit)))
    // +31 (0)6 ...: the zero is for those who call from within the country.
    .replaceAll("(0)", "")
    .replace(BETWEEN, "")
    .replace(/^00/, "+")

/** Each script has its ten digits in a row; some scripts' rows follow on each other. */
const valueOf = (digit: string): number => {
  const point = digit.codePointAt(0) ?? 0
  let first = point
  while (/\p{Nd}/u.test(String.fromCodePoint(first - 1))) first--
  return (point - first) % 10
}
