import { Alert, Button, Code, Stack, Text } from "@mantine/core"
import { IconAlertCircle } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useProblemText } from "./problemText.ts"

interface Props {
  readonly error: Error
  readonly onRetry?: (() => void) | undefined
  readonly retrying?: boolean
}

/** What went wrong, in the product's words, and what to do. */
export const ProblemAlert = ({ error, onRetry, retrying = false }: Props) => {
  const { t } = useTranslation()
  const { requestId, text, title } = useProblemText()(error, onRetry !== undefined)
  return (
    <Alert role="alert" color="red" variant="light" icon={<IconAlertCircle aria-hidden />} title={title}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{text}</Text>
        {requestId !== undefined && (
          <Text size="xs" c="dimmed">
            <Code>{t("requestId", { id: requestId })}</Code>
          </Text>
        )}
        {onRetry !== undefined && (
          <Button size="xs" variant="default" onClick={onRetry} loading={retrying}>
            {t("action.retry")}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}
