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

/** Whether it answers with JSON, so that a client that takes none is told 406. */
export const AnswersJson = Context.Reference<boolean>("@cliqtel/sms-host-http/api/Annotations/AnswersJson", {
  defaultValue: () => true
})
