/** Why an embedded PostgreSQL did not start, or ended. The message says what to do about it. */
import { Effect, Schema } from "effect"

export class EmbeddedPostgresError extends Schema.TaggedError<EmbeddedPostgresError>()("EmbeddedPostgresError", {
  reason: Schema.Literals([
    "Unsupported", // no PostgreSQL for this machine, or it does not run here
    "NoAccount", // we are root, and there is no other user to run PostgreSQL as
    "NoAccess", // the data belongs to another user, or cannot be read or written
    "InUse", // another live process owns the data directory: `pid`
    "WrongData", // another major version, or not ours: nothing was touched
    "InitFailed",
    "StartFailed",
    "Ended" // it was running, and ended without being asked
  ]),
  message: Schema.String,
  pid: Schema.optionalKey(Schema.Int),
  cause: Schema.optionalKey(Schema.Defect())
}) {}

/** A step on files, whose error says what was tried, why it did not work, and what helps where that is known. */
export const step = <A>(reason: EmbeddedPostgresError["reason"], tried: string, action: () => Promise<A>) =>
  Effect.tryPromise({
    try: action,
    catch: (cause) =>
      new EmbeddedPostgresError({ reason, message: `${tried} failed: ${said(cause)}.${help(cause)}`, cause })
  })

const said = (cause: unknown) => (cause instanceof Error ? cause.message : String(cause))

const help = (cause: unknown) =>
  cause instanceof Error && "code" in cause && (cause.code === "EACCES" || cause.code === "EPERM")
    ? " Run as the user to whom it belongs, or choose another data directory."
    : ""
