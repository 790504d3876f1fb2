import { Badge } from "@mantine/core"
import { IconCheck, IconClock, IconX } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import type { Delivery } from "./deliveries.ts"

const LOOKS = {
  pending: ["blue", IconClock],
  succeeded: ["green", IconCheck],
  failed: ["red", IconX]
} as const

export const DeliveryStatus = ({ status }: { readonly status: Delivery["status"] }) => {
  const { t } = useTranslation("webhooks")
  const [color, Icon] = LOOKS[status]
  return (
    <Badge
      component="span"
      color={color}
      variant="light"
      tt="none"
      miw="max-content"
      leftSection={<Icon size={12} aria-hidden />}
      data-status={status}
    >
      {t(`deliveries.status.${status}`)}
    </Badge>
  )
}
