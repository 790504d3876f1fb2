import { useTranslation } from "react-i18next"
import { languageOf } from "./i18n.ts"
import { LANGUAGES } from "./languages.ts"

/** Which way the reader's language runs. */
export const useDirection = () => {
  const { i18n } = useTranslation()
  return LANGUAGES[languageOf(i18n.language)].direction
}
