/**
 * The texts that a regular expression fits, counted and numbered: the n-th one is made without making those before it.
 * It reads what libphonenumber's patterns are written in: digits, `\d`, classes, `(?:...)`, `|`, `?`, `{n}` and `{n,m}`.
 */

export interface DigitPattern {
  /** How many texts there are, by their length. What two alternatives fit counts twice. */
  readonly counts: ReadonlyArray<number>
  /** The text at `place` among those of one length, from 0. */
  at(length: number, place: number): string
}

export const countOf = ({ counts }: DigitPattern, length: number): number => counts[length] ?? 0

const TOKEN = /\(\?:|\[[\d-]+\]|\\d|\{\d+(?:,\d+)?\}|[\d|)?]/g

export const readPattern = (source: string): DigitPattern => {
  const tokens = source.match(TOKEN) ?? []
  let next = 0

  const alternatives = (): DigitPattern => {
    let read = sequence()
    while (tokens[next] === "|") {
      next++
      read = either(read, sequence())
    }
    return read
  }

  const sequence = (): DigitPattern => {
    let read = empty
    for (let token = tokens[next]; token !== undefined && token !== "|" && token !== ")"; token = tokens[next]) {
      next++
      read = then(read, quantified(token === "(?:" ? group() : oneOf(digitsOf(token))))
    }
    return read
  }

  const group = (): DigitPattern => {
    const read = alternatives()
    if (tokens[next++] !== ")") throw new Error(`a group is left open in ${source}`)
    return read
  }

  const quantified = (pattern: DigitPattern): DigitPattern => {
    const token = tokens[next] ?? ""
    if (token !== "?" && !token.startsWith("{")) return pattern
    next++
    if (token === "?") return repeated(pattern, 0, 1)
    const [least = 0, most = least] = token.slice(1, -1).split(",").map(Number)
    return repeated(pattern, least, most)
  }

  const read = alternatives()
  if (next !== tokens.length || tokens.join("") !== source) throw new Error(`not a pattern of digits: ${source}`)
  return read
}

/** "[2-46]" is "2346". */
const digitsOf = (token: string): string => {
  const digits = token
    .replace("\\d", "[0-9]")
    .replace(/[[\]]/g, "")
    .replace(/(\d)-(\d)/g, (_, first: string, last: string) => "0123456789".slice(Number(first), Number(last) + 1))
  if (!/^\d+$/.test(digits)) throw new Error(`${token} stands where a digit should`)
  return digits
}

const empty: DigitPattern = { counts: [1], at: () => "" }

const oneOf = (digits: string): DigitPattern => ({
  counts: [0, digits.length],
  at: (_, place) => digits.charAt(place)
})

const either = (a: DigitPattern, b: DigitPattern): DigitPattern => ({
  counts: Array.from({ length: Math.max(a.counts.length, b.counts.length) }, (_, i) => countOf(a, i) + countOf(b, i)),
  at: (length, place) => {
    const first = countOf(a, length)
    return place < first ? a.at(length, place) : b.at(length, place - first)
  }
})

const then = (a: DigitPattern, b: DigitPattern): DigitPattern => {
  const counts = Array.from({ length: a.counts.length + b.counts.length - 1 }, () => 0)
  for (const [i, left] of a.counts.entries()) {
    for (const [j, right] of b.counts.entries()) counts[i + j] = (counts[i + j] ?? 0) + left * right
  }
  return {
    counts,
    at: (length, place) => {
      let rest = place
      for (const [i, left] of a.counts.entries()) {
        const right = countOf(b, length - i)
        if (rest < left * right) return a.at(i, Math.floor(rest / right)) + b.at(length - i, rest % right)
        rest -= left * right
      }
      throw new Error(`there is no text ${place} of length ${length}`)
    }
  }
}

const repeated = (pattern: DigitPattern, least: number, most: number): DigitPattern => {
  let times = empty
  for (let i = 0; i < least; i++) times = then(times, pattern)
  let all = times
  for (let i = least; i < most; i++) {
    times = then(times, pattern)
    all = either(all, times)
  }
  return all
}
