import { Button, Code, Group, Stack, Text } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import { Moment } from "../ui/Moment.tsx"
import { AttemptFacts } from "./AttemptFacts.tsx"
import type { Delivery } from "./deliveries.ts"
import { DeliveryStatus } from "./DeliveryStatus.tsx"

interface Props {
  readonly delivery: Delivery
  /** Undefined while nothing is sent to this webhook. */
  readonly onRedeliver: (() => void) | undefined
  readonly redelivering: boolean
}

export const DeliveryItem = ({ delivery, onRedeliver, redelivering }: Props) => {
  const { t } = useTranslation("webhooks")
  const { moment } = useFormat()
  const { attempts, created_at, event, event_id, status } = delivery
  return (
    <Group component="li" align="flex-start" justify="space-between" gap="sm" p="sm">
      <details className="delivery">
        <summary>
          <Group component="span" gap="xs" display="inline-flex">
            <DeliveryStatus status={status} />
            <Text span fw={600} className="ltr">
              {event}
            </Text>
            <Text span size="sm" c="dimmed">
              <Moment at={created_at} />
            </Text>
            <Text span size="sm" c="dimmed">
              {t("deliveries.attempts", { count: attempts.length })}
            </Text>
          </Group>
        </summary>
        <Stack gap="sm" pt="sm">
          <Group gap="xs">
            <Text size="sm" c="dimmed">
              {t("deliveries.id")}
            </Text>
            <Code className="ltr" style={{ overflowWrap: "anywhere" }}>
              {event_id}
            </Code>
          </Group>
          {attempts.length === 0 ? (
            <Text size="sm">{t("deliveries.noAttempt")}</Text>
          ) : (
            <Stack component="ol" gap="sm" m={0} ps="lg">
              {attempts.map((attempt) => (
                <AttemptFacts key={attempt.at} attempt={attempt} />
              ))}
            </Stack>
          )}
          <NextAttempt delivery={delivery} />
        </Stack>
      </details>
      {onRedeliver !== undefined && (
        <Button
          size="xs"
          variant="default"
          onClick={onRedeliver}
          loading={redelivering}
          aria-label={t("deliveries.redeliverOne", { event, moment: moment(created_at) })}
        >
          {t("deliveries.redeliver")}
        </Button>
      )}
    </Group>
  )
}

const NextAttempt = ({ delivery: { next_attempt_at, status } }: { readonly delivery: Delivery }) => {
  const { t } = useTranslation("webhooks")
  const { exact } = useFormat()
  if (status !== "pending") return null
  return (
    <Text size="sm" c="dimmed">
      {next_attempt_at === null ? t("deliveries.nextNow") : t("deliveries.next", { moment: exact(next_attempt_at) })}
    </Text>
  )
}
