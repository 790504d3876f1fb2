import { IconPencilPlus } from "@tabler/icons-react"
import { getRouteApi } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { Page } from "../ui/Page.tsx"
import { Filters } from "./inbox/Filters.tsx"
import { MessageList } from "./inbox/MessageList.tsx"
import { Statistics } from "./inbox/Statistics.tsx"
import { ButtonLink } from "../ui/links.tsx"

const route = getRouteApi("/sms")

export const InboxPage = () => {
  const { t } = useTranslation("sms")
  const search = route.useSearch()
  return (
    <Page
      title={t("title")}
      actions={
        <ButtonLink to="/sms/compose" leftSection={<IconPencilPlus size={18} aria-hidden />}>
          {t("compose")}
        </ButtonLink>
      }
    >
      <Statistics number={search.number} />
      <Filters search={search} />
      <MessageList search={search} />
    </Page>
  )
}
