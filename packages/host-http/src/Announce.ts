/** What whoever started the host is told: its address, the demo's keys, and a request to paste. */
import { Console, Effect, Redacted } from "effect"
import type { HttpServer } from "effect/http"
import type { SeededKey } from "./Demo.ts"

export const announce = Effect.fnUntraced(function* (
  address: HttpServer.HttpServer["Service"]["address"],
  keys: { readonly live: SeededKey; readonly test: SeededKey } | undefined
) {
  const url = addressUrl(address)
  yield* Console.log(`Cliqtel SMS is ready at ${url}`)
  if (keys === undefined) return
  yield* Console.log(`Demo API key (live): ${shown(keys.live)}`)
  yield* Console.log(`Demo API key (test): ${shown(keys.test)}`)
  if (keys.live.revoked) return
  const live = Redacted.value(keys.live.key)
  yield* Console.log(`
Send a message, then look at it:

  curl -s ${url}/api/v1/portal/sms/send -H "Authorization: Bearer ${live}" \\
    -H "Content-Type: application/json" \\
    -d '{"from_number_id": 1, "to": "+31612345678", "body": "Hello from Cliqtel!"}'

  curl -s "${url}/api/v1/portal/sms?limit=1" -H "Authorization: Bearer ${live}"
`)
})

const shown = ({ key, revoked }: SeededKey): string => `${Redacted.value(key)}${revoked ? " (revoked)" : ""}`

/** An address that can be opened: a host that listens everywhere is reached on this machine too. */
const addressUrl = (address: HttpServer.HttpServer["Service"]["address"]): string => {
  if (address._tag === "UnixPathAddress") return String(address)
  const host = String(address.address)
  if (host === "0.0.0.0" || host === "::") return `http://127.0.0.1:${address.port}`
  return `http://${address._tag === "InetAddressV6" ? `[${host}]` : host}:${address.port}`
}
