import { NativeSelect } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../i18n/useFormat.ts"
import { useFieldError } from "./useFieldError.tsx"
import type { Composer } from "./useComposer.ts"

/** The account's numbers that can send. */
export const FromField = ({ composer }: { readonly composer: Composer }) => {
  const { t } = useTranslation("sms")
  const format = useFormat()
  const { change, draft, onKeyDown, senders } = composer
  return (
    <NativeSelect
      label={t("write.from")}
      value={draft.from ?? ""}
      onChange={({ currentTarget: { value } }) => change({ from: value === "" ? undefined : Number(value) })}
      onKeyDown={onKeyDown}
      error={useFieldError(composer, "from")}
      disabled={senders.data === undefined}
      required
      withAsterisk={false}
    >
      {draft.from === undefined && <option value="">{t("write.choose")}</option>}
      {senders.data?.numbers.map(({ country, id, number }) => (
        <option key={id} value={id}>
          {t("write.sender", { number: format.phone(number), country: format.country(country) })}
        </option>
      ))}
    </NativeSelect>
  )
}
