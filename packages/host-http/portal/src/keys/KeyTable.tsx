import { Badge, Button, Code } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { Moment } from "../ui/Moment.tsx"
import { RecordTable } from "../ui/RecordTable.tsx"
import type { ApiKey } from "./keys.ts"
import { useScopeWords } from "./useScopeWords.ts"

interface Props {
  readonly apiKeys: ReadonlyArray<ApiKey>
  readonly onRevoke: (key: ApiKey) => void
}

export const KeyTable = ({ apiKeys, onRevoke }: Props) => {
  const { t } = useTranslation("keys")
  const { t: common } = useTranslation()
  const words = useScopeWords()
  return (
    <RecordTable
      label={t("title")}
      columns={[
        { key: "name", header: t("column.name") },
        { key: "key", header: t("column.key") },
        { key: "mode", header: t("column.mode") },
        { key: "scopes", header: t("column.scopes") },
        { key: "created", header: t("column.created") },
        { key: "lastUsed", header: t("column.lastUsed") }
      ]}
      actions={t("column.actions")}
      records={apiKeys.map((key) => ({
        id: key.id,
        cells: {
          name: <bdi style={{ overflowWrap: "anywhere" }}>{key.name}</bdi>,
          key: (
            <Code className="ltr" bg="transparent" p={0}>
              {key.hint}
            </Code>
          ),
          mode: (
            <Badge variant="light" color={key.mode === "live" ? "green" : "orange"} tt="none" miw="max-content">
              {t(`mode.${key.mode}`)}
            </Badge>
          ),
          scopes: words(key.scopes),
          created: <Moment at={key.created_at} />,
          lastUsed: key.last_used_at === null ? common("state.never") : <Moment at={key.last_used_at} />
        },
        action: (
          <Button
            size="xs"
            variant="default"
            aria-label={t("revoke.one", { name: key.name })}
            onClick={() => onRevoke(key)}
          >
            {t("revoke.action")}
          </Button>
        )
      }))}
    />
  )
}
