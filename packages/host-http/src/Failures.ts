/** What went wrong with a request, as the one problem that its client is told. */
import { Cause, Predicate } from "effect"
import { HttpServerError } from "effect/http"
import { HttpApiError } from "effect/http-api"
import { Problem, problem } from "./api/Problem.ts"
import { retryAfter } from "./RateLimitHeaders.ts"
import { fieldErrors } from "./Validation.ts"

export interface Failure {
  readonly problem: Problem
  /** Ours to look into, so it goes to the log. */
  readonly unexpected: boolean
}

/** The client hung up: there is nobody to tell. */
export const isClientAbort = (cause: Cause.Cause<unknown>): boolean =>
  cause.reasons.length > 0 &&
  cause.reasons.every(
    (reason) => Cause.isInterruptReason(reason) && reason.annotations.has(HttpServerError.ClientAbort.key)
  )

export const failureOf = (cause: Cause.Cause<unknown>): Failure => {
  const errors = cause.reasons.flatMap((reason) =>
    Cause.isFailReason(reason) ? [reason.error] : Cause.isDieReason(reason) ? [reason.defect] : []
  )
  const [first] = errors
  if (first === undefined) return expected(unavailable("The host is shutting down.", 1000))
  const known = errors.map(problemOf).find((one) => one !== undefined)
  if (known !== undefined) return expected(known)
  return { problem: problem("internal", "The request could not be completed. It has been logged."), unexpected: true }
}

const expected = (problem: Problem): Failure => ({ problem, unexpected: false })

export const unavailable = (detail: string, retryAfterMillis: number): Problem =>
  problem("unavailable", detail, { headers: { "retry-after": retryAfter(retryAfterMillis) } })

const problemOf = (error: unknown): Problem | undefined => {
  if (error instanceof Problem) return error
  if (isUnavailable(error)) {
    return unavailable(error.undone === true ? UNDONE : UNKNOWN, error.retryAfterMillis ?? 1000)
  }
  if (HttpApiError.HttpApiSchemaError.is(error)) return undecodable(error)
  if (HttpServerError.isHttpServerError(error)) return unreadable(error)
  return undefined
}

const UNDONE = "The request cannot be carried out now, and nothing was done. Repeat it later."

const UNKNOWN =
  "It is not known whether the request took effect. Repeat it later, with the same Idempotency-Key if it creates something."

/** Core's `Unavailable`, whichever way it comes: adapters raise it as a defect. */
const isUnavailable = (error: unknown): error is { readonly retryAfterMillis?: number; readonly undone?: boolean } =>
  Predicate.isTagged(error, "Unavailable")

/** A part of the request that the contract's schemas refuse; undefined for an answer of ours that they refuse. */
const undecodable = ({ cause, kind }: HttpApiError.HttpApiSchemaError): Problem | undefined => {
  switch (kind) {
    case "Params":
      return problem("not_found", "There is nothing at this address.")
    case "Query":
    case "Headers": {
      const parts = fieldErrors(cause).map(({ message, path }) => `${path} ${message}`)
      return problem("malformed_request", `${kind === "Query" ? "Query parameter" : "Header"} ${parts.join("; ")}.`)
    }
    case "Payload":
      return problem("validation_failed", "The request is not valid.", { errors: fieldErrors(cause) })
    case "Body":
    case "ResponseHeaders":
      return undefined
  }
}

const unreadable = ({ reason }: HttpServerError.HttpServerError): Problem | undefined => {
  switch (reason._tag) {
    case "RouteNotFound":
      return problem("not_found", "There is nothing at this address.")
    case "RequestParseError":
      return reason.reason === "BodyTooLarge"
        ? problem("payload_too_large", "The body is too large.")
        : problem("malformed_request", "The body did not arrive in full.")
    default:
      return undefined
  }
}
