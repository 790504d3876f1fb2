/** MMS is not offered yet: a message that brings media is refused, not sent without it. */
import { Predicate } from "effect"
import { type Problem, problem } from "./api/Problem.ts"

/** Looks at one message as it came; whatever else is wrong with it is not its concern. */
export const refuseMedia = (json: unknown): Problem | undefined =>
  Predicate.isObject(json) && (Object.hasOwn(json, "media") || Object.hasOwn(json, "media_urls"))
    ? problem("media_not_supported", "Leave out media and media_urls: only text can be sent.")
    : undefined
