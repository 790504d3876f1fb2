import { Anchor, Text } from "@mantine/core"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { Moment } from "../ui/Moment.tsx"
import type { Column } from "../ui/RecordTable.tsx"
import { useEventWords } from "./useEventWords.ts"
import type { Webhook } from "./webhooks.ts"
import { WebhookState } from "./WebhookState.tsx"

/** What the table of webhooks shows of each. */
export const useWebhookColumns = (): readonly [Column<Webhook>, ...ReadonlyArray<Column<Webhook>>] => {
  const { t } = useTranslation("webhooks")
  const eventWords = useEventWords()
  return [
    {
      key: "url",
      header: t("column.url"),
      cell: ({ description, id, url }) => (
        <>
          <Anchor component={Link} to={`/webhooks/${id}`} className="ltr" style={{ overflowWrap: "anywhere" }}>
            {url}
          </Anchor>
          {description !== null && (
            <Text size="sm" c="dimmed" dir="auto">
              {description}
            </Text>
          )}
        </>
      )
    },
    {
      key: "events",
      header: t("column.events"),
      cell: ({ events }) => <span title={events.join(", ")}>{eventWords(events)}</span>
    },
    { key: "state", header: t("column.state"), cell: (webhook) => <WebhookState webhook={webhook} reason /> },
    { key: "created", header: t("column.created"), cell: ({ created_at }) => <Moment at={created_at} /> }
  ]
}
