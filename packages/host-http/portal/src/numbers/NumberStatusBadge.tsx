import { Badge } from "@mantine/core"
import { IconBan, IconCheck, IconClock, IconSettings, type Icon as TablerIcon } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import type { PhoneNumber } from "./numbers.ts"

const LOOKS: Record<PhoneNumber["status"], readonly [color: string, icon: TablerIcon]> = {
  provisioning: ["blue", IconSettings],
  pending_verification: ["orange", IconClock],
  active: ["green", IconCheck],
  suspended: ["red", IconBan]
}

export const NumberStatusBadge = ({ status }: { readonly status: PhoneNumber["status"] }) => {
  const { t } = useTranslation("numbers")
  const [color, Icon] = LOOKS[status]
  return (
    <Badge color={color} variant="light" leftSection={<Icon size={12} aria-hidden />} data-status={status} tt="none">
      {t(`status.${status}`)}
    </Badge>
  )
}
