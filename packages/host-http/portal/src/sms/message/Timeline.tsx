import { Group, Text } from "@mantine/core"
import { useTranslation } from "react-i18next"
import type { Answer } from "../../api/contract.ts"
import { ShortMoment } from "../../ui/ShortMoment.tsx"
import { StatusBadge } from "../../ui/StatusBadge.tsx"
import classes from "./MessageView.module.css"

const SOURCES = ["api", "dispatcher", "carrier"] as const

/** What was heard of a message, in its order; also what came too late to change anything. */
export const Timeline = ({ entries }: { readonly entries: Answer<"sms.get">["timeline"] }) => {
  const { t } = useTranslation("sms")
  return (
    <ol className={classes.timeline}>
      {Object.entries(entries).map(([place, { at, detail, source, status }]) => {
        const known = SOURCES.find((name) => name === source)
        return (
          // Two reports may be alike in all but their place.
          <li key={place}>
            <Group gap="xs">
              <StatusBadge status={status} />
              <Text size="sm" c="dimmed">
                {known === undefined ? source : t(`message.source.${known}`)}
              </Text>
              <Text size="sm" c="dimmed">
                <ShortMoment at={at} />
              </Text>
            </Group>
            {detail !== null && (
              <Text size="sm" mt={4} dir="auto">
                {detail}
              </Text>
            )}
          </li>
        )
      })}
    </ol>
  )
}
