import { useTranslation } from "react-i18next"
import { isolated } from "../i18n/isolated.ts"
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx"
import { useLast } from "../ui/useLast.ts"
import { type OptOut, useUndoOptOut } from "./optOuts.ts"

interface Props {
  readonly optOut: OptOut | undefined
  readonly onClose: () => void
}

export const UndoOptOutDialog = ({ onClose, optOut }: Props) => {
  const { t } = useTranslation("optOuts")
  const undo = useUndoOptOut()
  const shown = useLast(optOut)

  const close = () => {
    undo.reset()
    onClose()
  }
  const { number = "", person = "" } = shown ?? {}
  // Also there before it is ever opened: a dialog that begins opened does not know where the focus was.
  return (
    <ConfirmDialog
      opened={optOut !== undefined}
      onClose={close}
      title={t("remove.title", { person: isolated(person) })}
      text={t("remove.text", { number: isolated(number), person: isolated(person) })}
      confirmLabel={t("remove.confirm")}
      danger
      pending={undo.isPending}
      error={undo.error}
      onConfirm={() => {
        if (shown !== undefined) undo.mutate(shown, { onSuccess: close })
      }}
    />
  )
}
