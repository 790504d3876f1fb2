import { Checkbox, Fieldset, Input, Stack } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { ANY_EVENT, EVENT_GROUPS, EVENT_TEXTS, type Wanted } from "./events.ts"

interface Props {
  readonly chosen: ReadonlyArray<Wanted>
  readonly onChange: (chosen: ReadonlyArray<Wanted>) => void
  readonly error: string | undefined
}

/** Which events a webhook wants: all, or some. */
export const EventChoice = ({ chosen, error, onChange }: Props) => {
  const { t } = useTranslation("webhooks")
  const all = chosen.includes(ANY_EVENT)
  const choose = (event: Wanted, wanted: boolean) =>
    onChange(wanted ? [...chosen, event] : chosen.filter((other) => other !== event))

  return (
    <Fieldset legend={t("form.events")}>
      <Stack>
        <Checkbox
          label={t("allEvents")}
          description={t("form.allEventsHint")}
          checked={all}
          onChange={(event) => choose(ANY_EVENT, event.currentTarget.checked)}
        />
        {EVENT_GROUPS.map(({ events, name }) => (
          <Fieldset key={name} variant="unstyled" legend={t(`group.${name}`)} disabled={all}>
            <Stack gap="sm" pt="xs">
              {events.map((event) => (
                <Checkbox
                  key={event}
                  label={event}
                  description={t(`event.${EVENT_TEXTS[event]}`)}
                  checked={all || chosen.includes(event)}
                  onChange={({ currentTarget: { checked } }) => choose(event, checked)}
                />
              ))}
            </Stack>
          </Fieldset>
        ))}
        {error !== undefined && <Input.Error role="alert">{error}</Input.Error>}
      </Stack>
    </Fieldset>
  )
}
