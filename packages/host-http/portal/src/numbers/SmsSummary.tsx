import { Group, Stack, Text } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import type { PhoneNumber } from "./numbers.ts"
import { SmsBadge } from "./SmsBadge.tsx"

const COLORS: Record<PhoneNumber["sms"]["state"], string> = {
  off: "dimmed",
  on: "inherit",
  past_due: "var(--mantine-color-orange-light-color)",
  suspended: "var(--mantine-color-red-light-color)"
}

/** Whether a number can do SMS, whether it is on, and until when it is paid. */
export const SmsSummary = ({ sms }: { readonly sms: PhoneNumber["sms"] }) => {
  const { t } = useTranslation("numbers")
  const { day } = useFormat()
  if (!sms.available) {
    return (
      <Text size="sm" c="dimmed">
        {t("sms.none")}
      </Text>
    )
  }
  return (
    <Stack gap={2}>
      <Group gap="xs" wrap="nowrap">
        <SmsBadge on={sms.enabled} />
        <Text size="sm" c={COLORS[sms.state]} data-sms-state={sms.state}>
          {t(`sms.state.${sms.state}`)}
        </Text>
      </Group>
      {sms.paid_until !== null && (
        <Text size="xs" c="dimmed">
          {t("sms.paidUntil", { day: day(sms.paid_until) })}
        </Text>
      )}
    </Stack>
  )
}
