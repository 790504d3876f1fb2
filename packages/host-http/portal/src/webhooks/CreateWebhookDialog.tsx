import { useTranslation } from "react-i18next"
import { useRequestKey } from "../api/useRequestKey.ts"
import { SecretDialog } from "../ui/SecretDialog.tsx"
import { ANY_EVENT } from "./events.ts"
import { WebhookForm } from "./WebhookForm.tsx"
import { useCreateWebhook, type WebhookFields } from "./webhooks.ts"

const BLANK: WebhookFields = { url: "", description: null, events: [ANY_EVENT] }

interface Props {
  readonly opened: boolean
  readonly onClose: () => void
}

export const CreateWebhookDialog = ({ onClose, opened }: Props) => {
  const { t } = useTranslation("webhooks")
  const create = useCreateWebhook()
  const { answered, keyFor } = useRequestKey()

  const close = () => {
    create.reset()
    onClose()
  }
  return (
    <SecretDialog
      opened={opened}
      onClose={close}
      title={t("form.createTitle")}
      secretTitle={t("secret.madeTitle")}
      label={t("secret.label")}
      warning={t("secret.warning")}
      secret={create.data?.webhook.secret ?? null}
      pending={create.isPending}
    >
      <WebhookForm
        initial={BLANK}
        submitLabel={t("form.createSubmit")}
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
