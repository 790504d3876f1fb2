/** Which texts the sources ask for: calls of the functions that `useTranslation` gives, with what stands in them. */

const sources = import.meta.glob<string>("../../src/**/*.{ts,tsx}", { eager: true, query: "?raw", import: "default" })

export interface Asked {
  readonly file: string
  /** As it is written: a key, or a template that stands for several. */
  readonly text: string
  /** Matches the keys that are meant, in any of the namespaces that the function may have. */
  readonly pattern: RegExp
  /** Whether the text is all of the argument; in others it may be part of a condition. */
  readonly whole: boolean
}

const GIVEN = /const\s*\{([^}]*)\}\s*=\s*useTranslation\(\s*(?:"(\w+)")?\s*\)/g

/** The names that the function has in a file, with the namespaces behind each. */
const functionsIn = (source: string): ReadonlyMap<string, ReadonlySet<string>> => {
  const functions = new Map<string, Set<string>>()
  for (const [, bound = "", namespace = "common"] of source.matchAll(GIVEN)) {
    const [, name = "t"] = /\bt(?:\s*:\s*(\w+))?/.exec(bound.replace(/\bi18n\b/, "")) ?? []
    functions.set(name, (functions.get(name) ?? new Set()).add(namespace))
  }
  return functions
}

/** The first argument of a call whose bracket was opened just before. */
const firstArgument = (source: string, start: number): string => {
  let depth = 0
  for (let at = start; at < source.length; at++) {
    const sign = source.charAt(at)
    if (depth === 0 && (sign === "," || sign === ")")) return source.slice(start, at)
    if ("([{".includes(sign)) depth++
    if (")]}".includes(sign)) depth--
  }
  return ""
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&")

const patternOf = (text: string, namespaces: ReadonlySet<string>): RegExp => {
  const [namespace, key] = text.includes(":") ? text.split(":", 2) : [undefined, text]
  const parts = (key ?? "").split(/\$\{[^}]*\}/).map(escaped)
  return new RegExp(`^(?:${namespace ?? [...namespaces].join("|")}):${parts.join("[^.:]+")}$`)
}

const askedIn = (file: string, source: string): ReadonlyArray<Asked> =>
  [...functionsIn(source)].flatMap(([name, namespaces]) =>
    [...source.matchAll(new RegExp(`(?<![\\w.])${name}\\(`, "g"))].flatMap((call) => {
      const argument = firstArgument(source, call.index + call[0].length).trim()
      return [...argument.matchAll(/"([^"]*)"|`([^`]*)`/g)].map(([whole, literal, template]) => {
        const text = literal ?? template ?? ""
        return { file, text, pattern: patternOf(text, namespaces), whole: whole === argument }
      })
    })
  )

export const asked: ReadonlyArray<Asked> = Object.entries(sources).flatMap(([file, source]) => askedIn(file, source))
