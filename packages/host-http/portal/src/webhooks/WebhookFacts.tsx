import { Alert, Code, Group, Paper, Stack } from "@mantine/core"
import { IconAlertTriangle, IconKey } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import { Moment } from "../ui/Moment.tsx"
import { ANY_EVENT } from "./events.ts"
import type { Webhook } from "./webhooks.ts"
import { WebhookState } from "./WebhookState.tsx"

/** What there is to know of a webhook, and what needs attention first. */
export const WebhookFacts = ({ webhook }: { readonly webhook: Webhook }) => {
  const { t } = useTranslation("webhooks")
  return (
    <Stack>
      <Notices webhook={webhook} />
      <Paper withBorder p="md" component="section" aria-label={t("one.details")}>
        <dl className="facts">
          <div>
            <dt>{t("column.url")}</dt>
            <dd className="ltr" style={{ overflowWrap: "anywhere" }}>
              {webhook.url}
            </dd>
          </div>
          <div>
            <dt>{t("column.description")}</dt>
            <dd dir="auto">{webhook.description ?? t("one.noDescription")}</dd>
          </div>
          <div>
            <dt>{t("column.state")}</dt>
            <dd>
              <WebhookState webhook={webhook} />
            </dd>
          </div>
          <div>
            <dt>{t("column.events")}</dt>
            <dd>
              <Events events={webhook.events} />
            </dd>
          </div>
          <div>
            <dt>{t("column.created")}</dt>
            <dd>
              <Moment at={webhook.created_at} />
            </dd>
          </div>
        </dl>
      </Paper>
    </Stack>
  )
}

const Events = ({ events }: { readonly events: ReadonlyArray<string> }) => {
  const { t } = useTranslation("webhooks")
  if (events.includes(ANY_EVENT)) return t("allEvents")
  return (
    <Group gap={4} justify="flex-end">
      {events.map((event) => (
        <Code key={event} className="ltr">
          {event}
        </Code>
      ))}
    </Group>
  )
}

const Notices = ({ webhook }: { readonly webhook: Webhook }) => {
  const { t } = useTranslation("webhooks")
  const { moment } = useFormat()
  const { disabled_at, disabled_reason, enabled, failing_since, old_secret_until } = webhook
  return (
    <>
      {disabled_at !== null && (
        <Alert
          color={disabled_reason === "by_owner" ? "gray" : "orange"}
          icon={<IconAlertTriangle aria-hidden />}
          title={t("disabledSince", { moment: moment(disabled_at) })}
        >
          {disabled_reason !== null && t(`why.${disabled_reason}`)}
        </Alert>
      )}
      {enabled && failing_since !== null && (
        <Alert
          color="orange"
          icon={<IconAlertTriangle aria-hidden />}
          title={t("failingSince", { moment: moment(failing_since) })}
        />
      )}
      {old_secret_until !== null && (
        <Alert
          color="blue"
          icon={<IconKey aria-hidden />}
          title={t("oldSecretUntil", { moment: moment(old_secret_until) })}
        />
      )}
    </>
  )
}
