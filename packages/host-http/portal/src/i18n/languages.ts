/** The languages of the portal, by BCP 47 tag, each under its own name. */
export const LANGUAGES = {
  en: { name: "English", direction: "ltr" },
  nl: { name: "Nederlands", direction: "ltr" },
  de: { name: "Deutsch", direction: "ltr" },
  fr: { name: "Français", direction: "ltr" },
  es: { name: "Español", direction: "ltr" },
  pt: { name: "Português", direction: "ltr" },
  ar: { name: "العربية", direction: "rtl" },
  zh: { name: "中文", direction: "ltr" },
  ja: { name: "日本語", direction: "ltr" },
  hi: { name: "हिन्दी", direction: "ltr" }
} as const

export type Language = keyof typeof LANGUAGES

export const isLanguage = (tag: string | null | undefined): tag is Language =>
  tag !== null && tag !== undefined && Object.hasOwn(LANGUAGES, tag)

const KEPT = "cliqtel.language"

/** The one that was chosen before, else the first that the browser asks for and that we have. */
export const preferredLanguage = (): Language => {
  const chosen = localStorage.getItem(KEPT)
  if (isLanguage(chosen)) return chosen
  return navigator.languages.map((tag) => tag.toLowerCase().split("-")[0]).find(isLanguage) ?? "en"
}

export const keepLanguage = (language: Language): void => localStorage.setItem(KEPT, language)
