import { Alert, Button, Group, Stack, Text, TextInput } from "@mantine/core"
import { IconAlertTriangle, IconCheck, IconCopy } from "@tabler/icons-react"
import { useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { copyFrom } from "./copyFrom.ts"

export interface SecretProps {
  readonly label: string
  readonly warning: string
  readonly secret: string
  readonly onStored: () => void
}

/** A secret that is shown this one time, as it stands in a dialog. */
export const Secret = ({ label, onStored, secret, warning }: SecretProps) => {
  const { t } = useTranslation()
  const field = useRef<HTMLInputElement>(null)
  const [copied, setCopied] = useState<boolean>()

  const copy = async () => {
    if (field.current !== null) setCopied(await copyFrom(field.current))
  }

  return (
    <Stack>
      <Alert color="yellow" variant="light" icon={<IconAlertTriangle aria-hidden />}>
        {warning}
      </Alert>
      <Group align="flex-end" gap="xs">
        <TextInput
          ref={field}
          label={label}
          value={secret}
          readOnly
          flex="1 1 16rem"
          dir="ltr"
          styles={{ input: { fontFamily: "var(--mantine-font-family-monospace)" } }}
          spellCheck={false}
          autoComplete="off"
          data-testid="secret"
          onFocus={(event) => event.currentTarget.select()}
        />
        <Button
          ref={focus}
          variant="default"
          leftSection={copied === true ? <IconCheck size={16} aria-hidden /> : <IconCopy size={16} aria-hidden />}
          onClick={() => void copy()}
        >
          {t(copied === true ? "action.copied" : "action.copy")}
        </Button>
      </Group>
      <Text size="sm" role="status" className={copied === false ? undefined : "visually-hidden"}>
        {copied === undefined ? "" : t(copied ? "action.copied" : "copyFailed")}
      </Text>
      <Group justify="flex-end">
        <Button onClick={onStored}>{t("stored")}</Button>
      </Group>
    </Stack>
  )
}

/** What had the focus has gone, so it would fall out of the dialog. */
const focus = (button: HTMLButtonElement | null) => button?.focus()
