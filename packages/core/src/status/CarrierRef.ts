/**
 * The spellings of one carrier id. Receipts come back in another case, without leading zeros, or in decimal for the hex
 * of the submit answer (SMPP 3.4 5.2.23 leaves the form open), so each id is also looked for under its other spellings.
 */

/** Lower case, without leading zeros: equal for all spellings in one base. */
export const normalRef = (ref: string): string =>
  ref
    .trim()
    .toLowerCase()
    .replace(/^0+(?=.)/, "")

/** What to look for, the likeliest first: the id itself, then hex read as decimal and decimal read as hex. */
export const refCandidates = (ref: string, respells: boolean): ReadonlyArray<string> => {
  const normal = normalRef(ref)
  if (!respells || normal.length > 20) return [normal]
  const candidates = [normal]
  if (/^[0-9a-f]+$/.test(normal)) candidates.push(BigInt(`0x${normal}`).toString())
  if (/^\d+$/.test(normal)) candidates.push(BigInt(normal).toString(16))
  return [...new Set(candidates)]
}
