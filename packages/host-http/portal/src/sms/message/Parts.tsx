import { Text } from "@mantine/core"
import { split } from "@cliqtel/sms-core/segment"
import { useTranslation } from "react-i18next"
import type { Message } from "../messages.ts"
import classes from "./MessageView.module.css"

/** A long text as it travels: in parts that the phone puts together. */
export const Parts = ({ message: { body, direction } }: { readonly message: Message }) => {
  const { t } = useTranslation("sms")
  const parts = split(body)
  if (parts.length === 1) return null
  return (
    <Text component="details" size="sm" mt="sm">
      <summary>
        {t(direction === "inbound" ? "message.partsReceived" : "message.parts", { count: parts.length })}
      </summary>
      <ol className={classes.parts}>
        {[...parts.entries()].map(([index, part]) => (
          // Parts have no name but their place.
          <li key={index}>
            <Text size="xs" c="dimmed">
              {t("message.part", { part: index + 1, parts: parts.length })}
            </Text>
            <Text size="sm" className={classes.part} dir="auto">
              {part}
            </Text>
          </li>
        ))}
      </ol>
    </Text>
  )
}
