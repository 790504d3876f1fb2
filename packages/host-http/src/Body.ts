/**
 * Reads a JSON body into a value of its schema, or says why not: 415 for what is not declared as JSON, 413 for what is
 * too large (before it is read if its length is announced, else as soon as it is over), 400 for what is no JSON in
 * UTF-8, 422 for what its schema refuses.
 */
import { ByteSize, Context, Effect, Result, Schema } from "effect"
import { HttpIncomingMessage, type HttpServerRequest } from "effect/http"
import type { HttpApiEndpoint } from "effect/http-api"
import { BodyLimit } from "./api/Annotations.ts"
import { type FieldError, type Problem, problem } from "./api/Problem.ts"
import type { BodyMemory } from "./BodyMemory.ts"
import { fieldErrors } from "./Validation.ts"

/** What `handleRaw` passes to a handler, as far as reading the body needs it. */
interface RawInput {
  readonly request: HttpServerRequest.HttpServerRequest
  readonly endpoint: HttpApiEndpoint.Top
}

/** Looks at the JSON before its schema does, for what has a problem of its own. */
export type Objection = (json: unknown) => Problem | undefined

/** Makes of a handler that wants the decoded body one for `handleRaw`, which leaves the body to it. */
export const withBody = <S extends Schema.ConstraintDecoder<unknown>, Input extends RawInput, A, E, R>(
  memory: BodyMemory["Service"],
  schema: S,
  handler: (payload: S["Type"], input: Input) => Effect.Effect<A, E, R>,
  objection: Objection = () => undefined
) => {
  const decode = decoder(schema, objection)
  return (input: Input): Effect.Effect<A, E | Problem, R> => {
    const limit = Context.get(input.endpoint.annotations, BodyLimit)
    const refused = refuse(input.request.headers, limit)
    if (refused !== undefined) return Effect.fail(refused)
    const answer = Effect.flatMap(read(input.request, limit), (bytes): Effect.Effect<A, E | Problem, R> => {
      const payload = decode(bytes)
      return Result.isFailure(payload) ? Effect.fail(payload.failure) : handler(payload.success, input)
    })
    return memory.hold(announced(input.request.headers) ?? limit, answer)
  }
}

/** Of a body that has arrived. */
export const decoder = <S extends Schema.ConstraintDecoder<unknown>>(schema: S, objection: Objection) => {
  const decode = Schema.decodeUnknownResult(schema, { errors: "all" })
  return (bytes: ArrayBuffer | Uint8Array): Result.Result<S["Type"], Problem> => {
    const json = parse(bytes)
    if (Result.isFailure(json)) return json
    const objected = objection(json.success)
    if (objected !== undefined) return Result.fail(objected)
    return Result.mapError(decode(json.success), (error) => invalid(fieldErrors(error)))
  }
}

/** As the shell has them or as Node does, which lists those that may come more than once. */
type IncomingHeaders = Readonly<Record<string, string | ReadonlyArray<string> | undefined>>

const announced = (headers: IncomingHeaders): number | undefined => {
  const length = headers["content-length"]
  return length === undefined ? undefined : Number(length)
}

/** What the headers alone rule out. */
const refuse = (headers: IncomingHeaders, limit: number): Problem | undefined => {
  const type = headers["content-type"]?.toString()
  const encoding = headers["content-encoding"]?.toString()
  if (type === undefined || !JSON_TYPE.test(type)) return notJson
  if (encoding !== undefined && encoding.toLowerCase() !== "identity") return encoded
  return (announced(headers) ?? 0) > limit ? tooLarge(limit) : undefined
}

export const isTaken = (headers: IncomingHeaders, limit: number): boolean => refuse(headers, limit) === undefined

const JSON_TYPE = /^\s*application\/json\s*(;\s*charset\s*=\s*"?utf-8"?\s*)?;?\s*$/i

const notJson = problem("unsupported_media_type", "Send the body as Content-Type: application/json.")
const encoded = problem("unsupported_media_type", "Send the body without Content-Encoding.")
const tooLarge = (limit: number) => problem("payload_too_large", `The body may be at most ${limit / 1024} KiB.`)

/** Interruptible even where the handler is not: nothing has been done yet when the client hangs up here. */
const read = (request: HttpServerRequest.HttpServerRequest, limit: number): Effect.Effect<ArrayBuffer, Problem> =>
  request.arrayBuffer.pipe(
    Effect.provideService(HttpIncomingMessage.MaxBodySize, ByteSize.bytes(limit)),
    Effect.mapError((error) =>
      error.reason._tag === "RequestParseError" && error.reason.reason === "BodyTooLarge"
        ? tooLarge(limit)
        : problem("malformed_request", "The body did not arrive in full.")
    ),
    Effect.interruptible
  )

/** Far beyond what any body has. JSON.parse takes any depth, but whatever walks the value later would overflow its stack. */
const DEEPEST = 32

const tooDeep = problem("malformed_request", `The body is nested more than ${DEEPEST} levels deep.`)

const isNestedBeyond = (value: unknown, levels: number): boolean =>
  typeof value === "object" &&
  value !== null &&
  (levels === 0 || Object.values(value).some((member) => isNestedBeyond(member, levels - 1)))

const utf8 = new TextDecoder("utf-8", { fatal: true })

const parse = (bytes: ArrayBuffer | Uint8Array): Result.Result<unknown, Problem> => {
  let text: string
  try {
    text = utf8.decode(bytes)
  } catch {
    return Result.fail(problem("malformed_request", "The body is not valid UTF-8."))
  }
  try {
    const json: unknown = JSON.parse(text)
    return isNestedBeyond(json, DEEPEST) ? Result.fail(tooDeep) : Result.succeed(json)
  } catch (error) {
    const reason = text === "" ? "it is empty" : error instanceof Error ? error.message : "it cannot be parsed"
    // V8 quotes the text and cuts it anywhere, between the halves of an emoji too.
    return Result.fail(problem("malformed_request", `The body is not valid JSON: ${reason.toWellFormed()}.`))
  }
}

/** A body, or an item of one, that its schema refuses. */
export const invalid = (errors: ReadonlyArray<FieldError>): Problem => {
  const [first] = errors
  const more = errors.length > 1 ? ` (and ${errors.length - 1} more, see errors)` : ""
  const detail = first === undefined ? "The body is not valid." : `${first.path || "The body"} ${first.message}${more}.`
  return problem("validation_failed", detail, { errors })
}
