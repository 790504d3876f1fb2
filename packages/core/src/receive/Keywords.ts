/**
 * Words by which a person stops a number, starts it again, or asks for help: English everywhere, and those of the
 * countries of the number and of the person. Only a message that is nothing but the word counts: "stop", not "please
 * stop by". Case, spaces, punctuation and accents are forgiven.
 */
import type { CountryCode } from "../PhoneNumber.ts"

export type Keyword = "stop" | "start" | "help"

type Words = Readonly<Record<Keyword, string>>

const EVERYWHERE: Words = {
  stop: "STOP STOPALL UNSUBSCRIBE CANCEL END QUIT REVOKE OPTOUT",
  start: "START UNSTOP OPTIN SUBSCRIBE",
  help: "HELP INFO"
}

const DUTCH: Words = { stop: "AFMELDEN UITSCHRIJVEN", start: "AANMELDEN INSCHRIJVEN", help: "HULP" }
const FRENCH: Words = { stop: "ARRET ARRETER DESABONNER DESINSCRIRE", start: "REPRENDRE ABONNER", help: "AIDE" }
const GERMAN: Words = { stop: "STOPP ABMELDEN ABBESTELLEN", start: "ANMELDEN ABONNIEREN", help: "HILFE" }
const ITALIAN: Words = { stop: "FERMA ANNULLA CANCELLAMI DISISCRIVI", start: "INIZIA ISCRIVI", help: "AIUTO" }
const SPANISH: Words = { stop: "BAJA PARAR ALTO CANCELAR", start: "ALTA INICIAR", help: "AYUDA" }
const PORTUGUESE: Words = { stop: "PARAR SAIR CANCELAR REMOVER", start: "INICIAR VOLTAR", help: "AJUDA" }
const SWEDISH: Words = { stop: "STOPP AVSLUTA AVANMAL", start: "STARTA", help: "HJALP" }
const NORWEGIAN: Words = { stop: "STOPP AVSLUTT AVMELD", start: "STARTE", help: "HJELP" }
const DANISH: Words = { stop: "STOPP AFMELD", start: "TILMELD", help: "HJAELP" }
const FINNISH: Words = { stop: "LOPETA SEIS", start: "ALOITA", help: "APUA OHJE" }
const POLISH: Words = { stop: "REZYGNUJE WYPISZ", start: "ZAPISZ", help: "POMOC" }
const CZECH: Words = { stop: "ODHLASIT KONEC", start: "PRIHLASIT", help: "POMOC" }
const TURKISH: Words = { stop: "DUR IPTAL RET", start: "BASLAT", help: "YARDIM" }
const GREEK: Words = { stop: "ΣΤΟΠ ΔΙΑΚΟΠΗ", start: "ΕΝΑΡΞΗ", help: "ΒΟΗΘΕΙΑ" }
const RUSSIAN: Words = { stop: "СТОП ОТПИСАТЬСЯ", start: "СТАРТ ПОДПИСАТЬСЯ", help: "ПОМОЩЬ" }
const UKRAINIAN: Words = { stop: "СТОП ВІДПИСАТИСЯ", start: "СТАРТ", help: "ДОПОМОГА" }
/** What people of North America answer to a request for consent. */
const AMERICAN: Words = { stop: "", start: "YES", help: "" }

/** By ISO 3166-1 alpha-2 code. */
const BY_COUNTRY: Readonly<Record<string, ReadonlyArray<Words>>> = {
  NL: [DUTCH],
  BE: [DUTCH, FRENCH, GERMAN],
  FR: [FRENCH],
  LU: [FRENCH, GERMAN],
  MC: [FRENCH],
  DE: [GERMAN],
  AT: [GERMAN],
  LI: [GERMAN],
  CH: [GERMAN, FRENCH, ITALIAN],
  IT: [ITALIAN],
  ES: [SPANISH],
  MX: [SPANISH],
  AR: [SPANISH],
  CL: [SPANISH],
  CO: [SPANISH],
  PE: [SPANISH],
  UY: [SPANISH],
  EC: [SPANISH],
  CR: [SPANISH],
  PA: [SPANISH],
  DO: [SPANISH],
  PT: [PORTUGUESE],
  BR: [PORTUGUESE],
  SE: [SWEDISH],
  NO: [NORWEGIAN],
  DK: [DANISH],
  FI: [FINNISH, SWEDISH],
  PL: [POLISH],
  CZ: [CZECH],
  TR: [TURKISH],
  GR: [GREEK],
  CY: [GREEK, TURKISH],
  RU: [RUSSIAN],
  KZ: [RUSSIAN],
  UA: [UKRAINIAN],
  US: [AMERICAN],
  CA: [AMERICAN, FRENCH],
  PR: [AMERICAN, SPANISH]
}

/** Longer texts are no keyword, however they are spaced. */
const LONGEST = 100

/** `countries`: those of the number and of the person; null where one belongs to no country. */
export const keywordOf = (text: string, countries: ReadonlyArray<CountryCode | null>): Keyword | null => {
  if (text.length > LONGEST) return null
  const word = bare(text)
  const known = [EVERYWHERE, ...countries.flatMap((country) => (country === null ? [] : (BY_COUNTRY[country] ?? [])))]
  // What stops somewhere starts nowhere: a word of two meanings is the careful one.
  return KEYWORDS.find((keyword) => known.some((words) => words[keyword].split(" ").includes(word))) ?? null
}

const KEYWORDS: ReadonlyArray<Keyword> = ["stop", "start", "help"]

/** Letters that have no accent to take off. */
const SPELT: Readonly<Record<string, string>> = { Æ: "AE", Œ: "OE", Ø: "O", Ł: "L", Đ: "D" }

/** "Ar rêt!" is ARRET. Nothing at all is no word: it stays a space, which no list has. */
const bare = (text: string): string =>
  text
    .normalize("NFKD")
    .toUpperCase()
    .replace(/[ÆŒØŁĐ]/g, (letter) => SPELT[letter] ?? letter)
    .replace(/[^\p{L}\p{N}]/gu, "") || " "
