import { Button, Group, Stack, Text } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { ProblemAlert } from "./ProblemAlert.tsx"

export interface ConfirmationProps {
  /** What will happen. */
  readonly text: string
  /** Says what it does, not "OK". */
  readonly confirmLabel: string
  /** Whether something is lost by it. */
  readonly danger?: boolean
  readonly pending: boolean
  readonly error: Error | null
  readonly onConfirm: () => void
  readonly onCancel: () => void
}

/** A question before something is done, as it stands in a dialog. The focus begins where nothing happens. */
export const Confirmation = (props: ConfirmationProps) => {
  const { confirmLabel, danger = false, error, onCancel, onConfirm, pending, text } = props
  const { t } = useTranslation()
  return (
    <Stack>
      <Text style={{ overflowWrap: "anywhere" }}>{text}</Text>
      {error !== null && <ProblemAlert error={error} />}
      <Group justify="flex-end">
        <Button variant="default" onClick={onCancel} disabled={pending} data-autofocus>
          {t("action.cancel")}
        </Button>
        <Button {...(danger ? { color: "red.8" } : {})} onClick={onConfirm} loading={pending}>
          {confirmLabel}
        </Button>
      </Group>
    </Stack>
  )
}
