/** One request on its way through the shell: its id, and the route it took once that is known. */
import { Context } from "effect"

const INCOMING = /^[A-Za-z0-9._-]{1,64}$/

/** The id that a client or proxy gave the request, if it is sane; else a new one. */
export const requestId = (incoming: string | undefined): string =>
  incoming !== undefined && INCOMING.test(incoming) ? incoming : crypto.randomUUID()

export class Exchange extends Context.Service<
  Exchange,
  {
    readonly requestId: string
    /** Path template of the operation: what metrics count by, since there are few of them. */
    route: string
  }
>()("@cliqtel/sms-host-http/Exchange") {}
