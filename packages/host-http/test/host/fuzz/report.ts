/** Findings for people: those that look alike together, with the first request of each. */
import type { Fuzzed } from "./requests.ts"
import type { WireAnswer } from "./wire.ts"

export interface Finding extends Fuzzed {
  /** Undefined: there was none. */
  readonly answer: WireAnswer | undefined
  readonly complaints: ReadonlyArray<string>
}

/** More would not be read. */
const MOST = 20

export const findingsReport = (findings: ReadonlyArray<Finding>): string => {
  const kinds = Map.groupBy(findings, ({ answer, complaints, operation }) =>
    [operation.name, answer?.status, complaints.join("; ").replaceAll(/\d+/g, "0").slice(0, 200)].join(" ")
  )
  return [
    `${findings.length} answers of ${kinds.size} kinds are not as they should be`,
    ...[...kinds.values()]
      .slice(0, MOST)
      .flatMap(([first, ...others]) => (first ? [inWords(first, others.length)] : []))
  ].join("\n\n")
}

const inWords = ({ answer, complaints, mutations, operation, request }: Finding, others: number): string => {
  const { body, headers, method, target } = request
  return [
    `${operation.name} (${others} more): ${complaints.join("; ").slice(0, 500)}`,
    `  spoilt by: ${mutations.join(", ") || "nothing"}`,
    `  > ${method} ${JSON.stringify(target.slice(0, 300))} ${JSON.stringify(headers).slice(0, 500)}`,
    ...(body === undefined ? [] : [`  > ${JSON.stringify(Buffer.from(body.subarray(0, 500)).toString("utf8"))}`]),
    `  < ${answer === undefined ? "no answer" : `${answer.status} ${answer.text.slice(0, 500)}`}`
  ].join("\n")
}
