/** Sends a message, and has all that shows messages know. */
import { useMutation, useQueryClient } from "@tanstack/react-query"
import { call } from "../../api/client.ts"
import { readAgain } from "../../api/readAgain.ts"
import { isOpen } from "../../api/repeat.ts"
import { showChange } from "../../live/changes.ts"
import { walletQuery } from "../../wallet/wallet.ts"
import type { Message } from "../messages.ts"
import { attemptOf } from "./draft.ts"
import type { Drafts } from "./storage.ts"

export interface Sending {
  readonly from: number
  readonly to: string
  readonly body: string
}

export const useSend = (drafts: Drafts, onSent: (message: Message, sending: Sending) => void) => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: async (sending: Sending) => {
      const attempt = attemptOf(sending, drafts.attempt(), () => crypto.randomUUID())
      drafts.keepAttempt(attempt)
      const { body, from: from_number_id, to } = sending
      try {
        const answer = await call(
          "sms.send",
          { payload: { from_number_id, to, body } },
          { idempotencyKey: attempt.key }
        )
        drafts.forgetAttempt(attempt.key)
        return answer
      } catch (error) {
        if (error instanceof Error && !isOpen(error)) drafts.forgetAttempt(attempt.key)
        throw error
      }
    },
    onSuccess: ({ message }, sending) => {
      showChange(client, message)
      readAgain(client, ["stats"])
      readAgain(client, walletQuery.queryKey)
      onSent(message, sending)
    }
  })
}
