/**
 * Every problem that this API answers with: its status and title, and for the page behind `/problems/{code}` what has
 * happened and what to do about it. Titles are part of the contract; `detail` says what is wrong with one request.
 */

export interface ProblemKind {
  readonly status: number
  readonly title: string
  readonly cause: string
  readonly cure: string
}

const table = {
  malformed_request: {
    status: 400,
    title: "Malformed request",
    cause:
      "The request could not be read: the body is not JSON in UTF-8, or a query parameter, the cursor, the " +
      "Idempotency-Key, the Last-Event-ID or the HTTP message itself has the wrong form.",
    cure: "Read the detail, correct that part and send the request again. A cursor is only good as it was given."
  },
  unauthorized: {
    status: 401,
    title: "Unauthorized",
    cause:
      "There is no API key in the request, or it is not (or no longer) valid. In the portal: you are not signed in.",
    cure:
      "Send one header, Authorization: Bearer KEY, with a key from the API Keys tab. The admin API takes the host's " +
      "ADMIN_TOKEN instead, and nothing else does. In the portal, sign in again."
  },
  insufficient_balance: {
    status: 402,
    title: "Insufficient wallet balance",
    cause: "The wallet holds less than this costs. Nothing was charged and nothing was stored.",
    cure: "Top up the wallet, then send the request again."
  },
  payment_declined: {
    status: 402,
    title: "Payment declined",
    cause: "The payment of a top-up was declined. Nothing was booked.",
    cure: "Pay in another way, or ask whoever issues your means of payment, then top up again with a new Idempotency-Key."
  },
  forbidden: {
    status: 403,
    title: "Forbidden",
    cause:
      "The API key is valid, but lacks the scope that this operation needs, or the host does not offer it. Or a browser " +
      "that is signed in sent a request that no page of this host made.",
    cure: "Use a key with the scope that the detail names. A new key can only be given scopes that the one has that makes it."
  },
  not_found: {
    status: 404,
    title: "Not found",
    cause: "There is nothing at this address, or it belongs to another account.",
    cure: "Check the path and the id. The list of operations is at /docs."
  },
  method_not_allowed: {
    status: 405,
    title: "Method not allowed",
    cause: "The address exists, but not with this HTTP method.",
    cure: "Use one of the methods in the Allow header."
  },
  not_acceptable: {
    status: 406,
    title: "Not acceptable",
    cause: "The Accept header excludes the only thing this address answers with: JSON, or events.",
    cure: "Leave the Accept header out, or send Accept: application/json; for events text/event-stream."
  },
  request_timeout: {
    status: 408,
    title: "The request took too long to arrive",
    cause: "The headers or the body did not arrive in time, so the connection was closed.",
    cure: "Send the whole request without pausing. A request that was cut off has had no effect."
  },
  number_not_active: {
    status: 409,
    title: "Number must be active to enable SMS",
    cause: "The number is still being provisioned, its regulatory verification is not finished, or it is suspended.",
    cure: "Wait until its status is active, then enable SMS."
  },
  sms_not_enabled: {
    status: 409,
    title: "SMS is not enabled on this number",
    cause: "Messages can only be sent from a number whose SMS add-on is on.",
    cure: "Enable SMS for the number, or send from one that GET /api/v1/portal/sms/numbers lists."
  },
  idempotency_in_progress: {
    status: 409,
    title: "A request with this Idempotency-Key is still in progress",
    cause: "The first request with this key has not been answered yet.",
    cure: "Wait a moment, then send the same request with the same key: it is answered as the first one was."
  },
  number_taken: {
    status: 409,
    title: "Number is no longer available",
    cause: "Somebody has the number already, or has ordered it in the meantime. Nothing was carried out.",
    cure: "Search for available numbers again and order another one."
  },
  webhook_disabled: {
    status: 409,
    title: "Webhook is disabled",
    cause: "Nothing is sent to a webhook that is disabled: by you, or because it answered 410 or failed for five days.",
    cure: 'Make it work again, then PATCH it with {"enabled": true}.'
  },
  webhook_limit: {
    status: 409,
    title: "Too many webhooks",
    cause: "The account has as many webhooks as it may have.",
    cure: "Remove one that is no longer needed, or let one take more kinds of events."
  },
  payload_too_large: {
    status: 413,
    title: "Payload too large",
    cause: "The body is larger than 64 KiB (4 MiB for a batch).",
    cure: "Send less at a time."
  },
  unsupported_media_type: {
    status: 415,
    title: "Unsupported media type",
    cause: "The body is not declared as JSON in UTF-8.",
    cure: "Send Content-Type: application/json, and no Content-Encoding."
  },
  validation_failed: {
    status: 422,
    title: "The request is not valid",
    cause: "The body is JSON, but fields are missing or have values that are not allowed.",
    cure: "Correct the fields that `errors` names."
  },
  invalid_destination: {
    status: 422,
    title: "Failed to send SMS",
    cause: "The recipient is not a possible phone number in E.164 form.",
    cure: "Write it with + and the country code, without spaces, such as +31612345678."
  },
  destination_not_supported: {
    status: 422,
    title: "Failed to send SMS",
    cause: "There is no price or no route for the recipient's country.",
    cure: "GET /api/v1/portal/coverage lists what can be reached."
  },
  opted_out: {
    status: 422,
    title: "Failed to send SMS",
    cause: "The recipient has replied STOP to this number.",
    cure: "Do not write to them again. They can reply START to allow it."
  },
  sms_unavailable: {
    status: 422,
    title: "SMS not available for this number type",
    cause: "Numbers of this type in this country cannot do SMS.",
    cure: "Choose another number; mobile numbers generally have the best support."
  },
  media_not_supported: {
    status: 422,
    title: "MMS is not supported",
    cause: "The request has media or media_urls. Only text can be sent today.",
    cure: "Leave them out, and put a link into the text if you need one."
  },
  idempotency_mismatch: {
    status: 422,
    title: "Idempotency key reused with another request",
    cause:
      "This key was used within the last 24 hours for a request with another content, or the reference of a credit with " +
      "another amount.",
    cure: "Use a new key, or reference, for each new request, and the same one only to repeat it."
  },
  rate_limited: {
    status: 429,
    title: "Rate limit exceeded",
    cause: "The account has sent more messages per second than it may. Nothing was charged and nothing was stored.",
    cure: "Wait as many seconds as Retry-After says. Ask us for a higher limit if you need it."
  },
  headers_too_large: {
    status: 431,
    title: "Request header fields too large",
    cause: "The request line and headers together are too large.",
    cure: "Send fewer or shorter headers, or a shorter URL."
  },
  internal: {
    status: 500,
    title: "Internal error",
    cause: "Something went wrong on our side. It has been logged with the request_id.",
    cure: "Repeat the request, with an Idempotency-Key if it creates something. If it persists, tell us the request_id."
  },
  unavailable: {
    status: 503,
    title: "Temporarily unavailable",
    cause: "The database cannot be reached, or the host is overloaded or shutting down.",
    cure:
      "Send the request again after as many seconds as Retry-After says, with an Idempotency-Key if it creates " +
      "something."
  }
} as const satisfies Record<string, ProblemKind>

export type ProblemCode = keyof typeof table

export const problemTable: Readonly<Record<ProblemCode, ProblemKind>> = table

export const isProblemCode = (text: string): text is ProblemCode => Object.hasOwn(table, text)

// Object.keys forgets that the keys of a literal are known.
export const problemCodes = Object.keys(table) as ReadonlyArray<ProblemCode>
