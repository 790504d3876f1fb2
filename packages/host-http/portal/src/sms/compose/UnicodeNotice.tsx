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
  const different = distinct(unicode)
  const staying = different.filter(({ plain }) => plain === undefined).map(({ text }) => text)
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
          {different.map(({ plain, text }) =>
            plain === undefined ? null : (
              <li key={text}>
                {plain === ""
                  ? t("write.unicode.goes", { character: codesOf(text) })
                  : t("write.unicode.becomes", { character: shown(text), plain: plain === " " ? "␠" : plain })}
              </li>
            )
          )}
          {staying.length > 0 && <li>{t("write.unicode.stays", { characters: someOf(staying) })}</li>}
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

/** A text in another script has no end of them. */
const MOST_NAMED = 12

const someOf = (characters: ReadonlyArray<string>): string =>
  [...characters.slice(0, MOST_NAMED), ...(characters.length > MOST_NAMED ? ["…"] : [])].join(" ")

/** What cannot be seen is named by its code. */
const shown = (text: string): string => (/^[\p{Z}\p{C}]*$/u.test(text) ? codesOf(text) : text)

const codesOf = (text: string): string =>
  Array.from(text, (point) => `U+${(point.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`).join(" ")
