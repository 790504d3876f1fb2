import { Text } from "@mantine/core"
import { IconArrowDownLeft, IconArrowUpRight } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"
import { memo } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../i18n/useFormat.ts"
import { Ltr } from "../../ui/Ltr.tsx"
import { ShortMoment } from "../../ui/ShortMoment.tsx"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import type { Message } from "../messages.ts"
import { endsOf } from "../person.ts"
import { useReason } from "../reason.ts"
import classes from "./MessageList.module.css"

const ICONS = { inbound: IconArrowDownLeft, outbound: IconArrowUpRight }

/** One message of a list; messages that have not changed are the same objects, and are not drawn again. */
export const MessageRow = memo(({ message }: { readonly message: Message }) => {
  const { t } = useTranslation("sms")
  const format = useFormat()
  const reason = useReason()(message)
  const { body, created_at, currency, direction, id, price, segments, status } = message
  const { own, person } = endsOf(message)
  const Icon = ICONS[direction]
  return (
    <Link to="/sms/$id" params={{ id: String(id) }} className={classes.row} data-message={id}>
      <span className={`${classes.icon} ${classes[direction]}`} title={t(`direction.${direction}`)}>
        <Icon size={20} aria-hidden />
        <span className="visually-hidden">{t(`direction.${direction}`)}</span>
      </span>
      <div className={classes.person}>
        <Text size="sm" fw={600} truncate>
          <Ltr>{person}</Ltr>
        </Text>
        <Text size="xs" c="dimmed" truncate visibleFrom="md">
          <Ltr>{own}</Ltr>
        </Text>
      </div>
      <div className={classes.text}>
        <Text size="sm" truncate dir="auto">
          {firstLine(body)}
        </Text>
        {reason !== undefined && (
          <Text size="xs" c={reason.textColor}>
            <strong>{reason.title}</strong> <span>{reason.text}</span>
          </Text>
        )}
      </div>
      <div className={classes.facts}>
        <StatusBadge status={status} />
        <Text size="xs" c="dimmed">
          {t("segments", { count: segments })}
        </Text>
        <Text size="xs" c="dimmed" className={classes.price}>
          <Ltr>{format.money(price, currency)}</Ltr>
        </Text>
        <Text size="xs" c="dimmed" hiddenFrom="md">
          <Ltr>{own}</Ltr>
        </Text>
      </div>
      <Text size="xs" c="dimmed" className={classes.time}>
        <ShortMoment at={created_at} />
      </Text>
    </Link>
  )
})

const firstLine = (body: string): string => body.trimStart().split(/[\n\r\u2028\u2029]/, 1)[0] ?? ""
