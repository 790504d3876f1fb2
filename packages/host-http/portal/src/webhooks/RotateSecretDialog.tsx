import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import { Confirmation } from "../ui/Confirmation.tsx"
import { SecretDialog } from "../ui/SecretDialog.tsx"
import { useRotateSecret, type Webhook } from "./webhooks.ts"

const OVERLAP_MILLIS = 24 * 60 * 60 * 1000

interface Props {
  readonly webhook: Webhook
  readonly opened: boolean
  readonly onClose: () => void
}

export const RotateSecretDialog = ({ onClose, opened, webhook }: Props) => {
  const { t } = useTranslation("webhooks")
  const rotate = useRotateSecret(webhook.id)

  const close = () => {
    rotate.reset()
    onClose()
  }
  return (
    <SecretDialog
      opened={opened}
      onClose={close}
      title={t("rotate.title")}
      secretTitle={t("secret.newTitle")}
      label={t("secret.label")}
      warning={t("secret.warning")}
      secret={rotate.data?.webhook.secret ?? null}
      pending={rotate.isPending}
    >
      <Question pending={rotate.isPending} error={rotate.error} onConfirm={() => rotate.mutate()} onCancel={close} />
    </SecretDialog>
  )
}

interface QuestionProps {
  readonly pending: boolean
  readonly error: Error | null
  readonly onConfirm: () => void
  readonly onCancel: () => void
}

const Question = (props: QuestionProps) => {
  const { t } = useTranslation("webhooks")
  const { moment } = useFormat()
  const [until] = useState(() => new Date(Date.now() + OVERLAP_MILLIS).toISOString())
  return (
    <Confirmation {...props} text={t("rotate.text", { moment: moment(until) })} confirmLabel={t("rotate.confirm")} />
  )
}
