import { IconMessageOff } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { getRouteApi } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { ApiProblem } from "../../api/problem.ts"
import { Empty } from "../../ui/Empty.tsx"
import { Loaded } from "../../ui/Loaded.tsx"
import { Page } from "../../ui/Page.tsx"
import { BackToInbox } from "../BackToInbox.tsx"
import { messageQuery } from "../messages.ts"
import { MessageView } from "./MessageView.tsx"

const route = getRouteApi("/sms/$id")

export const MessagePage = () => {
  const { t } = useTranslation("sms")
  const { id } = route.useParams()
  const query = useQuery(messageQuery(id))
  const isNone = query.error instanceof ApiProblem && query.error.status < 500
  return (
    <Page title={t("message.title", { id })} actions={<BackToInbox />}>
      {isNone ? (
        <Empty Icon={IconMessageOff} title={t("message.none")} text={t("message.noneHint")} />
      ) : (
        <Loaded query={query}>
          {({ message, timeline }) => <MessageView message={message} timeline={timeline} />}
        </Loaded>
      )}
    </Page>
  )
}
