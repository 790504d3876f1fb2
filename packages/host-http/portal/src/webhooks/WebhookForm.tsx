import { Button, Group, Stack, TextInput } from "@mantine/core"
import { type FormEvent, useEffect, useRef, useState } from "react"
import { useTranslation } from "react-i18next"
import { isRefused } from "../api/isRefused.ts"
import { focusFault } from "../ui/focusFault.ts"
import { ownDirection } from "../ui/ownDirection.ts"
import { ProblemAlert } from "../ui/ProblemAlert.tsx"
import { EventChoice } from "./EventChoice.tsx"
import type { Wanted } from "./events.ts"
import { urlFault } from "./urlFault.ts"
import type { WebhookFields } from "./webhooks.ts"

const MAX_URL = 2048
const MAX_DESCRIPTION = 256

interface Props {
  readonly initial: WebhookFields
  readonly submitLabel: string
  readonly pending: boolean
  readonly error: Error | null
  readonly onSubmit: (fields: WebhookFields) => void
  readonly onCancel: () => void
}

export const WebhookForm = ({ error, initial, onCancel, onSubmit, pending, submitLabel }: Props) => {
  const { t } = useTranslation("webhooks")
  const { t: common } = useTranslation()
  const [url, setUrl] = useState(initial.url)
  const [description, setDescription] = useState(initial.description ?? "")
  const [events, setEvents] = useState<ReadonlyArray<Wanted>>(initial.events)
  const [tried, setTried] = useState(false)
  const form = useRef<HTMLFormElement>(null)
  const fault = urlFault(url.trim())
  const urlRefused = isRefused(error, "url")
  const descriptionRefused = isRefused(error, "description")

  useEffect(() => {
    if (error !== null) focusFault(form.current)
  }, [error])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    focusFault(form.current)
    const text = description.trim()
    if (fault === null && events.length > 0) {
      onSubmit({ url: url.trim(), events, description: text === "" ? null : text })
    }
  }
  const urlError = tried && fault !== null ? t(`form.${fault}`) : urlRefused ? t("form.urlRefused") : undefined

  return (
    <form ref={form} onSubmit={submit} noValidate>
      <Stack>
        <TextInput
          type="url"
          label={t("form.url")}
          description={t("form.urlHint")}
          value={url}
          onChange={(event) => setUrl(event.currentTarget.value)}
          error={urlError}
          maxLength={MAX_URL}
          autoComplete="off"
          spellCheck={false}
          dir="ltr"
          data-autofocus
        />
        <TextInput
          label={t("form.description")}
          description={t("form.descriptionHint")}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
          error={descriptionRefused ? t("form.descriptionRefused") : undefined}
          maxLength={MAX_DESCRIPTION}
          autoComplete="off"
          {...ownDirection(description)}
        />
        <EventChoice
          chosen={events}
          onChange={setEvents}
          error={tried && events.length === 0 ? t("form.eventsMissing") : undefined}
        />
        {error !== null && !urlRefused && !descriptionRefused && <ProblemAlert error={error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={onCancel} disabled={pending}>
            {common("action.cancel")}
          </Button>
          <Button type="submit" loading={pending}>
            {submitLabel}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
