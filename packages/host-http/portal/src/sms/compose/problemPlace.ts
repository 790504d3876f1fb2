/** Beside what a failure of a sending is told. */
import type { ProblemCode } from "@cliqtel/sms-host-http/api"
import { ApiProblem } from "../../api/problem.ts"

export type Place = "from" | "to" | "body" | "price" | "send"

const PLACES: { readonly [Code in ProblemCode]?: Place } = {
  sms_not_enabled: "from",
  not_found: "from",
  invalid_destination: "to",
  destination_not_supported: "to",
  opted_out: "to",
  insufficient_balance: "price"
}

const FIELDS: Readonly<Record<string, Place>> = { from_number_id: "from", to: "to", body: "body" }

export const placeOf = (error: Error): Place => {
  if (!(error instanceof ApiProblem)) return "send"
  const [field] = error.fields
  if (error.code === "validation_failed" && field !== undefined) return FIELDS[field.path] ?? "send"
  return PLACES[error.code] ?? "send"
}
