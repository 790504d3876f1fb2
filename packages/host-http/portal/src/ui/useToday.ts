import { useSyncExternalStore } from "react"

const LOOK_MILLIS = 60_000

const subscribe = (look: () => void) => {
  const timer = setInterval(look, LOOK_MILLIS)
  return () => clearInterval(timer)
}

/** The reader's day, as `Date.toDateString` names it; a page that stays open past midnight sees the next. */
export const useToday = (): string => useSyncExternalStore(subscribe, () => new Date().toDateString())
