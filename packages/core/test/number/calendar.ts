/** Ends of months by the calendar alone, worked out on the text of a moment: what `Month.ts` is compared with. */

const LENGTHS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]

export const DAY = 24 * 60 * 60 * 1000

export const monthEnd = (anchor: number, count: number): number => {
  const text = new Date(anchor).toISOString()
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split("-").map(Number)
  const months = year * 12 + month - 1 + count
  const [inYear, inMonth] = [Math.floor(months / 12), months % 12]
  const isLeap = inYear % 4 === 0 && (inYear % 100 !== 0 || inYear % 400 === 0)
  const length = inMonth === 1 && isLeap ? 29 : (LENGTHS[inMonth] ?? 0)
  return Date.parse(`${inYear}-${twoDigits(inMonth + 1)}-${twoDigits(Math.min(day, length))}${text.slice(10)}`)
}

const twoDigits = (value: number): string => String(value).padStart(2, "0")
