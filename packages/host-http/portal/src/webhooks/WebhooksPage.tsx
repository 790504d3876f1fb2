import { Button } from "@mantine/core"
import { useDisclosure } from "@mantine/hooks"
import { IconPlus, IconWebhook } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Empty } from "../ui/Empty.tsx"
import { Loaded } from "../ui/Loaded.tsx"
import { Page } from "../ui/Page.tsx"
import { CreateWebhookDialog } from "./CreateWebhookDialog.tsx"
import { webhooksQuery } from "./webhooks.ts"
import { WebhookTable } from "./WebhookTable.tsx"

export const WebhooksPage = () => {
  const { t } = useTranslation("webhooks")
  const query = useQuery(webhooksQuery)
  const [creating, dialog] = useDisclosure()

  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={dialog.open}>
      {t("create")}
    </Button>
  )
  return (
    <Page title={t("title")} intro={t("intro")} actions={create}>
      <Loaded query={query}>
        {({ webhooks }) =>
          webhooks.length === 0 ? (
            <Empty Icon={IconWebhook} title={t("empty.title")} text={t("empty.text")} />
          ) : (
            <WebhookTable webhooks={webhooks} />
          )
        }
      </Loaded>
      <CreateWebhookDialog opened={creating} onClose={dialog.close} />
    </Page>
  )
}
