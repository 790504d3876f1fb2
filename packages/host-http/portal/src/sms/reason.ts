/** Why a message failed or still waits, in the reader's words. */
import { useTranslation } from "react-i18next"
import type { Message } from "./messages.ts"

const KNOWN = [
  "carrier_processing",
  "no_messaging_profile",
  "carrier_paused",
  "invalid_destination",
  "no_route",
  "undeliverable",
  "carrier_unavailable",
  "outcome_unknown"
] as const

export interface Reason {
  readonly title: string
  readonly text: string
  readonly color: "red" | "yellow"
  /** Of text without a background. */
  readonly textColor: string
}

export const useReason = (): ((message: Message) => Reason | undefined) => {
  const { t } = useTranslation("sms")
  return ({ reason, status }) => {
    if (reason === null && status !== "failed") return undefined
    // A carrier may have words of its own: they are shown as they came.
    const known = KNOWN.find((name) => name === reason)
    const text = known === undefined ? (reason ?? "") : t(`reason.${known}`)
    return status === "failed"
      ? { title: t("failed"), text, color: "red", textColor: "var(--mantine-color-error)" }
      : { title: t("waiting"), text, color: "yellow", textColor: "var(--mantine-color-yellow-light-color)" }
  }
}
