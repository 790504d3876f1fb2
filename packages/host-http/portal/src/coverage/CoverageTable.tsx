import { Text } from "@mantine/core"
import { IconCheck, IconMinus } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import { Country } from "../ui/Country.tsx"
import { Ltr } from "../ui/Ltr.tsx"
import { RecordTable } from "../ui/RecordTable.tsx"
import type { SortKey } from "./coverageSearch.ts"
import type { Row } from "./search.ts"

interface Props {
  readonly rows: ReadonlyArray<Row>
  readonly sort: SortKey
  readonly descending: boolean
  readonly onSort: (key: SortKey) => void
}

export const CoverageTable = ({ descending, onSort, rows, sort }: Props) => {
  const { t } = useTranslation("coverage")
  const { money } = useFormat()

  const column = (key: SortKey, numeric = false) => ({
    key,
    header: t(`column.${key}`),
    numeric,
    sort: {
      direction: key !== sort ? ("none" as const) : descending ? ("descending" as const) : ("ascending" as const),
      onSort: () => onSort(key)
    }
  })

  return (
    <RecordTable
      label={t("table")}
      columns={[
        column("country"),
        { key: "dialling", header: t("column.dialling") },
        column("local"),
        column("mobile"),
        column("toll_free"),
        column("addon", true),
        column("segment", true)
      ]}
      records={rows.map((row) => ({
        id: row.country,
        cells: {
          country: <Country code={row.country} />,
          dialling: row.diallingCode !== undefined && <Ltr>{row.diallingCode}</Ltr>,
          local: <Availability yes={row.local} />,
          mobile: <Availability yes={row.mobile} />,
          toll_free: <Availability yes={row.toll_free} />,
          addon: <Ltr>{money(row.sms_monthly, row.currency)}</Ltr>,
          segment:
            row.outbound_segment === null ? (
              <Text span size="sm" c="dimmed">
                {t("noOutbound")}
              </Text>
            ) : (
              <Ltr>{money(row.outbound_segment, row.currency)}</Ltr>
            )
        }
      }))}
    />
  )
}

/** A sign for the eye, and words for a screen reader. */
const Availability = ({ yes }: { readonly yes: boolean }) => {
  const { t } = useTranslation("coverage")
  const Icon = yes ? IconCheck : IconMinus
  return (
    <>
      <Icon
        size={18}
        aria-hidden
        color={`var(--mantine-color-${yes ? "green-7" : "gray-5"})`}
        style={{ verticalAlign: "middle" }}
      />
      <span className="visually-hidden">{t(yes ? "available" : "notAvailable")}</span>
    </>
  )
}
