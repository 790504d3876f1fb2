/** Texts that come from carriers: what no database can hold is left out, and they are cut to a bearable length. */

const LONGEST = 1000

/** `longest`: in UTF-16 units. */
export const plainText = (text: string, longest = LONGEST): string =>
  text.slice(0, longest).toWellFormed().replaceAll("\u0000", "")

export const plainTextOrNull = (text: string | null): string | null => (text === null ? null : plainText(text))
