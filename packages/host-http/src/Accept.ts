import type { AnswerType } from "./api/Annotations.ts"

/** Whether a client that sent this Accept header takes an answer of this type. */
export const accepts = (type: AnswerType, accept: string | undefined): boolean => {
  if (accept === undefined || accept === "*/*" || accept === type) return true
  const ranges = RANGES[type]
  let best = { specificity: -1, quality: 0 }
  for (const range of accept.split(",")) {
    const [name = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase())
    const specificity = ranges.indexOf(name)
    // The most specific range decides: "application/json;q=0, */*" refuses JSON.
    if (specificity > best.specificity) best = { specificity, quality: qualityOf(parameters) }
  }
  return best.quality > 0 || accept.trim() === ""
}

/** Those that cover an answer, the least specific first. */
const RANGES: Readonly<Record<AnswerType, ReadonlyArray<string>>> = {
  "application/json": ["*/*", "application/*", "application/json"],
  "text/event-stream": ["*/*", "text/*", "text/event-stream"]
}

/** The weight among the parameters of a range; 1 if there is none, 0 if it is no number. */
export const qualityOf = (parameters: ReadonlyArray<string>): number => {
  const weight = parameters.find((parameter) => parameter.startsWith("q="))
  return weight === undefined ? 1 : Number(weight.slice(2)) || 0
}
