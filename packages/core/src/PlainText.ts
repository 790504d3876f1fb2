/** Texts that come from carriers: what no database can hold is left out, and they are cut to a bearable length. */

const LONGEST = 1000

export const plainText = (text: string): string => plainTextUpTo(LONGEST, text)

/** `longest`: in UTF-16 units. */
export const plainTextUpTo = (longest: number, text: string): string =>
  text.slice(0, longest).toWellFormed().replaceAll("\u0000", "")

export const plainTextOrNull = (text: string | null): string | null => (text === null ? null : plainText(text))
