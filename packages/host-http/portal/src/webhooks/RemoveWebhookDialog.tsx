import { useNavigate } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { isolated } from "../i18n/isolated.ts"
import { ConfirmDialog } from "../ui/ConfirmDialog.tsx"
import { useRemoveWebhook, type Webhook } from "./webhooks.ts"

interface Props {
  readonly webhook: Webhook
  readonly opened: boolean
  readonly onClose: () => void
}

export const RemoveWebhookDialog = ({ onClose, opened, webhook }: Props) => {
  const { t } = useTranslation("webhooks")
  const navigate = useNavigate()
  const remove = useRemoveWebhook(webhook.id)

  const close = () => {
    remove.reset()
    onClose()
  }
  return (
    <ConfirmDialog
      opened={opened}
      onClose={close}
      title={t("remove.title")}
      text={t("remove.text", { url: isolated(webhook.url) })}
      confirmLabel={t("remove.confirm")}
      danger
      pending={remove.isPending}
      error={remove.error}
      onConfirm={() => remove.mutate(undefined, { onSuccess: () => void navigate({ to: "/webhooks" }) })}
    />
  )
}
