import { Alert, Button, Paper, Stack, Text } from "@mantine/core"
import { IconAlertTriangle } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { ApiProblem } from "../../api/problem.ts"
import { useRequestKey } from "../../api/useRequestKey.ts"
import { useFormat } from "../../i18n/useFormat.ts"
import { Fact, Facts } from "../../ui/Facts.tsx"
import { Loaded } from "../../ui/Loaded.tsx"
import { Ltr } from "../../ui/Ltr.tsx"
import { RecordTable } from "../../ui/RecordTable.tsx"
import { BalanceFacts } from "../../wallet/BalanceFacts.tsx"
import { PaymentProblem } from "../../wallet/PaymentProblem.tsx"
import { ShortBalance } from "../../wallet/ShortBalance.tsx"
import { usePayment } from "../../wallet/wallet.ts"
import { StepFrame } from "./StepFrame.tsx"
import type { StepProps } from "./StepProps.ts"
import { buysSms, type Line, lineTotal, orderTotal, smsFee } from "./totals.ts"
import { useLines } from "./useLines.ts"
import { useOrderSearch } from "./useOrderSearch.ts"

/** Step 3: what it costs, and the order. */
export const SummaryStep = ({ arrived, onOrdered, order }: StepProps) => {
  const { t } = useTranslation("numbers")
  const { t: common } = useTranslation()
  const { money } = useFormat()
  const { cart, goTo } = useOrderSearch()
  const lines = useLines(cart)
  const key = useRequestKey()
  const known = lines.data ?? []
  const gone = known.filter(({ offer }) => offer === undefined).length
  const currency = known.find(({ offer }) => offer !== undefined)?.offer?.currency
  const orderable = currency !== undefined && gone === 0

  const payload = { items: known.map((line) => ({ number: line.item.number, sms: buysSms(line) })) }
  // What was said of another choice is not said of this one.
  const isThis = JSON.stringify(order.variables?.payload) === JSON.stringify(payload)
  const error = isThis ? order.error : null

  const confirm = () =>
    order.mutate(
      { payload, idempotencyKey: key.keyFor(payload) },
      { onSettled: (_, error) => key.answered(error), onSuccess: onOrdered }
    )

  return (
    <StepFrame
      step={3}
      arrived={arrived}
      onBack={() => goTo(2)}
      next={
        <Button onClick={confirm} loading={order.isPending} disabled={!orderable}>
          {currency === undefined
            ? common("action.confirm")
            : t("orderPage.confirm", { price: money(orderTotal(known), currency) })}
        </Button>
      }
    >
      <Loaded query={lines} lines={cart.length + 3}>
        {(read) => (
          <>
            <LineTable lines={read} />
            {currency !== undefined && <Sum total={orderTotal(read)} currency={currency} refused={error !== null} />}
          </>
        )}
      </Loaded>
      {error !== null && <PaymentProblem error={error} />}
      {error === null && gone > 0 && (
        <Alert color="orange" icon={<IconAlertTriangle aria-hidden />} title={t("orderPage.gone")}>
          {t("orderPage.goneSome", { count: gone })}
        </Alert>
      )}
      {(gone > 0 || (error instanceof ApiProblem && error.code === "number_taken")) && (
        <Button variant="default" onClick={() => goTo(1)} style={{ alignSelf: "flex-start" }}>
          {t("orderPage.chooseOther")}
        </Button>
      )}
    </StepFrame>
  )
}

const LineTable = ({ lines }: { readonly lines: ReadonlyArray<Line> }) => {
  const { t } = useTranslation("numbers")
  const { money } = useFormat()
  return (
    <RecordTable
      label={t("orderPage.step.3")}
      columns={[
        { key: "number", header: t("orderPage.number") },
        { key: "type", header: t("column.type") },
        { key: "fee", header: t("orderPage.fee"), numeric: true },
        { key: "sms", header: t("orderPage.smsFee"), numeric: true },
        { key: "total", header: t("orderPage.lineTotal"), numeric: true }
      ]}
      records={lines.map((line) => {
        const { item, offer } = line
        return {
          id: item.number,
          cells: {
            number: <Ltr fw={600}>{item.number}</Ltr>,
            type: t(`type.${item.type}`),
            fee: offer === undefined ? t("orderPage.gone") : <Ltr>{money(offer.monthly_price, offer.currency)}</Ltr>,
            sms:
              offer === undefined || !buysSms(line) ? (
                t("orderPage.noSms")
              ) : (
                <Ltr>{money(smsFee(line), offer.sms.currency)}</Ltr>
              ),
            total: offer !== undefined && <Ltr fw={600}>{money(lineTotal(line), offer.currency)}</Ltr>
          }
        }
      })}
    />
  )
}

interface SumProps {
  readonly total: string
  readonly currency: string
  readonly refused: boolean
}

/** The total against what the wallet holds. */
const Sum = ({ currency, refused, total }: SumProps) => {
  const { t } = useTranslation("numbers")
  const { money } = useFormat()
  const payment = usePayment(total)
  return (
    <Stack gap="sm" maw={440} w="100%" style={{ alignSelf: "flex-end" }}>
      <Paper withBorder p="md">
        <Facts>
          <Fact name={t("orderPage.total")}>
            <Ltr fw={700}>{money(total, currency)}</Ltr>
          </Fact>
          {payment !== undefined && <BalanceFacts payment={payment} />}
        </Facts>
      </Paper>
      <Text size="sm" c="dimmed">
        {t("orderPage.renewal")}
      </Text>
      {payment?.enough === false && !refused && <ShortBalance />}
    </Stack>
  )
}
