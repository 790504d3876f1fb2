/** What goes wrong with a call. */
import type { ProblemBody, ProblemCode } from "@cliqtel/sms-host-http/api"

type Body = (typeof ProblemBody)["Encoded"]

/** The host refused: RFC 9457 with a code. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem"
  readonly code: ProblemCode
  readonly status: number
  readonly title: string
  readonly detail: string
  readonly requestId: string
  readonly fields: ReadonlyArray<{ readonly path: string; readonly message: string }>
  /** 0: nothing was said. */
  readonly retryAfterSeconds: number

  constructor(body: Body, retryAfterSeconds: number) {
    super(body.title)
    this.code = body.code
    this.status = body.status
    this.title = body.title
    this.detail = body.detail
    this.requestId = body.request_id
    this.fields = body.errors ?? []
    this.retryAfterSeconds = retryAfterSeconds
  }
}

/** No answer came, or one that is not the host's: whether the call took effect is not known. */
export class NoAnswer extends Error {
  override readonly name = "NoAnswer"

  constructor(cause: unknown) {
    super("No answer came", { cause })
  }
}

export const isProblemBody = (body: unknown): body is Body =>
  typeof body === "object" && body !== null && "code" in body && "title" in body && "status" in body

/** Whether the same call may succeed a little later. */
export const isPassing = (error: unknown): boolean =>
  error instanceof NoAnswer || (error instanceof ApiProblem && error.code === "unavailable")
