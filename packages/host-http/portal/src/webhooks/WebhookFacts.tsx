import { Alert, Code, Paper, Stack } from "@mantine/core"
import { IconAlertTriangle, IconKey } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import { Ltr } from "../ui/Ltr.tsx"
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
        <dl className="facts aligned">
          <div>
            <dt>{t("column.url")}</dt>
            <dd style={{ overflowWrap: "anywhere" }}>
              <Ltr>{webhook.url}</Ltr>
            </dd>
          </div>
          <div>
            <dt>{t("column.description")}</dt>
            <dd>{webhook.description === null ? t("one.noDescription") : <bdi>{webhook.description}</bdi>}</dd>
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
  return events.map((event) => (
    <Code key={event} className="ltr" display="inline-block" me={4}>
      {event}
    </Code>
  ))
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
