import { Alert } from "@mantine/core"
import { IconPlugConnectedX } from "@tabler/icons-react"
import { useQueryClient } from "@tanstack/react-query"
import { useEffect } from "react"
import { useTranslation } from "react-i18next"
import { connection, isReady, useIsAway } from "../api/connection.ts"

const ASK_MILLIS = 2000

/** Shown while the host does not answer; asks it until it does, then has everything read again. */
export const AwayBanner = () => {
  const { t } = useTranslation()
  const client = useQueryClient()
  const away = useIsAway()

  useEffect(() => {
    if (!away) return
    const ask = async () => {
      if (!(await isReady())) return
      connection.found()
      await client.invalidateQueries()
    }
    const timer = setInterval(() => void ask(), ASK_MILLIS)
    return () => clearInterval(timer)
  }, [away, client])

  return (
    // Always there, so that a screen reader hears what comes into it.
    <div role="status">
      {away && (
        <Alert color="red" variant="light" mb="md" icon={<IconPlugConnectedX aria-hidden />} title={t("away.title")}>
          {t("away.text")}
        </Alert>
      )}
    </div>
  )
}
