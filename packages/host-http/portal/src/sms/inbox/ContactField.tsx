import { ActionIcon, TextInput } from "@mantine/core"
import { IconSearch } from "@tabler/icons-react"
import { type FormEvent, useState } from "react"
import { useTranslation } from "react-i18next"
import { readNumber } from "../readNumber.ts"

interface Props {
  readonly contact: string | undefined
  readonly onChange: (contact: string | undefined) => void
}

/** Finds the messages to and from one person. */
export const ContactField = ({ contact, onChange }: Props) => {
  const { t } = useTranslation("sms")
  const [text, setText] = useState(contact ?? "")
  const [wrong, setWrong] = useState(false)

  const apply = (event?: FormEvent) => {
    event?.preventDefault()
    const number = readNumber(text)
    const nothing = text.trim() === ""
    setWrong(!nothing && number === undefined)
    if ((nothing || number !== undefined) && number !== contact) onChange(number)
  }

  return (
    <form role="search" onSubmit={apply}>
      <TextInput
        type="tel"
        label={t("filter.contact")}
        placeholder={t("filter.contactHint")}
        value={text}
        onChange={({ currentTarget: { value } }) => {
          setText(value)
          setWrong(false)
        }}
        onBlur={() => apply()}
        error={wrong ? t("filter.contactWrong") : undefined}
        rightSection={
          <ActionIcon type="submit" variant="subtle" aria-label={t("filter.search")} title={t("filter.search")}>
            <IconSearch size={18} aria-hidden />
          </ActionIcon>
        }
        autoComplete="off"
        dir="ltr"
      />
    </form>
  )
}
