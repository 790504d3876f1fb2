/** The items of a batch, each read on its own: one that is not valid does not keep its neighbours from being sent. */
import { Result, Schema } from "effect"
import { SendRequest } from "./api/Message.ts"
import { type Problem } from "./api/Problem.ts"
import { invalid } from "./Body.ts"
import { refuseMedia } from "./Media.ts"
import { fieldErrors } from "./Validation.ts"

/** The envelope: 1 to 1,000 of anything. */
export const BatchItems = Schema.Struct({
  messages: Schema.Array(Schema.Unknown)
    .annotate({ message: "must be a list of messages" })
    .check(
      Schema.isMinLength(1, { message: "must have at least 1 message" }),
      Schema.isMaxLength(1000, { message: "must have at most 1000 messages" })
    )
})

const decode = Schema.decodeUnknownResult(SendRequest, { errors: "all" })

export const readItem = (item: unknown): Result.Result<SendRequest, Problem> => {
  const media = refuseMedia(item)
  return media === undefined
    ? Result.mapError(decode(item), (error) => invalid(fieldErrors(error)))
    : Result.fail(media)
}
