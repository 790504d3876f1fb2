/** The one shape of every error answer: RFC 9457 `application/problem+json` with the envelope's `success: false`. */
import { Schema } from "effect"
import { HttpApiMiddleware, HttpApiSchema } from "effect/http-api"
import { type ProblemCode, problemCodes, problemTable } from "./ProblemTable.ts"

export const PROBLEM_JSON = "application/problem+json"

export const FieldError = Schema.Struct({
  path: Schema.String.annotate({
    description: "The field, with dots: body, messages.3.to; empty for the whole body."
  }),
  message: Schema.String
})
export type FieldError = typeof FieldError.Type

/** As it is sent. */
export const ProblemBody = Schema.Struct({
  success: Schema.Literal(false),
  type: Schema.String,
  title: Schema.String,
  status: Schema.Int,
  code: Schema.Literals(problemCodes),
  detail: Schema.String,
  request_id: Schema.String.annotate({ description: "As in X-Request-Id; name it when you ask for help." }),
  errors: Schema.optionalKey(Schema.Array(FieldError))
}).annotate({ identifier: "Problem" })
export type ProblemBody = typeof ProblemBody.Type

/** As it is raised; the host fills in the request id when it sends it. */
export class Problem extends Schema.Error<Problem>("Problem")(ProblemBody.fields) {
  /** Sent with it, such as Retry-After; no part of the body. */
  headers: Readonly<Record<string, string>> = {}

  override get message(): string {
    return `${this.code}: ${this.detail}`
  }
}

export interface ProblemExtras {
  readonly errors?: ReadonlyArray<FieldError>
  readonly headers?: Readonly<Record<string, string>>
}

/** A problem of the table. */
export const problem = (code: ProblemCode, detail: string, extras: ProblemExtras = {}): Problem => {
  const { status, title } = problemTable[code]
  const made = new Problem({
    success: false,
    type: `/problems/${code}`,
    title,
    status,
    code,
    detail,
    request_id: "",
    ...(extras.errors === undefined ? {} : { errors: extras.errors })
  })
  if (extras.headers !== undefined) made.headers = extras.headers
  return made
}

/** The members of a problem as they are sent, in a fixed order. */
export const problemBody = (problem: Problem, requestId: string): ProblemBody => ({
  success: false,
  type: problem.type,
  title: problem.title,
  status: problem.status,
  code: problem.code,
  detail: problem.detail,
  request_id: requestId,
  ...(problem.errors === undefined ? {} : { errors: problem.errors })
})

/** Declares what an endpoint may answer with, one schema for each status; the description lists the codes. */
export const problems = (...codes: ReadonlyArray<ProblemCode>): ReadonlyArray<typeof Problem> => {
  const byStatus = Map.groupBy(codes, (code) => problemTable[code].status)
  return [...byStatus].map(
    ([status, same]) =>
      Problem.annotate({ description: same.join(", ") }).pipe(
        HttpApiSchema.status(status),
        HttpApiSchema.asJson({ contentType: PROBLEM_JSON })
        // Annotating gives a plain schema of the same value and wire form; the class's constructor is not used through it.
      ) as unknown as typeof Problem
  )
}

/** What may be wrong with any body. */
export const ofBody: ReadonlyArray<ProblemCode> = ["payload_too_large", "unsupported_media_type", "validation_failed"]

/** On every operation: what cannot be read or answered becomes a problem. */
export class Problems extends HttpApiMiddleware.Service<Problems>()("@cliqtel/sms-host-http/api/Problem/Problems", {
  error: problems("malformed_request", "not_acceptable", "internal", "unavailable")
}) {}
