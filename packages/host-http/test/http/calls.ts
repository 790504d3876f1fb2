/** Short hands for calling the host over HTTP as a client does. */
import { assert } from "vitest"
import { type FakeHost, KEY } from "./fakeHost.ts"

export const SEND = "/api/v1/portal/sms/send"

export const valid = { from_number_id: 42, to: "+31612345678", body: "Hello from Cliqtel!" }

export interface CallOptions {
  readonly method?: string
  readonly headers?: Record<string, string>
  /** Bears no API key. */
  readonly keyless?: boolean
  /** Sent as it is when text or bytes, else as JSON. */
  readonly body?: unknown
}

export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** Only where the text is JSON. */
  // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
  readonly json: any
}

export const call = async (host: FakeHost, path: string, options: CallOptions = {}): Promise<Answer> => {
  const { body } = options
  const response = await fetch(host.url + path, {
    method: options.method ?? "GET",
    headers: { ...(options.keyless === true ? {} : { authorization: `Bearer ${KEY}` }), ...options.headers },
    ...(body === undefined
      ? {}
      : { body: typeof body === "string" || body instanceof Uint8Array ? body : JSON.stringify(body) })
  })
  const text = await response.text()
  const isJson = response.headers.get("content-type")?.includes("json") === true && text !== ""
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : undefined }
}

export const post = (
  host: FakeHost,
  path: string,
  body: unknown,
  headers: Record<string, string> = {}
): Promise<Answer> =>
  call(host, path, { method: "POST", body, headers: { "content-type": "application/json", ...headers } })

/** It is this problem, and says so in every way that a problem does. */
export const assertProblem = (answer: Answer, status: number, code: string): void => {
  assert.strictEqual(answer.status, status, answer.text)
  assert.strictEqual(answer.headers.get("content-type"), "application/problem+json")
  assert.strictEqual(answer.json.success, false)
  assert.strictEqual(answer.json.status, status)
  assert.strictEqual(answer.json.code, code, answer.text)
  assert.strictEqual(answer.json.type, `/problems/${code}`)
  assert.isNotEmpty(answer.json.title)
  assert.isNotEmpty(answer.json.detail)
  assert.strictEqual(answer.json.request_id, answer.headers.get("x-request-id"))
}
