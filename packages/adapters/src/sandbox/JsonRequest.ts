/**
 * One JSON request to another process, and how far it came when it fails: `Unreached` is certain that nothing was sent,
 * after `Unanswered` the other side may have done what was asked. What is interrupted is cut off.
 */
import { Effect, Schema } from "effect"
import { type Agent, type IncomingMessage, request } from "node:http"

export class Unreached extends Schema.TaggedError<Unreached>()("Unreached", { detail: Schema.String }) {}

export class Unanswered extends Schema.TaggedError<Unanswered>()("Unanswered", { detail: Schema.String }) {}

export interface JsonRequest {
  readonly url: URL
  /** What is posted; without it the request is a GET. */
  readonly body?: unknown
  /** From the beginning of the request to the end of its answer. */
  readonly millis: number
  /** Of the answer. */
  readonly bytes: number
}

/** Gives the text of an answer with status 200. */
export const requestJson = (
  agent: Agent,
  { body, bytes, millis, url }: JsonRequest
): Effect.Effect<string, Unreached | Unanswered> =>
  Effect.callback((resume) => {
    const payload = body === undefined ? undefined : Buffer.from(JSON.stringify(body))
    const outgoing = request(url, {
      agent,
      method: payload === undefined ? "GET" : "POST",
      headers:
        payload === undefined ? {} : { "content-type": "application/json", "content-length": String(payload.length) }
    })
    let sent = false
    const fail = (detail: string) => {
      outgoing.destroy()
      resume(Effect.fail(sent ? new Unanswered({ detail }) : new Unreached({ detail })))
    }
    const timer = setTimeout(() => fail(`no answer within ${millis} ms`), millis)

    outgoing.on("socket", (socket) => {
      // What is written before the connection stands waits on this side.
      if (socket.connecting) socket.once("connect", () => (sent = true))
      else sent = true
    })
    outgoing.on("error", (error) => fail(codeOf(error)))
    outgoing.on("response", (answer) => {
      if (answer.statusCode !== 200) return fail(`status ${answer.statusCode}`)
      collect(answer, bytes, fail, (text) => resume(Effect.succeed(text)))
    })
    outgoing.on("close", () => clearTimeout(timer))
    outgoing.end(payload)

    return Effect.sync(() => {
      clearTimeout(timer)
      outgoing.destroy()
    })
  })

const collect = (
  answer: IncomingMessage,
  most: number,
  fail: (detail: string) => void,
  done: (text: string) => void
) => {
  const chunks: Array<Buffer> = []
  let length = 0
  answer.on("data", (chunk: Buffer) => {
    length += chunk.length
    if (length > most) return fail(`an answer of more than ${most} bytes`)
    chunks.push(chunk)
  })
  answer.on("end", () => done(Buffer.concat(chunks).toString("utf8")))
  answer.on("error", (error) => fail(codeOf(error)))
}

const codeOf = (error: Error): string =>
  "code" in error && typeof error.code === "string" ? error.code : error.message
