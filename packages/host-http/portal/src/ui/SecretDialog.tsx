import { Modal } from "@mantine/core"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { Secret, type SecretProps } from "./Secret.tsx"

interface Props extends Omit<SecretProps, "secret" | "onStored"> {
  readonly opened: boolean
  readonly onClose: () => void
  /** Of what leads to the secret. */
  readonly title: string
  readonly secretTitle: string
  /** Null until it is made. */
  readonly secret: string | null
  /** Whether it is being made: then nothing closes the dialog, lest the secret is never seen. */
  readonly pending: boolean
  /** What leads to the secret: a form, or a question. */
  readonly children: ReactNode
}

/** Makes a secret and shows it, once: from there on only a deliberate click closes the dialog. */
export const SecretDialog = (props: Props) => {
  const { children, label, onClose, opened, pending, secret, secretTitle, title, warning } = props
  const { t } = useTranslation()
  const held = pending || secret !== null
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={secret === null ? title : secretTitle}
      size="lg"
      // A click beside it would take what was filled in.
      closeOnClickOutside={false}
      closeOnEscape={!held}
      withCloseButton={!held}
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      {secret === null ? children : <Secret label={label} warning={warning} secret={secret} onStored={onClose} />}
    </Modal>
  )
}
