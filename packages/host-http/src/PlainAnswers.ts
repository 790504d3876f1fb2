/** Answers that are written to Node's response as they are, without the shell. */
import type { ServerResponse } from "node:http"
import { ANSWER_HEADERS } from "./AnswerHeaders.ts"
import { type Problem, PROBLEM_JSON, problemBody } from "./api/Problem.ts"

export interface PlainAnswer {
  readonly status: number
  readonly type: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

export interface AnswerContext {
  readonly requestId: string
  /** Whether the host is shutting down: the connection is closed after this answer then. */
  readonly draining: boolean
}

export const problemAnswer = (problem: Problem, requestId: string): PlainAnswer => ({
  status: problem.status,
  type: PROBLEM_JSON,
  headers: problem.headers,
  body: JSON.stringify(problemBody(problem, requestId))
})

export const writeAnswer = (
  response: ServerResponse,
  { body, headers, status, type }: PlainAnswer,
  { draining, requestId }: AnswerContext
): void => {
  response.writeHead(status, {
    ...ANSWER_HEADERS,
    ...headers,
    ...(draining ? { connection: "close" } : {}),
    "content-type": type,
    "content-length": Buffer.byteLength(body),
    "x-request-id": requestId
  })
  response.end(response.req.method === "HEAD" ? undefined : body)
}
