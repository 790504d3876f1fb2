import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../i18n/useFormat.ts"
import { Ltr } from "../../ui/Ltr.tsx"
import { ShortMoment } from "../../ui/ShortMoment.tsx"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import type { Message } from "../messages.ts"
import classes from "./MessageView.module.css"

export const Facts = ({ message }: { readonly message: Message }) => {
  const { t } = useTranslation("sms")
  const format = useFormat()
  return (
    <dl className={classes.facts}>
      <Fact name={t("message.status")}>
        <StatusBadge status={message.status} />
      </Fact>
      <Fact name={t("message.direction")}>{t(`direction.${message.direction}`)}</Fact>
      <Fact name={t("message.from")}>
        <Ltr>{message.from}</Ltr>
      </Fact>
      <Fact name={t("message.to")}>
        <Ltr>{message.to}</Ltr>
      </Fact>
      <Fact name={t("message.price")}>
        <Ltr>{format.money(message.price, message.currency)}</Ltr>
      </Fact>
      <Fact name={t("message.segments")}>{format.number(message.segments)}</Fact>
      <Fact name={t("message.encoding")}>{t(`encoding.${message.encoding}`)}</Fact>
      <Fact name={t("message.carrier")}>{message.carrier}</Fact>
      <Fact name={t("message.created")}>
        <ShortMoment at={message.created_at} />
      </Fact>
    </dl>
  )
}

const Fact = ({ children, name }: { readonly name: string; readonly children: ReactNode }) => (
  <>
    <dt>{name}</dt>
    <dd>{children}</dd>
  </>
)
