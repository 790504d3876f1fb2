import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import { Fact } from "../ui/Facts.tsx"
import { Ltr } from "../ui/Ltr.tsx"
import type { Payment } from "./payment.ts"

/** What the wallet holds, and what a payment leaves of it. */
export const BalanceFacts = ({ payment }: { readonly payment: Payment }) => {
  const { t } = useTranslation("wallet")
  const { money } = useFormat()
  const { balance, currency, enough, left } = payment
  return (
    <>
      <Fact name={t("paying.balance")}>
        <Ltr>{money(balance, currency)}</Ltr>
      </Fact>
      {enough && (
        <Fact name={t("paying.left")}>
          <Ltr>{money(left, currency)}</Ltr>
        </Fact>
      )}
    </>
  )
}
