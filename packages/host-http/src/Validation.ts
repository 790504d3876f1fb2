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
    if (!byPath.has(path)) byPath.set(path, issue.message)
    if (byPath.size === MOST) break
  }
  return Array.from(byPath, ([path, message]) => ({ path, message }))
}

const words = (issue: SchemaIssue.Leaf): string => {
  if (issue._tag === "MissingKey") return "is required"
  const standard = SchemaIssue.defaultLeafHook(issue)
  return standard.startsWith("Expected ") ? mustBe(standard.slice("Expected ".length)) : standard
}

/** The formatter's "Expected X" as the contract words it. */
const mustBe = (expected: string): string => {
  if (expected.startsWith("must ")) return expected
  const article = /^(a|an|the|one|exactly) |^"/.test(expected) ? "" : /^[aeiou]/.test(expected) ? "an " : "a "
  return `must be ${article}${expected.replaceAll(" | ", " or ")}`
}

const format = SchemaIssue.makeFormatterStandardSchemaV1({
  leafHook: words,
  checkHook: (issue) => {
    const { expected } = issue.filter.annotations ?? {}
    return SchemaIssue.defaultCheckHook(issue) ?? (expected === undefined ? undefined : mustBe(expected))
  }
})
