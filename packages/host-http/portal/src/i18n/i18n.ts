/** All that the portal says comes from the catalogues in locales/, one bundle for each language, loaded when it is used. */
import i18next from "i18next"
import { initReactI18next } from "react-i18next"
import { isLanguage, keepLanguage, type Language, LANGUAGES, preferredLanguage } from "./languages.ts"
import type { catalogue } from "./locales/en/index.ts"

type Catalogue = typeof catalogue

declare module "i18next" {
  interface CustomTypeOptions {
    defaultNS: "common"
    resources: Catalogue
  }
}

const bundles = import.meta.glob<{ readonly catalogue: Catalogue }>("./locales/*/index.ts")

const load = async (language: Language): Promise<void> => {
  const bundle = bundles[`./locales/${language}/index.ts`]
  if (bundle === undefined || i18next.hasResourceBundle(language, "common")) return
  const { catalogue } = await bundle()
  for (const [name, texts] of Object.entries(catalogue)) i18next.addResourceBundle(language, name, texts)
}

const turn = (language: Language): void => {
  document.documentElement.lang = language
  document.documentElement.dir = LANGUAGES[language].direction
}

export const startI18n = async (): Promise<void> => {
  const language = preferredLanguage()
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: "common",
    ns: ["common"],
    resources: {},
    // React escapes what it renders.
    interpolation: { escapeValue: false }
  })
  await load(language)
  turn(language)
}

export const speak = async (language: Language): Promise<void> => {
  await load(language)
  await i18next.changeLanguage(language)
  turn(language)
  keepLanguage(language)
}

export const languageOf = (tag: string): Language => (isLanguage(tag) ? tag : "en")
