/** The answer of a send as an idempotency key keeps it: a replay gives back exactly what the first call was told. */
import { Effect, Result, Schema } from "effect"
import { Message } from "../Message.ts"
import { Rejection } from "./Acceptance.ts"

export type SendResults = ReadonlyArray<Result.Result<Message, Rejection>>

export interface KeptAnswer {
  readonly results: SendResults
  /** The caller's own name of the request that was answered. */
  readonly origin: string | undefined
}

const Kept = Schema.fromJsonString(
  Schema.toCodecJson(
    Schema.Struct({
      origin: Schema.optionalKey(Schema.String),
      results: Schema.Array(
        Schema.Union([Schema.Struct({ message: Message }), Schema.Struct({ rejection: Rejection })])
      )
    })
  )
)

const encode = Schema.encodeSync(Kept)
const decode = Schema.decodeUnknownEffect(Kept)

export const keepAnswer = ({ origin, results }: KeptAnswer): string =>
  encode({
    ...(origin === undefined ? {} : { origin }),
    results: results.map((result) =>
      Result.isSuccess(result) ? { message: result.success } : { rejection: result.failure }
    )
  })

export const keptAnswer = (answer: string): Effect.Effect<KeptAnswer> =>
  decode(answer).pipe(
    Effect.map(({ origin, results }) => ({
      origin,
      results: results.map((one) => ("message" in one ? Result.succeed(one.message) : Result.fail(one.rejection)))
    })),
    Effect.orDie
  )
