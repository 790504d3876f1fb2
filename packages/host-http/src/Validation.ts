/** Why a value does not fit its schema, field by field and in words for people. */
import { type Schema, SchemaIssue } from "effect"
import type { FieldError } from "./api/Problem.ts"

/** More would help nobody: a batch of a thousand bad messages has thousands. */
const MOST = 100

/** The first complaint about each field, in the order of the schema. */
export const fieldErrors = (error: Schema.SchemaError): ReadonlyArray<FieldError> => {
  const byPath = new Map<string, string>()
  for (const issue of format(error.issue).issues) {
    // Paths of the formatter are plain keys; only the standard's type allows objects there.
    const path = (issue.path ?? []).map(String).join(".")
    if (!byPath.has(path)) byPath.set(path, inWords(issue.message))
    if (byPath.size === MOST) break
  }
  return Array.from(byPath, ([path, message]) => ({ path, message }))
}

/** Schemas with a message of their own have it; the standard "Expected a | b" becomes "must be a or b". */
const inWords = (message: string): string => {
  if (!message.startsWith("Expected ")) return message
  const expected = message.slice("Expected ".length)
  if (expected.startsWith("must ")) return expected
  const article = /^(an?|the|one|exactly) |^"/.test(expected) ? "" : /^[aeiou]/.test(expected) ? "an " : "a "
  return `must be ${article}${expected.replaceAll(" | ", " or ")}`
}

const format = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: (issue) => {
    if (issue._tag === "MissingKey") return "is required"
    // The standard text has the schema's name, which means nothing to a client.
    return issue._tag === "InvalidType" && issue.ast._tag === "Objects"
      ? "must be an object"
      : SchemaIssue.defaultLeafHook(issue)
  }
})
