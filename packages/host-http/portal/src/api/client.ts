/** Calls the host. Whoever is signed in is told by the session's cookie, which no script can read. */
import { connection } from "./connection.ts"
import type { Answer, Request } from "./contract.ts"
import { type Operation, operations } from "./operations.ts"
import { ApiProblem, isProblemBody, NoAnswer } from "./problem.ts"

interface Parts {
  readonly params?: Readonly<Record<string, string>>
  readonly query?: Readonly<Record<string, string | undefined>>
  readonly payload?: unknown
}

export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /** Names what is created: the same key again is answered as the first was, and creates nothing more. */
  readonly idempotencyKey?: string | undefined
}

/** Fails with `ApiProblem` if the host refuses, with `NoAnswer` if none came. */
export const call = async <Name extends Operation>(
  name: Name,
  request: Request<Name>,
  { idempotencyKey, signal }: CallOptions = {}
): Promise<Answer<Name>> => {
  const [method, path] = operations[name]
  // Which of the three there are differs by operation.
  const { params, payload, query } = request as Parts
  const response = await fetch(addressOf(path, params, query), {
    method,
    credentials: "same-origin",
    headers: {
      accept: "application/json",
      ...(payload === undefined ? {} : { "content-type": "application/json" }),
      ...(idempotencyKey === undefined ? {} : { "idempotency-key": idempotencyKey })
    },
    ...(payload === undefined ? {} : { body: JSON.stringify(payload) }),
    ...(signal === undefined ? {} : { signal })
  }).catch((cause: unknown) => {
    if (signal?.aborted !== true) void connection.doubted()
    throw new NoAnswer(cause)
  })
  const body: unknown = await response.json().catch(() => undefined)
  if (response.ok && body !== undefined) {
    connection.found()
    // The contract says what a 2xx holds, and its own tests that the host keeps to it.
    return body as Answer<Name>
  }
  if (!isProblemBody(body)) {
    void connection.doubted()
    throw new NoAnswer(response.status)
  }
  const problem = new ApiProblem(body, Number(response.headers.get("retry-after") ?? 0))
  if (problem.code === "unavailable") void connection.doubted()
  else connection.found()
  throw problem
}

const addressOf = (path: string, params: Parts["params"] = {}, query: Parts["query"] = {}): string => {
  const filled = path.replace(/:(\w+)/g, (_, name: string) => encodeURIComponent(params[name] ?? ""))
  const search = new URLSearchParams()
  for (const [name, value] of Object.entries(query)) if (value !== undefined) search.set(name, value)
  return search.size === 0 ? filled : `${filled}?${search}`
}
