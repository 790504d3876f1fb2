/** Whether the host answers, as the latest calls have it. */
import { useSyncExternalStore } from "react"

const listeners = new Set<() => void>()
let away = false

const become = (now: boolean) => {
  if (away === now) return
  away = now
  for (const listener of listeners) listener()
}

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

let isAsking = false

export const connection = {
  lost: () => become(true),
  /** One call had no answer: that may be its own fault. */
  doubted: async (): Promise<void> => {
    if (away || isAsking) return
    isAsking = true
    if (!(await isReady())) become(true)
    isAsking = false
  },
  found: () => become(false),
  untilFound: async (): Promise<void> => {
    if (!away) return
    const { promise, resolve } = Promise.withResolvers<void>()
    const unsubscribe = subscribe(resolve)
    await promise
    unsubscribe()
  }
}

/** Asks the host, past all that is kept of its answers. */
export const isReady = async (): Promise<boolean> => {
  const answer = await fetch("/readyz", { cache: "no-store" }).catch(() => undefined)
  return answer?.ok === true
}

export const useIsAway = (): boolean => useSyncExternalStore(subscribe, () => away)
