import { Text } from "@mantine/core"
import { Fragment, memo } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../i18n/useFormat.ts"
import { Ltr } from "../../ui/Ltr.tsx"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import type { Message } from "../messages.ts"
import { endsOf } from "../person.ts"
import { useReason } from "../reason.ts"
import classes from "./Conversation.module.css"
import { daysOf, localDay } from "./days.ts"
import { TextLink } from "../../ui/links.tsx"

/** `messages`: newest first, as lists have them. */
export const Bubbles = ({ messages }: { readonly messages: ReadonlyArray<Message> }) => {
  const format = useFormat()
  return daysOf(messages, localDay).map((day) => (
    <Fragment key={localDay(day.begins)}>
      <Text component="h2" size="xs" fw={400} c="dimmed" className={classes.day}>
        {format.day(day.begins)}
      </Text>
      <ol className={classes.bubbles}>
        {day.messages.map((message) => (
          <Bubble key={message.id} message={message} />
        ))}
      </ol>
    </Fragment>
  ))
}

const Bubble = memo(({ message }: { readonly message: Message }) => {
  const { t } = useTranslation("sms")
  const format = useFormat()
  const reason = useReason()(message)
  const { body, created_at, direction, id, status } = message
  const { own } = endsOf(message)
  const time = format.shortTime(created_at)
  return (
    <li className={classes[direction]} data-message={id}>
      <span className="visually-hidden">{t(`conversation.${direction}`, { number: format.phone(own) })}</span>
      <Text className={classes.text} dir="auto">
        {body}
      </Text>
      <div className={classes.under}>
        <Text size="xs" c="dimmed" title={t("conversation.via", { number: format.phone(own) })}>
          <Ltr>{own}</Ltr>
        </Text>
        <TextLink to="/sms/$id" params={{ id: String(id) }} size="xs" aria-label={t("conversation.open", { time })}>
          <time dateTime={created_at} title={format.exact(created_at)}>
            {time}
          </time>
        </TextLink>
        {direction === "outbound" && <StatusBadge status={status} />}
      </div>
      {reason !== undefined && (
        <Text size="xs" c={reason.textColor} ta="end">
          <strong>{reason.title}</strong> <span>{reason.text}</span>
        </Text>
      )}
    </li>
  )
})
