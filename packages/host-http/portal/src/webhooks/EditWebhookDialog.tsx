import { Modal } from "@mantine/core"
import { useTranslation } from "react-i18next"
import type { Wanted } from "./events.ts"
import { WebhookForm } from "./WebhookForm.tsx"
import { useChangeWebhook, type Webhook } from "./webhooks.ts"

interface Props {
  readonly webhook: Webhook
  readonly opened: boolean
  readonly onClose: () => void
}

export const EditWebhookDialog = ({ onClose, opened, webhook }: Props) => {
  const { t } = useTranslation("webhooks")
  const { t: common } = useTranslation()
  const change = useChangeWebhook(webhook.id)
  const { description, url } = webhook
  // The host lists what it once took from such a request.
  const events = webhook.events as ReadonlyArray<Wanted>

  const close = () => {
    if (change.isPending) return
    change.reset()
    onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={t("form.editTitle")}
      size="lg"
      closeOnClickOutside={false}
      closeButtonProps={{ "aria-label": common("action.close") }}
    >
      <WebhookForm
        initial={{ url, description, events }}
        submitLabel={t("form.editSubmit")}
        pending={change.isPending}
        error={change.error}
        onCancel={close}
        onSubmit={(fields) => change.mutate(fields, { onSuccess: onClose })}
      />
    </Modal>
  )
}
