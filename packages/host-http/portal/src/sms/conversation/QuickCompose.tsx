import { Button, Group, Stack } from "@mantine/core"
import { IconSend } from "@tabler/icons-react"
import { type FormEvent, useState } from "react"
import { useTranslation } from "react-i18next"
import { BodyField } from "../compose/BodyField.tsx"
import { FieldProblem } from "../compose/FieldProblem.tsx"
import { FromField } from "../compose/FromField.tsx"
import { Price } from "../compose/Price.tsx"
import { SendProblem } from "../compose/SendProblem.tsx"
import { useComposer } from "../compose/useComposer.ts"
import classes from "./QuickCompose.module.css"

interface Props {
  readonly person: string
  /** The own number that was written with last. */
  readonly usual: number | undefined
  readonly onSent: () => void
}

/** The compose window without its first steps: who is written to is known. */
export const QuickCompose = ({ onSent, person, usual }: Props) => {
  const { t } = useTranslation("sms")
  const [wish] = useState({ to: person })
  const composer = useComposer({ person, wish, usual, onSent })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    composer.submit()
  }
  return (
    <form onSubmit={submit} noValidate>
      <Stack gap="xs">
        <div className={classes.fields}>
          <BodyField composer={composer} minRows={2} />
          <FromField composer={composer} />
        </div>
        {composer.failure?.place === "to" && (
          <div role="alert" className={classes.problem}>
            <FieldProblem error={composer.failure.error} />
          </div>
        )}
        <SendProblem composer={composer} />
        <Group justify="space-between" align="flex-start">
          <Price composer={composer} />
          <Button type="submit" loading={composer.isSending} leftSection={<IconSend size={18} aria-hidden />}>
            {t("write.send")}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
