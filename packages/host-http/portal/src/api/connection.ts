/** Whether the host answers, as the latest calls have it. */
import { useSyncExternalStore } from "react"

const listeners = new Set<() => void>()
let away = false

const become = (now: boolean) => {
  if (away === now) return
  away = now
  for (const listener of listeners) listener()
}

export const connection = { lost: () => become(true), found: () => become(false) }

const subscribe = (listener: () => void) => {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

export const useIsAway = (): boolean => useSyncExternalStore(subscribe, () => away)
