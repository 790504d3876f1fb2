/**
 * Top-ups for play money: every payment is collected at once, except for two magic amounts, as card processors have
 * magic cards. What was answered is what is answered when asked again, but for a pending one, which is then paid.
 */
import { type PaymentOutcome, PaymentProvider } from "@cliqtel/sms-core"
import { Effect, Layer } from "effect"

export interface SandboxPaymentsOptions {
  /** Whether live accounts may top up with play money too. Test accounts always may. */
  readonly live: boolean
}

/** In any currency. */
const DECLINED = 4_000_020_000n
const PENDING_AT_FIRST = 4_000_030_000n

export const makeSandboxPayments = ({ live }: SandboxPaymentsOptions): PaymentProvider["Service"] => {
  // Only of what is pending at first. After a restart such a payment is pending once more, as with a provider that is slow.
  const asked = new Set<string>()

  const outcomeOf = (micros: bigint, reference: string): PaymentOutcome => {
    if (micros === DECLINED) return { _tag: "Declined", reason: "card_declined" }
    if (micros !== PENDING_AT_FIRST || asked.has(reference)) return { _tag: "Paid" }
    asked.add(reference)
    return { _tag: "Pending" }
  }

  return {
    offers: (mode) => live || mode === "test",
    collect: ({ amount, reference }) => Effect.sync(() => outcomeOf(amount.micros, reference))
  }
}

export const layerSandboxPayments = (options: SandboxPaymentsOptions): Layer.Layer<PaymentProvider> =>
  Layer.sync(PaymentProvider, () => makeSandboxPayments(options))
