import { useRef } from "react"
import { isOpen } from "./repeat.ts"

/**
 * The Idempotency-Key of a form. While it is not known what became of a request, the same content goes out under the
 * same key, so nothing is made or paid twice; other content, or a request that was answered, begins a new one.
 */
export const useRequestKey = () => {
  const last = useRef<{ readonly content: string; readonly key: string }>(null)
  return {
    keyFor: (payload: unknown): string => {
      const content = JSON.stringify(payload)
      if (last.current?.content !== content) last.current = { content, key: crypto.randomUUID() }
      return last.current.key
    },
    answered: (error: Error | null): void => {
      if (error === null || !isOpen(error)) last.current = null
    }
  }
}
