/** Whether a client that sent this Accept header takes JSON. */
export const acceptsJson = (accept: string | undefined): boolean => {
  if (accept === undefined || accept === "*/*" || accept === "application/json") return true
  let best = { specificity: -1, quality: 0 }
  for (const range of accept.split(",")) {
    const [name = "", ...parameters] = range.split(";").map((part) => part.trim().toLowerCase())
    const specificity = RANGES.indexOf(name)
    // The most specific range decides: "application/json;q=0, */*" refuses JSON.
    if (specificity > best.specificity) best = { specificity, quality: qualityOf(parameters) }
  }
  return best.quality > 0 || accept.trim() === ""
}

/** Those that cover our answers, the least specific first. */
const RANGES = ["*/*", "application/*", "application/json"]

const qualityOf = (parameters: ReadonlyArray<string>): number => {
  const weight = parameters.find((parameter) => parameter.startsWith("q="))
  return weight === undefined ? 1 : Number(weight.slice(2)) || 0
}
