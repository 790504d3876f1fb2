import { useTranslation } from "react-i18next"
import { useRequestKey } from "../api/useRequestKey.ts"
import type { Session } from "../session/session.ts"
import { SecretDialog } from "../ui/SecretDialog.tsx"
import { CreateKeyForm } from "./CreateKeyForm.tsx"
import { useCreateKey } from "./keys.ts"

interface Props {
  readonly opened: boolean
  readonly onClose: () => void
  readonly session: Session
}

export const CreateKeyDialog = ({ onClose, opened, session }: Props) => {
  const { t } = useTranslation("keys")
  const create = useCreateKey()
  const { answered, keyFor } = useRequestKey()

  const close = () => {
    create.reset()
    onClose()
  }
  return (
    <SecretDialog
      opened={opened}
      onClose={close}
      title={t("create")}
      secretTitle={t("made.title")}
      label={t("made.label")}
      warning={t("made.warning")}
      secret={create.data?.api_key.key ?? null}
      pending={create.isPending}
    >
      <CreateKeyForm
        session={session}
        pending={create.isPending}
        error={create.error}
        onCancel={close}
        onSubmit={(payload) =>
          create.mutate({ payload, idempotencyKey: keyFor(payload) }, { onSettled: (_, error) => answered(error) })
        }
      />
    </SecretDialog>
  )
}
