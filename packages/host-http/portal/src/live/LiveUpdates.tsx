import { type InfiniteData, useQueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import { connection } from "../api/connection.ts"
import { sessionQuery } from "../session/session.ts"
import { type Message, type MessageFilters, messageQuery } from "../sms/messages.ts"
import { walletQuery } from "../wallet/wallet.ts"
import { applyChange, type Page } from "./applyChange.ts"

const EVENTS = "/api/v1/portal/sms/events"

const AGAIN_MILLIS = 2000

/** Sums that follow from messages are read again at most this often. */
const SUMS_MILLIS = 1000

/** Hears of messages as they are made and change, and has every list, message and sum show it. No polling. */
export const LiveUpdates = () => {
  const client = useQueryClient()

  useEffect(() => {
    let source: EventSource | undefined
    let again: ReturnType<typeof setTimeout> | undefined
    let sums: ReturnType<typeof setTimeout> | undefined
    let heard = false

    const readSums = () => {
      sums ??= setTimeout(() => {
        sums = undefined
        void client.invalidateQueries({ queryKey: ["stats"] })
        void client.invalidateQueries({ queryKey: walletQuery.queryKey })
      }, SUMS_MILLIS)
    }

    const changed = (event: MessageEvent<string>) => {
      // The host's own words: a message as the contract has it.
      const message = JSON.parse(event.data) as Message
      for (const [key] of client.getQueriesData({ queryKey: ["messages", "list"] })) {
        // Keys of these queries end in their filters.
        const filters = key[2] as MessageFilters
        client.setQueryData<InfiniteData<Page>>(key, (known) =>
          known === undefined ? known : { ...known, pages: [...applyChange(known.pages, filters, message)] }
        )
      }
      void client.invalidateQueries({ queryKey: messageQuery(message.id).queryKey })
      if (message.direction === "inbound") void client.invalidateQueries({ queryKey: ["numbers"] })
      readSums()
    }

    const open = () => {
      source = new EventSource(EVENTS)
      source.addEventListener("message.created", changed)
      source.addEventListener("message.updated", changed)
      source.addEventListener("open", () => {
        connection.found()
        // A new stream begins at its opening, so what came between the two is read.
        if (heard) void client.invalidateQueries({ queryKey: ["messages"] })
        heard = true
      })
      source.addEventListener("error", () => {
        // The browser comes back by itself unless the host refused.
        if (source?.readyState !== EventSource.CLOSED) return
        void client.invalidateQueries({ queryKey: sessionQuery.queryKey })
        again = setTimeout(open, AGAIN_MILLIS)
      })
    }

    open()
    return () => {
      source?.close()
      clearTimeout(again)
      clearTimeout(sums)
    }
  }, [client])

  return null
}
