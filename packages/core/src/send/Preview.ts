/** What a text would become and cost, by the same encoder and deck that a send uses; nothing is stored or charged. */
import { type Money, times } from "../Money.ts"
import type { Encoding } from "../segment/Capacity.ts"
import { measure } from "../segment/Segment.ts"

export interface PreviewRequest {
  /** E.164; without it the list price is quoted. */
  readonly to?: string | undefined
  /** At most 1,600 characters, none too. */
  readonly body: string
}

export interface Preview {
  readonly encoding: Encoding
  readonly segments: number
  /** Septets or UTF-16 code units, without headers. */
  readonly units: number
  readonly unitsPerSegment: ReadonlyArray<number>
  /** Units that still fit into the last segment. */
  readonly remaining: number
  readonly unitPrice: Money
  readonly price: Money
}

export const preview = (body: string, unitPrice: Money): Preview => {
  const measured = measure(body)
  return { ...measured, unitPrice, price: times(unitPrice, measured.segments) }
}
