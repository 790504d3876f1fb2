import { Badge, Text } from "@mantine/core"
import { IconAlertTriangle, IconCheck, IconPlayerPause } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import type { Webhook } from "./webhooks.ts"

const LOOKS = {
  enabled: ["green", IconCheck],
  failing: ["orange", IconAlertTriangle],
  disabled: ["gray", IconPlayerPause]
} as const

interface Props {
  readonly webhook: Webhook
  /** Whether it also says why it is disabled. */
  readonly reason?: boolean
}

/** Whether a webhook is told of events. */
export const WebhookState = ({ reason = false, webhook }: Props) => {
  const { t } = useTranslation("webhooks")
  const state = !webhook.enabled ? "disabled" : webhook.failing_since === null ? "enabled" : "failing"
  const [color, Icon] = LOOKS[state]
  return (
    <>
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
      {reason && webhook.disabled_reason !== null && (
        <Text size="xs" c="dimmed">
          {t(`why.${webhook.disabled_reason}`)}
        </Text>
      )}
    </>
  )
}
