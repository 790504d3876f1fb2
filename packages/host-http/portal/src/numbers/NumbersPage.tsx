import { Button } from "@mantine/core"
import { IconDeviceSim, IconPlus } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import { Country } from "../ui/Country.tsx"
import { Empty } from "../ui/Empty.tsx"
import { Loaded } from "../ui/Loaded.tsx"
import { Ltr } from "../ui/Ltr.tsx"
import { Page } from "../ui/Page.tsx"
import { RecordTable } from "../ui/RecordTable.tsx"
import { ConfigureLink } from "./ConfigureLink.tsx"
import { NumberStatusBadge } from "./NumberStatusBadge.tsx"
import { numbersQuery, type PhoneNumber } from "./numbers.ts"
import { SmsSummary } from "./SmsSummary.tsx"

export const NumbersPage = () => {
  const { t } = useTranslation("numbers")
  const numbers = useQuery(numbersQuery)
  const order = (
    <Button component={Link} to="/numbers/order" leftSection={<IconPlus size={18} aria-hidden />}>
      {t("order")}
    </Button>
  )
  return (
    <Page title={t("title")} intro={t("intro")} actions={order}>
      <Loaded query={numbers}>
        {(answer) =>
          answer.numbers.length === 0 ? (
            <Empty Icon={IconDeviceSim} title={t("empty.title")} text={t("empty.text")} />
          ) : (
            <NumberTable numbers={answer.numbers} />
          )
        }
      </Loaded>
    </Page>
  )
}

const NumberTable = ({ numbers }: { readonly numbers: ReadonlyArray<PhoneNumber> }) => {
  const { t } = useTranslation("numbers")
  const { money } = useFormat()
  return (
    <RecordTable
      label={t("title")}
      actions={t("column.actions")}
      columns={[
        { key: "number", header: t("column.number") },
        { key: "country", header: t("column.country") },
        { key: "type", header: t("column.type") },
        { key: "status", header: t("column.status") },
        { key: "sms", header: t("column.sms") },
        { key: "price", header: t("column.price"), numeric: true }
      ]}
      records={numbers.map(({ country, currency, id, monthly_price, number, sms, status, type }) => ({
        id,
        cells: {
          number: <Ltr fw={600}>{number}</Ltr>,
          country: <Country code={country} />,
          type: t(`type.${type}`),
          status: <NumberStatusBadge status={status} />,
          sms: <SmsSummary sms={sms} />,
          price: <Ltr>{money(monthly_price, currency)}</Ltr>
        },
        action: <ConfigureLink id={id} number={number} />
      }))}
    />
  )
}
