/**
 * Receipts on their way to the hosts, each at least once: what was handed out and is not acknowledged in time is handed
 * out again, to whoever asks.
 */
import type { IssuedReceipt } from "./Truth.ts"

/** One copy of a receipt. */
export interface Delivery {
  readonly delivery: string
  readonly ref: string
  readonly reason: string | null
  readonly receipt: IssuedReceipt
}

const GROUP = 64
const PATIENCE_MILLIS = 5000

export const makeReceiptQueue = () => {
  const ready: Array<Delivery> = []
  const handed = new Map<string, { readonly one: Delivery; readonly timer: NodeJS.Timeout }>()
  const listeners: Array<(group: ReadonlyArray<Delivery>) => void> = []

  const put = (one: Delivery) => {
    ready.push(one)
    hand()
  }

  const hand = () => {
    while (ready.length > 0 && listeners.length > 0) {
      const group = ready.splice(0, GROUP)
      for (const one of group)
        handed.set(one.delivery, { one, timer: setTimeout(() => takeBack(one), PATIENCE_MILLIS) })
      listeners.shift()?.(group)
    }
  }

  const takeBack = (one: Delivery) => {
    if (handed.delete(one.delivery)) put(one)
  }

  /** What there is, or what comes within that time, or nothing. Whoever has gone away calls what this gives. */
  const ask = (millis: number, answer: (group: ReadonlyArray<Delivery>) => void): (() => void) => {
    const leave = () => {
      clearTimeout(timer)
      const place = listeners.indexOf(listener)
      if (place >= 0) listeners.splice(place, 1)
    }
    const listener = (group: ReadonlyArray<Delivery>) => {
      clearTimeout(timer)
      answer(group)
    }
    const timer = setTimeout(() => {
      leave()
      answer([])
    }, millis)
    listeners.push(listener)
    hand()
    return leave
  }

  const acknowledge = (delivery: string) => {
    const found = handed.get(delivery)
    if (found === undefined) return
    clearTimeout(found.timer)
    handed.delete(delivery)
    found.one.receipt.acknowledged++
  }

  return { put, ask, acknowledge }
}
