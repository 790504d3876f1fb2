/** What the table of keys shows of each, and how one is revoked. */
import { Badge, Button, Code } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { Moment } from "../ui/Moment.tsx"
import type { Column } from "../ui/RecordTable.tsx"
import type { ApiKey } from "./keys.ts"
import { useScopeWords } from "./useScopeWords.ts"

export const useKeyTable = (onRevoke: (key: ApiKey) => void) => {
  const { t } = useTranslation("keys")
  const { t: common } = useTranslation()
  const words = useScopeWords()
  const columns: readonly [Column<ApiKey>, ...ReadonlyArray<Column<ApiKey>>] = [
    { key: "name", header: t("column.name"), cell: ({ name }) => <bdi>{name}</bdi> },
    {
      key: "key",
      header: t("column.key"),
      cell: ({ hint }) => (
        <Code className="ltr" bg="transparent" p={0}>
          {hint}
        </Code>
      )
    },
    {
      key: "mode",
      header: t("column.mode"),
      cell: ({ mode }) => (
        <Badge variant="light" color={mode === "live" ? "green" : "orange"} tt="none" miw="max-content">
          {t(`mode.${mode}`)}
        </Badge>
      )
    },
    { key: "scopes", header: t("column.scopes"), cell: ({ scopes }) => words(scopes) },
    { key: "created", header: t("column.created"), cell: ({ created_at }) => <Moment at={created_at} /> },
    {
      key: "lastUsed",
      header: t("column.lastUsed"),
      cell: ({ last_used_at }) => (last_used_at === null ? common("state.never") : <Moment at={last_used_at} />)
    }
  ]
  const action = {
    header: t("column.actions"),
    cell: (key: ApiKey) => (
      <Button
        size="xs"
        variant="default"
        aria-label={t("revoke.one", { name: key.name })}
        onClick={() => onRevoke(key)}
      >
        {t("revoke.action")}
      </Button>
    )
  }
  return { columns, action }
}
