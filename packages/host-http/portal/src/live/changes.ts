/** How a message that was heard of finds its way into what the portal has read. */
import type { InfiniteData, QueryClient, QueryKey } from "@tanstack/react-query"
import { readAgain } from "../api/readAgain.ts"
import { type Message, type MessageFilters, messageQuery } from "../sms/messages.ts"
import { applyChange, type Page } from "./applyChange.ts"

const LISTS = { queryKey: ["messages", "list"] }

/** Has all lists show the message as it is now, and its own page read it again. */
export const showChange = (client: QueryClient, message: Message): void => {
  for (const [key] of client.getQueriesData(LISTS)) applyTo(client, key, message)
  readAgain(client, messageQuery(String(message.id)).queryKey)
}

export interface Changes {
  readonly hear: (message: Message) => void
  /** A stream has begun: what came before it, since the lists were read, was not heard. */
  readonly begun: () => void
  readonly stop: () => void
}

/** What is heard while a list is being read may be missing in the answer: it is shown once more when that has come. */
export const hearChanges = (client: QueryClient): Changes => {
  const held = new Map<number, Message>()
  // Whether that which is being read may be older than the stream.
  let isOld = false
  const readAll = () => readAgain(client, ["messages"])
  const stop = client.getQueryCache().subscribe((event) => {
    if (event.type !== "updated" || event.action.type !== "success" || event.action.manual === true) return
    const { queryKey } = event.query
    if (queryKey[0] !== "messages" || queryKey[1] !== "list") return
    for (const message of held.values()) applyTo(client, queryKey, message)
    if (client.isFetching(LISTS) > 0) return
    held.clear()
    if (isOld) readAll()
    isOld = false
  })
  return {
    stop,
    begun: () => {
      isOld = client.isFetching(LISTS) > 0
      if (!isOld) readAll()
    },
    hear: (message) => {
      if (client.isFetching(LISTS) > 0) held.set(message.id, message)
      showChange(client, message)
    }
  }
}

const applyTo = (client: QueryClient, key: QueryKey, message: Message): void => {
  // Keys of these queries end in their filters.
  const filters = key[2] as MessageFilters
  client.setQueryData<InfiniteData<Page>>(key, (known) =>
    known === undefined ? known : { ...known, pages: [...applyChange(known.pages, filters, message)] }
  )
}
