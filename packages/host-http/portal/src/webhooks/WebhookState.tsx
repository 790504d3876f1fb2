import { Badge, Stack, Text } from "@mantine/core"
import { IconAlertTriangle, IconCheck, IconPlayerPause } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import type { Webhook } from "./webhooks.ts"

const LOOKS = {
  enabled: ["green", IconCheck],
  failing: ["orange", IconAlertTriangle],
  disabled: ["gray", IconPlayerPause]
} as const

/** Whether a webhook is told of events, and if not, why. */
export const WebhookState = ({ webhook }: { readonly webhook: Webhook }) => {
  const { t } = useTranslation("webhooks")
  const state = !webhook.enabled ? "disabled" : webhook.failing_since === null ? "enabled" : "failing"
  const [color, Icon] = LOOKS[state]
  return (
    <Stack gap={4} align="inherit">
      <Badge
        color={color}
        variant="light"
        tt="none"
        miw="max-content"
        leftSection={<Icon size={12} aria-hidden />}
        data-state={state}
      >
        {t(`state.${state}`)}
      </Badge>
      {webhook.disabled_reason !== null && (
        <Text size="xs" c="dimmed">
          {t(`why.${webhook.disabled_reason}`)}
        </Text>
      )}
    </Stack>
  )
}
