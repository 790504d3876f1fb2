import { useTranslation } from "react-i18next"
import { isolated } from "../i18n/isolated.ts"
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx"
import { useLast } from "../ui/useLast.ts"
import { type ApiKey, useRevokeKey } from "./keys.ts"

interface Props {
  readonly apiKey: ApiKey | undefined
  readonly onClose: () => void
}

export const RevokeKeyDialog = ({ apiKey, onClose }: Props) => {
  const { t } = useTranslation("keys")
  const revoke = useRevokeKey()
  const shown = useLast(apiKey)

  const close = () => {
    revoke.reset()
    onClose()
  }
  // Also there before it is ever opened: a dialog that begins opened does not know where the focus was.
  return (
    <ConfirmDialog
      opened={apiKey !== undefined}
      onClose={close}
      title={t("revoke.title", { name: shown?.name ?? "" })}
      text={t("revoke.text", { hint: isolated(shown?.hint ?? "") })}
      confirmLabel={t("revoke.confirm")}
      danger
      pending={revoke.isPending}
      error={revoke.error}
      onConfirm={() => {
        if (shown !== undefined) revoke.mutate(shown.id, { onSuccess: close })
      }}
    />
  )
}
