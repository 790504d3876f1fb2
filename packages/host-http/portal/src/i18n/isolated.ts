/** For a phone number, a key or an address inside a sentence: it reads from left to right, whatever surrounds it. */
export const isolated = (text: string): string => `\u2066${text}\u2069`
