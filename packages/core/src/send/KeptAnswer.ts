/** The answer of a send as an idempotency key keeps it: a replay gives back exactly what the first call was told. */
import { Effect, Result, Schema } from "effect"
import { Message } from "../Message.ts"
import { Rejection } from "./Acceptance.ts"

export type SendResults = ReadonlyArray<Result.Result<Message, Rejection>>

const Kept = Schema.fromJsonString(
  Schema.toCodecJson(
    Schema.Array(
      Schema.Union([Schema.Struct({ message: Message }), Schema.Struct({ rejection: Rejection })])
    )
  )
)

const encode = Schema.encodeSync(Kept)
const decode = Schema.decodeUnknownEffect(Kept)

export const keepResults = (results: SendResults): string =>
  encode(
    results.map((result) => (Result.isSuccess(result) ? { message: result.success } : { rejection: result.failure }))
  )

export const keptResults = (answer: string): Effect.Effect<SendResults> =>
  decode(answer).pipe(
    Effect.map((kept) =>
      kept.map((one) => ("message" in one ? Result.succeed(one.message) : Result.fail(one.rejection)))
    ),
    Effect.orDie
  )
