const REGIONAL_A = 0x1f1e6

const LETTER_A = 65

/** The flag of a country, made of its ISO 3166-1 alpha-2 code. */
export const flagOf = (code: string): string =>
  /^[A-Z]{2}$/.test(code)
    ? String.fromCodePoint(...[...code].map((letter) => REGIONAL_A + letter.charCodeAt(0) - LETTER_A))
    : ""
