/** MMS is not offered yet: a send that brings media is refused as a whole, not sent without it. */
import { Predicate } from "effect"
import { type Problem, problem } from "./api/Problem.ts"

/** Looks at the body of a send, a preview or a batch; whatever else is wrong with it is not its concern. */
export const refuseMedia = (json: unknown): Problem | undefined => {
  if (!Predicate.isObject(json)) return undefined
  if (hasMedia(json)) return problem("media_not_supported", "Leave out media and media_urls: only text can be sent.")
  const messages: unknown = "messages" in json ? json.messages : undefined
  const index = Array.isArray(messages) ? messages.findIndex(hasMedia) : -1
  return index === -1 ? undefined : problem(
    "media_not_supported",
    `Leave out media and media_urls of messages.${index}: only text can be sent.`
  )
}

const hasMedia = (value: unknown): boolean =>
  Predicate.isObject(value) && (Object.hasOwn(value, "media") || Object.hasOwn(value, "media_urls"))
