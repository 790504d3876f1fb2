import { Button, Group, Stack, Text, Textarea } from "@mantine/core"
import { type FormEvent, useState } from "react"
import { useTranslation } from "react-i18next"
import { isRefused } from "../api/isRefused.ts"
import { useFormat } from "../i18n/useFormat.ts"
import { ProblemAlert } from "../ui/ProblemAlert.tsx"
import { Section } from "../ui/Section.tsx"
import { Told } from "../ui/Told.tsx"
import { ownDirection } from "../ui/ownDirection.ts"
import { MAX_CHARACTERS, measure } from "./helpText.ts"
import { type PhoneNumber, useChangeHelpText } from "./numbers.ts"

/** What a number answers to HELP. */
export const HelpTextForm = ({ number }: { readonly number: PhoneNumber }) => {
  const { t } = useTranslation("numbers")
  const { t: common } = useTranslation()
  const format = useFormat()
  const [text, setText] = useState(number.help_text ?? "")
  const [tried, setTried] = useState(false)
  const change = useChangeHelpText(number.id)
  const { characters, refusal, segments } = measure(text)
  const max = format.number(MAX_CHARACTERS)

  const write = (next: string) => {
    setText(next)
    setTried(false)
    change.reset()
  }
  const save = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (refusal === undefined) change.mutate(text)
  }
  const remove = () => {
    setTried(false)
    change.mutate(null, { onSuccess: () => setText("") })
  }

  // What the host says of the field is English, and is about characters that nobody sees.
  const refused = isRefused(change.error, "help_text")
  const error = tried && refusal !== undefined ? t(`help.${refusal}`, { max }) : refused ? t("help.refused") : undefined
  const done = change.isSuccess ? t(change.variables === null ? "help.removed" : "help.saved") : ""
  return (
    <Section title={t("help.title")} intro={t("help.intro")}>
      <form onSubmit={save} noValidate>
        <Stack gap="sm">
          <Textarea
            label={t("help.label")}
            value={text}
            onChange={(event) => write(event.currentTarget.value)}
            error={error}
            rows={4}
            {...ownDirection(text)}
          />
          <Group justify="space-between" gap="xs">
            <Text size="xs" c="dimmed">
              {characters === 0 ? t("help.empty") : t("help.characters", { count: characters, max })}
            </Text>
            {segments > 0 && (
              <Text size="xs" c="dimmed">
                {t("help.segments", { count: segments })}
              </Text>
            )}
          </Group>
          {change.error !== null && !refused && <ProblemAlert error={change.error} />}
          <Group justify="space-between">
            <Told>{done}</Told>
            <Group gap="xs">
              {number.help_text !== null && (
                <Button variant="default" onClick={remove} disabled={change.isPending}>
                  {t("help.remove")}
                </Button>
              )}
              <Button type="submit" loading={change.isPending} disabled={text === (number.help_text ?? "")}>
                {common("action.save")}
              </Button>
            </Group>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}
