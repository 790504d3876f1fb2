/** A message that is being written, from the first letter to its sending. */
import { useQuery } from "@tanstack/react-query"
import { type KeyboardEvent, useEffect, useMemo, useState } from "react"
import { useSession } from "../../session/session.ts"
import type { Message } from "../messages.ts"
import { sendersQuery } from "../senders.ts"
import { readNumber } from "../readNumber.ts"
import { counterOf } from "./counter.ts"
import { type Draft, EMPTY, opening, type Wish } from "./draft.ts"
import { missingOf } from "./missing.ts"
import { placeOf } from "./problemPlace.ts"
import { draftsOf } from "./storage.ts"
import { usePreview } from "./usePreview.ts"
import { useSend } from "./useSend.ts"

interface Options {
  /** Whose conversation it is; undefined: the compose window. */
  readonly person?: string
  readonly wish: Wish
  /** The own number that is taken unless another is chosen. */
  readonly usual?: number | undefined
  readonly onSent: (message: Message) => void
}

export const useComposer = ({ onSent, person, usual, wish }: Options) => {
  const account = useSession().data?.session?.account.id ?? 0
  const drafts = useMemo(() => draftsOf(sessionStorage, account, person), [account, person])
  const [written, setWritten] = useState<Draft>(() => opening(drafts.draft(), wish))
  // What somebody only came with takes the place of no other text.
  const [isChanged, setChanged] = useState(() => drafts.draft().body === "")
  useEffect(() => {
    if (isChanged) drafts.keep(written)
  }, [drafts, isChanged, written])

  const senders = useQuery(sendersQuery)
  const draft = { ...written, from: chosen(senders.data?.numbers ?? [], written.from, usual) }
  const counter = useMemo(() => counterOf(draft.body), [draft.body])
  const [tried, setTried] = useState(false)
  const missing = missingOf(draft, counter)

  const to = readNumber(draft.to)
  const preview = usePreview(to, draft.body, draft.body !== "" && !counter.isTooLong)
  const send = useSend(drafts, (message, sent) => {
    // Who writes on while a message is being sent keeps that.
    setWritten((now) => (now.body === sent.body ? { ...EMPTY, to: person ?? "" } : now))
    setTried(false)
    onSent(message)
  })

  const change = (changed: Partial<Draft>) => {
    setWritten((before) => ({ ...before, ...changed }))
    setChanged(true)
    send.reset()
  }
  const submit = () => {
    setTried(true)
    const { body, from } = draft
    if (send.isPending || from === undefined || to === undefined || missing.body !== undefined) return
    send.mutate({ from, to, body })
  }
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey) || event.nativeEvent.isComposing) return
    event.preventDefault()
    submit()
  }

  return {
    draft,
    change,
    counter,
    senders,
    preview,
    /** What is lacking, once a sending was tried. */
    missing: tried ? missing : {},
    failure: send.error === null ? undefined : { error: send.error, place: placeOf(send.error) },
    isSending: send.isPending,
    submit,
    onKeyDown
  }
}

export type Composer = ReturnType<typeof useComposer>

const chosen = (
  senders: ReadonlyArray<{ readonly id: number }>,
  wanted: number | undefined,
  usual: number | undefined
): number | undefined => {
  const only = senders.length === 1 ? senders[0]?.id : undefined
  return [wanted, usual, only].find((id) => senders.some((sender) => sender.id === id))
}
