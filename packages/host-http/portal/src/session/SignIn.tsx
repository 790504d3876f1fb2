import { Alert, Button, Center, Divider, Group, Paper, PasswordInput, Stack, Text, Title } from "@mantine/core"
import { useDocumentTitle } from "@mantine/hooks"
import { type FormEvent, useId, useState } from "react"
import { useTranslation } from "react-i18next"
import { ApiProblem } from "../api/problem.ts"
import { LanguageSelect } from "../layout/LanguageSelect.tsx"
import { Logo } from "../layout/Logo.tsx"
import { ThemeToggle } from "../layout/ThemeToggle.tsx"
import { ProblemAlert } from "../ui/ProblemAlert.tsx"
import { useSignIn } from "./session.ts"

interface Props {
  readonly demo: boolean
  /** Whether a session was there before. */
  readonly ended: boolean
}

export const SignIn = ({ demo, ended }: Props) => {
  const { t } = useTranslation("session")
  const [key, setKey] = useState("")
  const [missing, setMissing] = useState(false)
  const signIn = useSignIn()
  const title = useId()
  useDocumentTitle(t("title"))

  const submit = (event: FormEvent) => {
    event.preventDefault()
    const trimmed = key.trim()
    setMissing(trimmed === "")
    if (trimmed !== "") signIn.mutate({ api_key: trimmed })
  }
  const wrong = signIn.error instanceof ApiProblem && signIn.error.code === "unauthorized"
  const keyError = missing ? t("keyMissing") : wrong ? t("keyWrong") : undefined

  return (
    <Center component="main" mih="100dvh" p="md">
      <Stack w="100%" maw={420} gap="lg">
        <Group justify="space-between">
          <Logo />
          <Group gap="xs">
            <LanguageSelect />
            <ThemeToggle />
          </Group>
        </Group>
        <Paper withBorder shadow="sm" p="xl" component="section" aria-labelledby={title}>
          <Stack>
            <div>
              <Title order={1} size="h2" id={title}>
                {t("title")}
              </Title>
              <Text c="dimmed">{t("intro")}</Text>
            </div>
            {ended && <Alert color="yellow">{t("ended")}</Alert>}
            {demo && (
              <Stack gap="xs">
                <Text size="sm">{t("demoHint")}</Text>
                <Button onClick={() => signIn.mutate({ demo: "live" })} loading={signIn.isPending}>
                  {t("demo")}
                </Button>
                <Button variant="default" onClick={() => signIn.mutate({ demo: "test" })} disabled={signIn.isPending}>
                  {t("demoTest")}
                </Button>
                <Divider label={t("or")} />
              </Stack>
            )}
            <form onSubmit={submit} noValidate>
              <Stack>
                <PasswordInput
                  label={t("key")}
                  description={t("keyHint")}
                  value={key}
                  onChange={(event) => setKey(event.currentTarget.value)}
                  error={keyError}
                  // Mantine's other inputs say so by themselves.
                  aria-invalid={keyError !== undefined}
                  autoComplete="current-password"
                  spellCheck={false}
                  dir="ltr"
                />
                <Button type="submit" variant={demo ? "default" : "filled"} loading={signIn.isPending}>
                  {t("submit")}
                </Button>
              </Stack>
            </form>
            {signIn.error !== null && !wrong && <ProblemAlert error={signIn.error} />}
          </Stack>
        </Paper>
      </Stack>
    </Center>
  )
}
