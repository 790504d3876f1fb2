import { useDocumentTitle } from "@mantine/hooks"
import { IconMessageOff, IconMessages } from "@tabler/icons-react"
import { useInfiniteQuery } from "@tanstack/react-query"
import { getRouteApi } from "@tanstack/react-router"
import { useRef } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../i18n/useFormat.ts"
import { Empty } from "../../ui/Empty.tsx"
import { Loaded } from "../../ui/Loaded.tsx"
import { LoadMore } from "../../ui/LoadMore.tsx"
import { Page } from "../../ui/Page.tsx"
import { BackToInbox } from "../BackToInbox.tsx"
import { messagesQuery } from "../messages.ts"
import { readNumber } from "../readNumber.ts"
import { useQueuedReasons } from "../useQueuedReasons.ts"
import { Bubbles } from "./Bubbles.tsx"
import classes from "./Conversation.module.css"
import { QuickCompose } from "./QuickCompose.tsx"

const route = getRouteApi("/sms/with/$person")

export const ConversationPage = () => {
  const written = route.useParams().person
  const person = readNumber(written)
  return person === undefined ? <NoPerson /> : <Conversation key={person} person={person} />
}

const NoPerson = () => {
  const { t } = useTranslation("sms")
  const { t: common } = useTranslation()
  useDocumentTitle(`${t("conversation.wrong")} · ${common("product")}`)
  return (
    <Empty order={1} Icon={IconMessageOff} title={t("conversation.wrong")} text={t("filter.contactWrong")}>
      <BackToInbox />
    </Empty>
  )
}

/** All messages to and from one person, the newest at the bottom, as a phone shows them. */
const Conversation = ({ person }: { readonly person: string }) => {
  const { t } = useTranslation("sms")
  const query = useInfiniteQuery(messagesQuery({ contact: person }))
  const messages = query.data?.pages.flatMap((page) => page.messages)
  const { phone } = useFormat()
  const scroller = useRef<HTMLDivElement>(null)
  useQueuedReasons(messages)
  return (
    <Page title={t("conversation.title", { person: phone(person) })} actions={<BackToInbox />}>
      <div
        className={classes.scroller}
        ref={scroller}
        role="region"
        aria-label={t("conversation.label", { person: phone(person) })}
      >
        <div className={classes.content}>
          <Loaded query={{ ...query, data: messages }}>
            {(messages) =>
              messages.length === 0 && !query.hasNextPage ? (
                <Empty Icon={IconMessages} title={t("conversation.none")} text={t("conversation.noneHint")} />
              ) : (
                <>
                  <LoadMore query={query} label={t("conversation.older")} />
                  <Bubbles messages={messages} />
                </>
              )
            }
          </Loaded>
        </div>
      </div>
      <QuickCompose
        person={person}
        usual={messages?.[0]?.number_id}
        onSent={() => scroller.current?.scrollTo({ top: 0 })}
      />
    </Page>
  )
}
