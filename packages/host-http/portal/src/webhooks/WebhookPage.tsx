import { Anchor } from "@mantine/core"
import { IconArrowLeft, IconWebhookOff } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { Link, useParams } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { Empty } from "../ui/Empty.tsx"
import { Loaded } from "../ui/Loaded.tsx"
import { Page } from "../ui/Page.tsx"
import { DeliveryList } from "./DeliveryList.tsx"
import { WebhookActions } from "./WebhookActions.tsx"
import { WebhookFacts } from "./WebhookFacts.tsx"
import { webhooksQuery } from "./webhooks.ts"

export const WebhookPage = () => {
  const { t } = useTranslation("webhooks")
  const { id } = useParams({ from: "/webhooks/$id" })
  const query = useQuery(webhooksQuery)

  return (
    <Page title={t("one.title")}>
      <Anchor component={Link} to="/webhooks" size="sm" w="fit-content">
        <IconArrowLeft size={14} className="mirrored" aria-hidden /> {t("one.all")}
      </Anchor>
      <Loaded query={query}>
        {({ webhooks }) => {
          const webhook = webhooks.find((other) => String(other.id) === id)
          if (webhook === undefined) {
            return <Empty Icon={IconWebhookOff} title={t("one.notFound")} text={t("one.notFoundHint")} />
          }
          return (
            <>
              <WebhookFacts webhook={webhook} />
              <WebhookActions webhook={webhook} />
              <DeliveryList webhook={webhook} />
            </>
          )
        }}
      </Loaded>
    </Page>
  )
}
