/** What an order costs, as the host will sum it up. */
import { sum } from "../../money/micros.ts"
import type { Offer } from "../numbers.ts"
import type { Cart, Item } from "./cart.ts"

/** One number of an order; without an offer it cannot be had any more. */
export interface Line {
  readonly item: Item
  readonly offer: Offer | undefined
}

export const linesOf = (cart: Cart, offers: ReadonlyArray<Offer>): ReadonlyArray<Line> => {
  const byNumber = new Map(offers.map((offer) => [offer.number, offer]))
  return cart.map((item) => ({ item, offer: byNumber.get(item.number) }))
}

/** Whether the add-on is bought: where SMS is not available it cannot be. */
export const buysSms = ({ item, offer }: Line): boolean => item.sms && offer?.sms.available === true

export const smsFee = (line: Line): string => (buysSms(line) ? (line.offer?.sms.monthly_price ?? "0") : "0")

export const lineTotal = (line: Line): string => sum([line.offer?.monthly_price ?? "0", smsFee(line)])

export const orderTotal = (lines: ReadonlyArray<Line>): string => sum(lines.map(lineTotal))
