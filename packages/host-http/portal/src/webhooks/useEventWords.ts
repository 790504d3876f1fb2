import { useTranslation } from "react-i18next"
import { ANY_EVENT } from "./events.ts"

/** How many events a webhook wants, in words. */
export const useEventWords = () => {
  const { t } = useTranslation("webhooks")
  return (events: ReadonlyArray<string>): string =>
    events.includes(ANY_EVENT) ? t("allEvents") : t("eventCount", { count: events.length })
}
