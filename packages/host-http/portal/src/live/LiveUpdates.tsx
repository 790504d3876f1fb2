import { useQueryClient } from "@tanstack/react-query"
import { useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { connection } from "../api/connection.ts"
import { readAgain } from "../api/readAgain.ts"
import { useFormat } from "../i18n/useFormat.ts"
import { sessionQuery } from "../session/session.ts"
import type { Message } from "../sms/messages.ts"
import { walletQuery } from "../wallet/wallet.ts"
import { hearChanges } from "./changes.ts"

const EVENTS = "/api/v1/portal/sms/events"

const CREATED = "message.created"

const AGAIN_MILLIS = 2000

/** Sums that follow from messages are read again at most this often. */
const SUMS_MILLIS = 1000

/** Hears of messages as they are made and change, and has every list, message and sum show it. No polling. */
export const LiveUpdates = () => {
  const client = useQueryClient()
  const { t } = useTranslation("sms")
  const { phone } = useFormat()
  const [arrival, setArrival] = useState<Message>()

  useEffect(() => {
    const changes = hearChanges(client)
    let source: EventSource | undefined
    let again: ReturnType<typeof setTimeout> | undefined
    let sums: ReturnType<typeof setTimeout> | undefined

    const readSums = () => {
      sums ??= setTimeout(() => {
        sums = undefined
        readAgain(client, ["stats"])
        readAgain(client, walletQuery.queryKey)
      }, SUMS_MILLIS)
    }

    const changed = (event: MessageEvent<string>) => {
      // The host's own words: a message as the contract has it.
      const message = JSON.parse(event.data) as Message
      changes.hear(message)
      if (message.direction === "inbound") {
        readAgain(client, ["numbers"])
        if (event.type === CREATED) setArrival(message)
      }
      readSums()
    }

    const open = () => {
      source = new EventSource(EVENTS)
      source.addEventListener(CREATED, changed)
      source.addEventListener("message.updated", changed)
      source.addEventListener("open", () => {
        connection.found()
        changes.begun()
        readSums()
      })
      source.addEventListener("error", () => {
        // Whether the host is away, or nobody is signed in any more, is seen by asking.
        void client.invalidateQueries({ queryKey: sessionQuery.queryKey })
        // The browser comes back by itself unless the host refused.
        if (source?.readyState === EventSource.CLOSED) again = setTimeout(open, AGAIN_MILLIS)
      })
    }

    open()
    return () => {
      changes.stop()
      source?.close()
      clearTimeout(again)
      clearTimeout(sums)
    }
  }, [client])

  return (
    <div role="status" className="visually-hidden">
      {/* Another element for each, so that a second message of the same person is told too. */}
      {arrival !== undefined && <span key={arrival.id}>{t("arrival", { person: phone(arrival.from) })}</span>}
    </div>
  )
}
