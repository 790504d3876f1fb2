import { Alert, Button, Stack, Text } from "@mantine/core"
import { IconLetterCase } from "@tabler/icons-react"
import { toPlain, type UnicodeCharacter } from "@cliqtel/sms-core/segment"
import { useTranslation } from "react-i18next"
import { distinct, stretchesOf } from "./counter.ts"
import classes from "./UnicodeNotice.module.css"

interface Props {
  readonly body: string
  readonly unicode: ReadonlyArray<UnicodeCharacter>
  readonly onReplace: (body: string) => void
}

/** Which characters make the text dearer, where they are, and what could be written in their place. */
export const UnicodeNotice = ({ body, onReplace, unicode }: Props) => {
  const { t } = useTranslation("sms")
  return (
    <Alert
      mt="xs"
      color="yellow"
      variant="light"
      icon={<IconLetterCase aria-hidden />}
      title={t("write.unicode.title")}
      data-testid="unicode"
    >
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t("write.unicode.text")}</Text>
        <ul className={classes.characters}>
          {distinct(unicode).map(({ plain, text }) => (
            <li key={text}>
              {plain === undefined
                ? t("write.unicode.stays", { character: text })
                : plain === ""
                  ? t("write.unicode.goes", { character: codesOf(text) })
                  : t("write.unicode.becomes", { character: shown(text), plain: plain === " " ? "␠" : plain })}
            </li>
          ))}
        </ul>
        <Text size="sm" dir="auto" className={classes.text} role="group" aria-label={t("write.unicode.preview")}>
          {[...stretchesOf(body, unicode).entries()].map(([index, { isUnicode, text }]) =>
            isUnicode ? <mark key={index}>{text}</mark> : <span key={index}>{text}</span>
          )}
        </Text>
        {unicode.some(({ plain }) => plain !== undefined) && (
          <Button size="xs" variant="default" onClick={() => onReplace(toPlain(body))}>
            {t("write.unicode.replace")}
          </Button>
        )}
      </Stack>
    </Alert>
  )
}

/** What cannot be seen is named by its code. */
const shown = (text: string): string => (/^[\p{Z}\p{C}]*$/u.test(text) ? codesOf(text) : text)

const codesOf = (text: string): string =>
  Array.from(text, (point) => `U+${(point.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`).join(" ")
