/** The host says why a message still waits once it has waited for a minute; nothing happens then that one could hear of. */
import { useQueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import type { Message } from "./messages.ts"

/** A minute, and what clocks may differ by. */
const PATIENCE_MILLIS = 65_000

/** Has the messages read again when the next of those shown is due for a reason. */
export const useQueuedReasons = (messages: ReadonlyArray<Message> | undefined): void => {
  const client = useQueryClient()
  const waiting = messages?.filter(({ reason, status }) => status === "queued" && reason === null) ?? []
  const since = waiting.map(({ created_at }) => created_at).join(" ")

  useEffect(() => {
    const now = Date.now()
    const due = since.split(" ").map((at) => Date.parse(at) + PATIENCE_MILLIS - now)
    // One that was due before has been read with its reason, or has none.
    const next = Math.min(...due.filter((millis) => millis > 0))
    if (next === Infinity) return
    const timer = setTimeout(() => void client.invalidateQueries({ queryKey: ["messages"] }), next)
    return () => clearTimeout(timer)
  }, [client, since])
}
