import { Badge } from "@mantine/core"
import {
  IconCheck,
  IconChecks,
  IconClock,
  IconMessageDown,
  IconSend,
  IconX,
  type Icon as TablerIcon
} from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import type { Message } from "../sms/messages.ts"

const LOOKS: Record<Message["status"], readonly [color: string, icon: TablerIcon]> = {
  queued: ["gray", IconClock],
  sending: ["blue", IconSend],
  sent: ["blue", IconCheck],
  delivered: ["green", IconChecks],
  failed: ["red", IconX],
  received: ["grape", IconMessageDown]
}

export const StatusBadge = ({ status }: { readonly status: Message["status"] }) => {
  const { t } = useTranslation("sms")
  const [color, Icon] = LOOKS[status]
  return (
    <Badge color={color} variant="light" leftSection={<Icon size={12} aria-hidden />} data-status={status} tt="none">
      {t(`status.${status}`)}
    </Badge>
  )
}
