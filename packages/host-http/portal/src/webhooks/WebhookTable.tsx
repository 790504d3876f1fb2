import { Anchor, Text } from "@mantine/core"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { Moment } from "../ui/Moment.tsx"
import { RecordTable } from "../ui/RecordTable.tsx"
import { useEventWords } from "./useEventWords.ts"
import type { Webhook } from "./webhooks.ts"
import { WebhookState } from "./WebhookState.tsx"

export const WebhookTable = ({ webhooks }: { readonly webhooks: ReadonlyArray<Webhook> }) => {
  const { t } = useTranslation("webhooks")
  const eventWords = useEventWords()
  return (
    <RecordTable
      label={t("title")}
      columns={[
        { key: "url", header: t("column.url") },
        { key: "events", header: t("column.events") },
        { key: "state", header: t("column.state") },
        { key: "created", header: t("column.created") }
      ]}
      records={webhooks.map((webhook) => ({
        id: webhook.id,
        cells: {
          url: (
            <>
              <Anchor
                component={Link}
                to={`/webhooks/${webhook.id}`}
                className="ltr"
                style={{ overflowWrap: "anywhere" }}
              >
                {webhook.url}
              </Anchor>
              {webhook.description !== null && (
                <Text size="sm" c="dimmed" dir="auto">
                  {webhook.description}
                </Text>
              )}
            </>
          ),
          events: <span title={webhook.events.join(", ")}>{eventWords(webhook.events)}</span>,
          state: <WebhookState webhook={webhook} reason />,
          created: <Moment at={webhook.created_at} />
        }
      }))}
    />
  )
}
