/**
 * Receipts on their way to the hosts, each at least once: what was handed out and is not acknowledged in time is handed
 * out again, to whoever asks.
 */
import type { IssuedReceipt, MessageTruth } from "./Truth.ts"

/** One copy of a receipt. */
export interface Delivery {
  readonly delivery: string
  readonly ref: string
  readonly reason: string | null
  readonly receipt: IssuedReceipt
  readonly message: MessageTruth
}

/** As it was when a host took it. */
export interface Told {
  readonly one: Delivery
  /** Handed out before its submit was answered. */
  readonly early: boolean
}

const GROUP = 64
const PATIENCE_MILLIS = 5000

export const makeReceiptQueue = () => {
  const ready: Array<Delivery> = []
  const handed = new Map<string, Told & { readonly timer: NodeJS.Timeout }>()
  const listeners: Array<(group: ReadonlyArray<Delivery>) => void> = []

  const put = (one: Delivery) => {
    ready.push(one)
    hand()
  }

  const hand = () => {
    while (ready.length > 0 && listeners.length > 0) {
      const group = ready.splice(0, GROUP)
      for (const one of group) {
        handed.set(one.delivery, {
          one,
          early: one.message.submits.at(-1)?.end === undefined,
          timer: setTimeout(() => takeBack(one), PATIENCE_MILLIS)
        })
      }
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

  /** Gives what this acknowledges; undefined for what is not out, such as a copy that was taken back. */
  const acknowledge = (delivery: string): Told | undefined => {
    const found = handed.get(delivery)
    if (found === undefined) return undefined
    clearTimeout(found.timer)
    handed.delete(delivery)
    found.one.receipt.acknowledged++
    return found
  }

  return { put, ask, acknowledge }
}
