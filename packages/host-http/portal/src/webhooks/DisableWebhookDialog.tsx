import { useTranslation } from "react-i18next"
import { isolated } from "../i18n/isolated.ts"
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx"
import { useChangeWebhook, type Webhook } from "./webhooks.ts"

interface Props {
  readonly webhook: Webhook
  readonly opened: boolean
  readonly onClose: () => void
}

export const DisableWebhookDialog = ({ onClose, opened, webhook }: Props) => {
  const { t } = useTranslation("webhooks")
  const disable = useChangeWebhook(webhook.id)

  const close = () => {
    disable.reset()
    onClose()
  }
  return (
    <ConfirmDialog
      opened={opened}
      onClose={close}
      title={t("disable.title")}
      text={t("disable.text", { url: isolated(webhook.url) })}
      confirmLabel={t("disable.confirm")}
      danger
      pending={disable.isPending}
      error={disable.error}
      onConfirm={() => disable.mutate({ enabled: false }, { onSuccess: close })}
    />
  )
}
