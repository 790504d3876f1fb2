import { Button } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { Ltr } from "../ui/Ltr.tsx"
import { Moment } from "../ui/Moment.tsx"
import { RecordTable } from "../ui/RecordTable.tsx"
import type { OptOut } from "./optOuts.ts"

interface Props {
  readonly optOuts: ReadonlyArray<OptOut>
  readonly onRemove: (optOut: OptOut) => void
}

export const OptOutTable = ({ onRemove, optOuts }: Props) => {
  const { t } = useTranslation("optOuts")
  return (
    <RecordTable
      label={t("title")}
      columns={[
        { key: "person", header: t("column.person") },
        { key: "number", header: t("column.number") },
        { key: "since", header: t("column.since") }
      ]}
      actions={t("column.actions")}
      records={optOuts.map((optOut) => ({
        id: `${optOut.number_id} ${optOut.person}`,
        cells: {
          person: <Ltr>{optOut.person}</Ltr>,
          number: <Ltr>{optOut.number}</Ltr>,
          since: <Moment at={optOut.created_at} />
        },
        action: (
          <Button
            size="xs"
            variant="default"
            aria-label={t("remove.one", { person: optOut.person })}
            onClick={() => onRemove(optOut)}
          >
            {t("remove.action")}
          </Button>
        )
      }))}
    />
  )
}
