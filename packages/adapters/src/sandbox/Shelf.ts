/** A list that is filled as far as it is looked at, each entry once. */
export interface Shelf<A> {
  /** Undefined behind the end. */
  at(place: number): A | undefined
  placeOf(entry: A): number | undefined
}

export const makeShelf = <A extends string>(source: Iterator<A, undefined>): Shelf<A> => {
  const entries: Array<A> = []
  const places = new Map<A, number>()

  /** Whether there was one more. */
  const more = (): boolean => {
    const { value } = source.next()
    if (value === undefined) return false
    if (!places.has(value)) {
      places.set(value, entries.length)
      entries.push(value)
    }
    return true
  }

  return {
    at: (place) => {
      while (entries.length <= place && more());
      return entries[place]
    },
    placeOf: (entry) => {
      while (!places.has(entry) && more());
      return places.get(entry)
    }
  }
}
