/** Port: whether the host can serve, which is whether its database answers. */
import { Context, type Effect } from "effect"

export class Readiness extends Context.Service<
  Readiness,
  {
    /** Fails or dies, in a second or two at most, while the database is away. */
    readonly check: Effect.Effect<void, unknown>
  }
>()("@cliqtel/sms-host-http/Readiness") {}
