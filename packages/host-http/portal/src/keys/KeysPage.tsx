import { Button } from "@mantine/core"
import { IconKey, IconPlus } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useSession } from "../session/session.ts"
import { Empty } from "../ui/Empty.tsx"
import { Loaded } from "../ui/Loaded.tsx"
import { Page } from "../ui/Page.tsx"
import { CreateKeyDialog } from "./CreateKeyDialog.tsx"
import { type ApiKey, keysQuery } from "./keys.ts"
import { KeyTable } from "./KeyTable.tsx"
import { RevokeKeyDialog } from "./RevokeKeyDialog.tsx"

export const KeysPage = () => {
  const { t } = useTranslation("keys")
  const keys = useQuery(keysQuery)
  const session = useSession().data?.session
  const [creating, setCreating] = useState(false)
  const [revoked, setRevoked] = useState<ApiKey>()

  const create = (
    <Button leftSection={<IconPlus size={16} aria-hidden />} onClick={() => setCreating(true)}>
      {t("create")}
    </Button>
  )
  return (
    <Page title={t("title")} intro={t("intro")} actions={create}>
      <Loaded query={keys}>
        {({ api_keys }) =>
          api_keys.length === 0 ? (
            <Empty Icon={IconKey} title={t("empty.title")} text={t("empty.text")} />
          ) : (
            <KeyTable apiKeys={api_keys} onRevoke={setRevoked} />
          )
        }
      </Loaded>
      {session !== undefined && session !== null && (
        <CreateKeyDialog opened={creating} onClose={() => setCreating(false)} session={session} />
      )}
      <RevokeKeyDialog apiKey={revoked} onClose={() => setRevoked(undefined)} />
    </Page>
  )
}
