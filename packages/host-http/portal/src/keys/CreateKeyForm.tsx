import { Button, Checkbox, Group, Stack, Text, TextInput } from "@mantine/core"
import { type FormEvent, useEffect, useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import type { Request } from "../api/contract.ts"
import { isRefused } from "../api/isRefused.ts"
import type { Session } from "../session/session.ts"
import { focusFault } from "../ui/focusFault.ts"
import { ownDirection } from "../ui/ownDirection.ts"
import { ProblemAlert } from "../ui/ProblemAlert.tsx"
import { type Scope, SCOPE_TEXTS, SCOPES } from "./scopes.ts"

const MAX_NAME = 100

interface Props {
  /** A key is given no scope that whoever makes it lacks. */
  readonly session: Session
  readonly pending: boolean
  readonly error: Error | null
  readonly onSubmit: (request: Request<"keys.create">["payload"]) => void
  readonly onCancel: () => void
}

export const CreateKeyForm = ({ error, onCancel, onSubmit, pending, session }: Props) => {
  const { t } = useTranslation("keys")
  const { t: common } = useTranslation()
  const [name, setName] = useState("")
  const [scopes, setScopes] = useState<ReadonlyArray<Scope>>(session.scopes)
  const [tried, setTried] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const nameMissing = name.trim() === ""
  const nameRefused = isRefused(error, "name")

  useEffect(() => {
    if (error !== null) focusFault(form.current)
  }, [error])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    focusFault(form.current)
    if (!nameMissing && scopes.length > 0) {
      onSubmit({ name: name.trim(), scopes: SCOPES.filter((scope) => scopes.includes(scope)) })
    }
  }
  const nameError = tried && nameMissing ? common("required") : nameRefused ? t("form.nameRefused") : undefined

  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          label={t("form.name")}
          description={t("form.nameHint")}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
          error={nameError}
          maxLength={MAX_NAME}
          autoComplete="off"
          {...ownDirection(name)}
          data-autofocus
        />
        <Checkbox.Group
          label={t("form.scopes")}
          value={[...scopes]}
          onChange={setScopes}
          error={tried && scopes.length === 0 ? t("form.scopesMissing") : undefined}
        >
          <Stack gap="sm" py="xs">
            {SCOPES.filter((scope) => session.scopes.includes(scope)).map((scope) => (
              <Checkbox
                key={scope}
                value={scope}
                label={t(`scope.${SCOPE_TEXTS[scope]}.title`)}
                description={t(`scope.${SCOPE_TEXTS[scope]}.text`)}
              />
            ))}
          </Stack>
        </Checkbox.Group>
        <Text size="sm">{t(session.account.mode === "live" ? "form.liveHint" : "form.testHint")}</Text>
        {error !== null && !nameRefused && <ProblemAlert error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel} disabled={pending}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" loading={pending}>
            {t("form.submit")}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
