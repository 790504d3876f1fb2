/** Places within a JSON value. */

type Place = ReadonlyArray<string | number>

/** Every place in a value, the value itself first. */
export const placesOf = (value: unknown, at: Place = []): ReadonlyArray<Place> => [
  at,
  ...(Array.isArray(value)
    ? value.flatMap((one, i) => placesOf(one, [...at, i]))
    : typeof value === "object" && value !== null
      ? Object.entries(value).flatMap(([name, one]) => placesOf(one, [...at, name]))
      : [])
]

/** Undefined leaves it out. */
export const changeAt = (value: unknown, [first, ...rest]: Place, change: (value: unknown) => unknown): unknown => {
  if (first === undefined) return change(value)
  if (Array.isArray(value)) return value.map((one, i) => (i === first ? changeAt(one, rest, change) : one))
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, one]) => [name, name === first ? changeAt(one, rest, change) : one])
  )
}
