/** What operations declare beside their schemas; the shell keeps to it, so that no handler has to. */
import type { Scope } from "@cliqtel/sms-core"
import { Context } from "effect"

/** The scope that an API key needs for it; none by default. */
export const RequiredScope = Context.Reference<Scope | undefined>(
  "@cliqtel/sms-host-http/api/Annotations/RequiredScope",
  { defaultValue: () => undefined }
)

/** The largest body that it reads, in bytes. */
export const BodyLimit = Context.Reference<number>("@cliqtel/sms-host-http/api/Annotations/BodyLimit", {
  defaultValue: () => 64 * 1024
})

export type AnswerType = "application/json" | "text/event-stream"

/** What it answers with, so that a client that does not take it is told 406; undefined: it tells nobody so. */
export const AnswersWith = Context.Reference<AnswerType | undefined>(
  "@cliqtel/sms-host-http/api/Annotations/AnswersWith",
  { defaultValue: () => "application/json" }
)
