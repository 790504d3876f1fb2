import { Paper } from "@mantine/core"
import { IconFilterOff, IconMessages, IconPencilPlus } from "@tabler/icons-react"
import { useInfiniteQuery } from "@tanstack/react-query"
import { useTranslation } from "react-i18next"
import { Empty } from "../../ui/Empty.tsx"
import { Loaded } from "../../ui/Loaded.tsx"
import { LoadMore } from "../../ui/LoadMore.tsx"
import { filtersOf, type InboxSearch } from "../inboxSearch.ts"
import { messagesQuery } from "../messages.ts"
import { useQueuedReasons } from "../useQueuedReasons.ts"
import { MessageRow } from "./MessageRow.tsx"
import classes from "./MessageList.module.css"
import { ButtonLink } from "../../ui/links.tsx"

export const MessageList = ({ search }: { readonly search: InboxSearch }) => {
  const { t } = useTranslation()
  const { t: tSms } = useTranslation("sms")
  const query = useInfiniteQuery(messagesQuery(filtersOf(search)))
  const messages = query.data?.pages.flatMap((page) => page.messages)
  useQueuedReasons(messages)
  return (
    <Loaded query={{ ...query, data: messages }} lines={8}>
      {(messages) =>
        messages.length === 0 && !query.hasNextPage ? (
          <Nothing isFiltered={Object.keys(search).length > 0} />
        ) : (
          <>
            <Paper withBorder component="ul" className={classes.list} aria-label={tSms("list.label")}>
              {messages.map((message) => (
                <li key={message.id}>
                  <MessageRow message={message} />
                </li>
              ))}
            </Paper>
            <LoadMore query={query} label={t("action.loadMore")} />
          </>
        )
      }
    </Loaded>
  )
}

const Nothing = ({ isFiltered }: { readonly isFiltered: boolean }) => {
  const { t } = useTranslation("sms")
  return isFiltered ? (
    <Empty Icon={IconFilterOff} title={t("list.noMatch")} text={t("list.noMatchHint")}>
      <ButtonLink variant="default" to="/sms" search={{}}>
        {t("filter.clear")}
      </ButtonLink>
    </Empty>
  ) : (
    <Empty Icon={IconMessages} title={t("list.none")} text={t("list.noneHint")}>
      <ButtonLink to="/sms/compose" leftSection={<IconPencilPlus size={18} aria-hidden />}>
        {t("compose")}
      </ButtonLink>
    </Empty>
  )
}
