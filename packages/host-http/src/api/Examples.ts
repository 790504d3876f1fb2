/** One example of each thing on the wire, for the OpenAPI document; named as its schema is. */
import { adminExamples } from "./AdminExamples.ts"

const message = {
  id: 156,
  direction: "outbound",
  from: "+31201234567",
  to: "+31612345678",
  body: "Your order #1234 has shipped!",
  status: "queued",
  segments: 1,
  encoding: "GSM-7",
  carrier: "cliqtel",
  price: "0.008",
  currency: "EUR",
  reason: null,
  number_id: 42,
  created_at: "2026-04-03T10:15:30.000000Z",
  updated_at: "2026-04-03T10:15:30.000000Z",
  sent_at: null,
  delivered_at: null
}

const sendRequest = { from_number_id: 42, to: "+31612345678", body: "Your order #1234 has shipped!" }

const apiKey = {
  id: 3,
  name: "Web shop",
  hint: "sk_live_AbC...XyZ1",
  mode: "live",
  scopes: ["sms:send", "sms:read"],
  created_at: "2026-04-03T10:15:30.000000Z",
  last_used_at: null
}

const webhook = {
  id: 5,
  url: "https://example.com/cliqtel",
  events: ["sms.received", "sms.delivered", "sms.failed"],
  description: "Web shop",
  enabled: true,
  disabled_reason: null,
  disabled_at: null,
  failing_since: null,
  old_secret_until: null,
  created_at: "2026-04-03T10:15:30.000000Z",
  updated_at: "2026-04-03T10:15:30.000000Z"
}

const deliveryAttempt = {
  at: "2026-04-03T10:15:31.000000Z",
  status_code: 200,
  duration_ms: 84,
  error: null,
  response_body: "ok"
}

export const examples: Readonly<Record<string, unknown>> = {
  ...adminExamples,
  Message: message,
  TimelineEntry: { status: "queued", at: "2026-04-03T10:15:30.000000Z", source: "api", detail: null },
  SendRequest: sendRequest,
  BatchRequest: { messages: [sendRequest] },
  PreviewRequest: { to: "+31612345678", body: "Your order #1234 has shipped!" },
  Preview: {
    encoding: "GSM-7",
    segments: 1,
    units: 29,
    units_per_segment: [29],
    remaining: 131,
    unit_price: "0.008",
    price: "0.008",
    currency: "EUR"
  },
  Stats: { today: 12, this_month: 340, delivery_rate_30d: 0.985, delivered_30d: 985, failed_30d: 15 },
  DayStats: { date: "2026-04-03", messages: 12, delivered: 9, failed: 1 },
  PhoneNumber: {
    id: 42,
    number: "+31201234567",
    country: "NL",
    type: "local",
    status: "active",
    monthly_price: "1",
    currency: "EUR",
    sms: {
      available: true,
      enabled: true,
      state: "on",
      monthly_price: "0.75",
      currency: "EUR",
      paid_until: "2026-05-03T10:15:30.000000Z"
    },
    messaging_profile: { assigned: true, inbound_hook: "configured", last_inbound_at: null },
    help_text: null
  },
  SwitchSmsRequest: { enabled: true },
  ChangeOwnNumberRequest: { help_text: "Write to help@example.com, or reply STOP." },
  OptOut: {
    number_id: 42,
    number: "+31201234567",
    person: "+31612345678",
    created_at: "2026-04-03T10:16:45.000000Z"
  },
  SandboxInboundRequest: { from: "+31612345678", to: "+31201234567", body: "Thanks, got the tracking!" },
  AvailableNumber: {
    number: "+31208901234",
    country: "NL",
    type: "local",
    monthly_price: "1",
    currency: "EUR",
    sms: { available: true, monthly_price: "0.75", currency: "EUR" },
    status: "active"
  },
  OrderRequest: { items: [{ number: "+31208901234", sms: true }] },
  Order: { id: 7, total: "1.75", currency: "EUR" },
  Wallet: { balance: "25", currency: "EUR" },
  WalletDetails: { balance: "25", currency: "EUR", low_balance_threshold: "5" },
  TopUpRequest: { amount: "25.00" },
  WalletEntry: {
    id: 9,
    kind: "sms_charge",
    amount: "-0.008",
    balance_after: "24.992",
    currency: "EUR",
    reference: "message:156",
    created_at: "2026-04-03T10:15:30.000000Z"
  },
  ApiKey: apiKey,
  NewApiKey: { ...apiKey, key: "sk_live_AbCdEfGhIj0123456789abcdefghijklmnopqrstuv0wXyZ1" },
  Webhook: webhook,
  NewWebhook: { ...webhook, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" },
  CreateWebhookRequest: { url: webhook.url, events: webhook.events, description: webhook.description },
  ChangeWebhookRequest: { enabled: true },
  DeliveryAttempt: deliveryAttempt,
  Delivery: {
    id: 9,
    event_id: "evt_8",
    event: "sms.delivered",
    status: "succeeded",
    attempts: [deliveryAttempt],
    response_code: 200,
    duration_ms: 84,
    response_body: "ok",
    next_attempt_at: null,
    created_at: "2026-04-03T10:15:30.000000Z"
  },
  CreateApiKeyRequest: { name: "Web shop", scopes: ["sms:send", "sms:read"] },
  CountryCoverage: {
    country: "NL",
    name: "Netherlands",
    local: true,
    mobile: true,
    toll_free: true,
    sms_monthly: "0.75",
    outbound_segment: "0.008",
    currency: "EUR"
  }
}
