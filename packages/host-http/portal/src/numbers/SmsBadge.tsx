import { Badge } from "@mantine/core"
import { IconMessage } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"

interface Props {
  /** Whether SMS is on; left out where nothing is switched yet. */
  readonly on?: boolean
}

/** Borne by the numbers that can do SMS, and by no others. */
export const SmsBadge = ({ on = true }: Props) => {
  const { t } = useTranslation("numbers")
  return (
    <Badge variant={on ? "light" : "outline"} leftSection={<IconMessage size={12} aria-hidden />} data-sms-badge>
      {t("sms.badge")}
    </Badge>
  )
}
