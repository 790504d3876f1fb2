import { Button, Group, Modal, Stack, Text } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import { Fact, Facts } from "../ui/Facts.tsx"
import { isolated } from "../i18n/isolated.ts"
import { Ltr } from "../ui/Ltr.tsx"
import { BalanceFacts } from "../wallet/BalanceFacts.tsx"
import { PaymentProblem } from "../wallet/PaymentProblem.tsx"
import { ShortBalance } from "../wallet/ShortBalance.tsx"
import { usePayment } from "../wallet/wallet.ts"
import { chargeNow, paidAhead } from "./addon.ts"
import { type PhoneNumber, useSwitchSms } from "./numbers.ts"

interface Props {
  readonly number: PhoneNumber
  /** Whether SMS is to be on; undefined: nothing is asked. */
  readonly asked: boolean | undefined
  readonly onClose: (done: boolean) => void
}

/** Says what switching SMS costs and does, and does it once that is confirmed. */
export const SwitchSmsDialog = ({ asked, number, onClose }: Props) => {
  const { t } = useTranslation("numbers")
  const { t: common } = useTranslation()
  // What is shown while the dialog goes.
  const [latest, setLatest] = useState(asked)
  if (asked !== undefined && asked !== latest) setLatest(asked)
  const change = useSwitchSms(number.id)
  const on = latest === true

  const close = (done: boolean) => {
    change.reset()
    onClose(done)
  }
  return (
    <Modal
      opened={asked !== undefined}
      onClose={() => close(false)}
      title={t(on ? "switch.onTitle" : "switch.offTitle", { number: isolated(number.number) })}
      closeButtonProps={{ "aria-label": common("action.close") }}
    >
      <Stack>
        {on ? <Enabling number={number} refused={change.error !== null} /> : <Disabling number={number} />}
        {change.error !== null && <PaymentProblem error={change.error} />}
        <Group justify="flex-end">
          <Button variant="default" onClick={() => close(false)}>
            {common("action.cancel")}
          </Button>
          <Button
            color={on ? "indigo" : "red.9"}
            loading={change.isPending}
            onClick={() => change.mutate(on, { onSuccess: () => close(true) })}
            data-autofocus
          >
            {t(on ? "switch.enable" : "switch.disable")}
          </Button>
        </Group>
      </Stack>
    </Modal>
  )
}

const Enabling = ({ number, refused }: { readonly number: PhoneNumber; readonly refused: boolean }) => {
  const { t } = useTranslation("numbers")
  const { day, money } = useFormat()
  const [now] = useState(Date.now)
  const { currency, monthly_price } = number.sms
  const until = paidAhead(number, now)
  const charge = chargeNow(number, now)
  const payment = usePayment(charge)
  return (
    <>
      <Text size="sm">{until === undefined ? t("switch.onText") : t("switch.onPaidText", { day: day(until) })}</Text>
      <Facts>
        {monthly_price !== null && (
          <Fact name={t("switch.month")}>
            <Ltr>{money(monthly_price, currency)}</Ltr>
          </Fact>
        )}
        <Fact name={t("switch.now")}>
          <Ltr fw={600}>{money(charge, currency)}</Ltr>
        </Fact>
        {payment !== undefined && <BalanceFacts payment={payment} />}
      </Facts>
      {payment?.enough === false && !refused && <ShortBalance />}
    </>
  )
}

const Disabling = ({ number }: { readonly number: PhoneNumber }) => {
  const { t } = useTranslation("numbers")
  const { day } = useFormat()
  const [now] = useState(Date.now)
  const until = paidAhead(number, now)
  return (
    <Stack gap="xs">
      <Text size="sm">{t("switch.offText")}</Text>
      {until !== undefined && <Text size="sm">{t("switch.offPaidText", { day: day(until) })}</Text>}
    </Stack>
  )
}
