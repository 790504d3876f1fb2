/** The same of what the admin API writes and shows. */

export const adminExamples: Readonly<Record<string, unknown>> = {
  Account: {
    id: 7,
    name: "Acme Ltd",
    currency: "EUR",
    rate_limit_per_second: 10,
    low_balance_threshold: "5",
    test_account_id: 8,
    created_at: "2026-04-03T10:15:30.000000Z"
  },
  OpenAccountRequest: { name: "Acme Ltd", currency: "EUR" },
  ChangeAccountRequest: { rate_limit_per_second: 50, low_balance_threshold: "20" },
  CreditRequest: { amount: "100", reference: "invoice 2026-0042" },
  NewNumberRequest: { number: "+31201234567", country: "NL", type: "local", status: "pending_verification" },
  ChangeNumberRequest: { status: "active", messaging_profile_assigned: true },
  ChangeCarrierRequest: { paused: true },
  Carrier: { name: "sandbox", paused: true }
}
