import { NativeSelect } from "@mantine/core"
import { IconLanguage } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { speak } from "../i18n/i18n.ts"
import { isLanguage, LANGUAGES } from "../i18n/languages.ts"

/** A select of the browser's own: it works on every device, and costs the first load nothing. */
export const LanguageSelect = () => {
  const { i18n, t } = useTranslation()
  return (
    <NativeSelect
      aria-label={t("header.language")}
      leftSection={<IconLanguage size={18} aria-hidden />}
      className="language"
      w={{ base: 36, xs: 150 }}
      value={i18n.language}
      onChange={({ currentTarget: { value } }) => {
        if (isLanguage(value)) void speak(value)
      }}
    >
      {Object.entries(LANGUAGES).map(([tag, { name }]) => (
        <option key={tag} value={tag} lang={tag}>
          {name}
        </option>
      ))}
    </NativeSelect>
  )
}
