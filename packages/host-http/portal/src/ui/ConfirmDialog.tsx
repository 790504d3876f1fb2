import { Modal } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { Confirmation, type ConfirmationProps } from "./Confirmation.tsx"

interface Props extends Omit<ConfirmationProps, "onCancel"> {
  readonly opened: boolean
  readonly title: string
  readonly onClose: () => void
}

/** Asks before something is done. It stays while that is under way, and if it fails says why. */
export const ConfirmDialog = ({ onClose, opened, title, ...question }: Props) => {
  const { t } = useTranslation()
  const close = () => {
    if (!question.pending) onClose()
  }
  return (
    <Modal
      opened={opened}
      onClose={close}
      title={title}
      centered
      closeButtonProps={{ "aria-label": t("action.close") }}
    >
      <Confirmation {...question} onCancel={close} />
    </Modal>
  )
}
