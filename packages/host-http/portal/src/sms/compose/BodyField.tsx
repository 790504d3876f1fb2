import { Textarea } from "@mantine/core"
import { useRef } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../i18n/useFormat.ts"
import { ownDirection } from "../../ui/ownDirection.ts"
import { MAX_CHARACTERS } from "./counter.ts"
import { UnicodeNotice } from "./UnicodeNotice.tsx"
import { useFieldError } from "./useFieldError.tsx"
import type { Composer } from "./useComposer.ts"
import classes from "./BodyField.module.css"

interface Props {
  readonly composer: Composer
  readonly minRows: number
}

/** The text, with what it comes to counted under it at each keystroke. */
export const BodyField = ({ composer, minRows }: Props) => {
  const { t } = useTranslation("sms")
  const format = useFormat()
  const { change, counter, draft, onKeyDown } = composer
  const { characters, encoding, isTooLong, remaining, segments } = counter
  const error = useFieldError(composer, "body")
  const field = useRef<HTMLTextAreaElement>(null)

  const replace = (body: string) => {
    field.current?.focus()
    field.current?.select()
    // As if it were typed, so that Ctrl+Z takes it back; nothing newer can do that.
    // oxlint-disable-next-line typescript/no-deprecated
    const isTyped = field.current !== null && body !== "" && document.execCommand("insertText", false, body)
    if (!isTyped) change({ body })
  }
  return (
    <div>
      <Textarea
        ref={field}
        label={t("write.message")}
        value={draft.body}
        onChange={({ currentTarget: { value } }) => change({ body: value })}
        onKeyDown={onKeyDown}
        aria-keyshortcuts="Control+Enter Meta+Enter"
        inputWrapperOrder={["label", "input", "description", "error"]}
        description={
          <span data-testid="counter" className={classes.counter}>
            <span>
              {t("write.characters", { characters: format.number(characters), most: format.number(MAX_CHARACTERS) })}
            </span>
            <span>{t(`encoding.${encoding}`)}</span>
            <span>{t("segments", { count: segments })}</span>
            <span>{t("write.left", { left: format.number(remaining) })}</span>
          </span>
        }
        error={error ?? (isTooLong ? t("write.tooLong", { most: format.number(MAX_CHARACTERS) }) : undefined)}
        autosize
        minRows={minRows}
        maxRows={14}
        {...ownDirection(draft.body)}
        required
        withAsterisk={false}
      />
      {counter.unicode.length > 0 && <UnicodeNotice body={draft.body} unicode={counter.unicode} onReplace={replace} />}
    </div>
  )
}
