/** What the table of opt-outs shows of each, and how one is removed. */
import { Button } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { Ltr } from "../ui/Ltr.tsx"
import { Moment } from "../ui/Moment.tsx"
import type { Column } from "../ui/RecordTable.tsx"
import type { OptOut } from "./optOuts.ts"

export const useOptOutTable = (onRemove: (optOut: OptOut) => void) => {
  const { t } = useTranslation("optOuts")
  const columns: readonly [Column<OptOut>, ...ReadonlyArray<Column<OptOut>>] = [
    { key: "person", header: t("column.person"), cell: ({ person }) => <Ltr>{person}</Ltr> },
    { key: "number", header: t("column.number"), cell: ({ number }) => <Ltr>{number}</Ltr> },
    { key: "since", header: t("column.since"), cell: ({ created_at }) => <Moment at={created_at} /> }
  ]
  const action = {
    header: t("column.actions"),
    cell: (optOut: OptOut) => (
      <Button
        size="xs"
        variant="default"
        aria-label={t("remove.one", { person: optOut.person })}
        onClick={() => onRemove(optOut)}
      >
        {t("remove.action")}
      </Button>
    )
  }
  return { columns, action }
}
