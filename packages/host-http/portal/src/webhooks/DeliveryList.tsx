import { Paper, Stack, Title } from "@mantine/core"
import { IconSend } from "@tabler/icons-react"
import { useInfiniteQuery, useQueryClient } from "@tanstack/react-query"
import { useEffect, useRef } from "react"
import { useTranslation } from "react-i18next"
import { Empty } from "../ui/Empty.tsx"
import { Loaded } from "../ui/Loaded.tsx"
import { LoadMore } from "../ui/LoadMore.tsx"
import { ProblemAlert } from "../ui/ProblemAlert.tsx"
import { type Delivery, deliveriesQuery, useRedeliver } from "./deliveries.ts"
import { DeliveryItem } from "./DeliveryItem.tsx"
import { type Webhook, webhooksQuery } from "./webhooks.ts"

/** What was sent to a webhook, newest first. */
export const DeliveryList = ({ webhook }: { readonly webhook: Webhook }) => {
  const { t } = useTranslation("webhooks")
  const { t: common } = useTranslation()
  const query = useInfiniteQuery(deliveriesQuery(String(webhook.id)))
  const redeliver = useRedeliver(webhook.id)
  useWebhookOf(query.data?.pages.flatMap(({ deliveries }) => deliveries) ?? [])

  return (
    <Stack gap="sm" component="section">
      <Title order={2} size="h4">
        {t("deliveries.title")}
      </Title>
      <div role="status" className="visually-hidden">
        {redeliver.isSuccess ? t("deliveries.redelivered") : ""}
      </div>
      {redeliver.error !== null && <ProblemAlert error={redeliver.error} />}
      <Loaded query={query}>
        {({ pages }) =>
          pages.every(({ deliveries }) => deliveries.length === 0) ? (
            <Empty Icon={IconSend} title={t("deliveries.empty")} text={t("deliveries.emptyHint")} />
          ) : (
            <Paper withBorder component="ul" className="rows" aria-label={t("deliveries.title")}>
              {pages.flatMap(({ deliveries }) =>
                deliveries.map((delivery) => (
                  <DeliveryItem
                    key={delivery.id}
                    delivery={delivery}
                    onRedeliver={webhook.enabled ? () => redeliver.mutate(delivery.id) : undefined}
                    redelivering={redeliver.isPending && redeliver.variables === delivery.id}
                  />
                ))
              )}
            </Paper>
          )
        }
      </Loaded>
      <LoadMore query={query} label={common("action.loadMore")} />
    </Stack>
  )
}

/** Each attempt may have changed whether the webhook is failing or disabled. */
const useWebhookOf = (deliveries: ReadonlyArray<Delivery>) => {
  const client = useQueryClient()
  const attempts = deliveries.reduce((sum, delivery) => sum + delivery.attempts.length, 0)
  const seen = useRef(attempts)
  useEffect(() => {
    if (seen.current === attempts) return
    seen.current = attempts
    void client.invalidateQueries({ queryKey: webhooksQuery.queryKey })
  }, [attempts, client])
}
