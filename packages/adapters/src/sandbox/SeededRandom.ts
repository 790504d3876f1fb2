/** Fractions from 0 to below 1 that look random and are the same ones for the same seed, on every machine. */
export const seededRandom = (seed: number): (() => number) => {
  let state = seed
  // SplitMix32.
  const word = (): number => {
    state = (state + 0x9e3779b9) | 0
    let mixed = Math.imul(state ^ (state >>> 16), 0x21f0aaad)
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97)
    return (mixed ^ (mixed >>> 15)) >>> 0
  }
  // All 53 bits that a fraction has: what is chosen from may be more than 2^32.
  return () => ((word() >>> 5) * 2 ** 26 + (word() >>> 6)) / 2 ** 53
}
