/** One measured figure. */
export interface Row {
  readonly name: string
  readonly value: number
  readonly unit: string
  /** Against what the same run measured beside it. */
  readonly ratio?: number
  readonly against?: string
  /** What it should reach. */
  readonly target?: string
}

export const rounded = (value: number): number => Number(value.toPrecision(4))

export const median = (samples: ReadonlyArray<number>): number =>
  samples.toSorted((a, b) => a - b)[samples.length >> 1] ?? Number.NaN

/** `sorted`: in rising order. */
export const percentile = (sorted: ReadonlyArray<number>, share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN
