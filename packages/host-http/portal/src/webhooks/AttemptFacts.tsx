import { Code, Group, Text } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import type { Attempt } from "./deliveries.ts"

/** When it was tried, how long it took and what came back. */
export const AttemptFacts = ({ attempt }: { readonly attempt: Attempt }) => {
  const { t } = useTranslation("webhooks")
  const { exact, number } = useFormat()
  const { at, duration_ms, error, response_body, status_code } = attempt
  return (
    <li>
      <Group gap="xs">
        <Text span size="sm">
          <time dateTime={at}>{exact(at)}</time>
        </Text>
        <Text span size="sm" fw={600}>
          {status_code === null ? t("deliveries.noAnswer") : t("deliveries.code", { code: status_code })}
        </Text>
        <Text span size="sm" c="dimmed">
          {t("deliveries.duration", { millis: number(duration_ms) })}
        </Text>
      </Group>
      {error !== null && status_code === null && (
        // The host's own words, which are English.
        <Text size="sm" lang="en" dir="ltr">
          {error}
        </Text>
      )}
      {response_body !== null && response_body !== "" && (
        <>
          <Text size="xs" c="dimmed">
            {t("deliveries.body")}
          </Text>
          <Code block dir="auto" style={{ whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {response_body}
          </Code>
        </>
      )}
    </li>
  )
}
