import { Alert, Anchor, Group, Stack, Switch, Text } from "@mantine/core"
import { IconAlertTriangle, IconInfoCircle } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"
import { useId, useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import { Fact, Facts } from "../ui/Facts.tsx"
import { Section } from "../ui/Section.tsx"
import { Told } from "../ui/Told.tsx"
import { canSwitch, hindrance } from "./addon.ts"
import type { PhoneNumber } from "./numbers.ts"
import { SwitchSmsDialog } from "./SwitchSmsDialog.tsx"

/** The SMS add-on of a number. Its switch asks before it does anything. */
export const SmsSection = ({ number }: { readonly number: PhoneNumber }) => {
  const { t } = useTranslation("numbers")
  const { day, money } = useFormat()
  const [asked, setAsked] = useState<boolean>()
  const [told, setTold] = useState("")
  const reason = useId()
  const { sms } = number
  const price = sms.monthly_price === null ? undefined : money(sms.monthly_price, sms.currency)
  const possible = canSwitch(number)

  const close = (done: boolean) => {
    if (done) setTold(t(asked === true ? "switch.enabled" : "switch.disabled"))
    setAsked(undefined)
  }

  return (
    <Section title={t("sms.title")} intro={t("sms.intro")}>
      <div>
        <Group justify="space-between">
          <Switch
            size="md"
            label={t("sms.toggle")}
            checked={sms.enabled}
            disabled={!possible}
            aria-describedby={possible ? undefined : reason}
            onChange={() => {
              setTold("")
              setAsked(!sms.enabled)
            }}
          />
          {price !== undefined && (
            <Text fw={600} data-testid="sms-price">
              {t("perMonth", { price })}
            </Text>
          )}
        </Group>
        <Told>{told}</Told>
      </div>
      <Hindrance number={number} id={reason} />
      <Trouble state={sms.state} />
      {sms.available && (
        <Facts>
          <Fact name={t("sms.stateLabel")}>
            <span data-sms-state={sms.state}>{t(`sms.state.${sms.state}`)}</span>
          </Fact>
          {sms.paid_until !== null && <Fact name={t("sms.paidUntilLabel")}>{day(sms.paid_until)}</Fact>}
        </Facts>
      )}
      <SwitchSmsDialog number={number} asked={asked} onClose={close} />
    </Section>
  )
}

/** Why SMS cannot be switched on, before anybody tries. */
const Hindrance = ({ id, number }: { readonly id: string; readonly number: PhoneNumber }) => {
  const { t } = useTranslation("numbers")
  const reason = hindrance(number)
  if (reason === undefined) return null
  return (
    <Alert id={id} color="blue" variant="light" icon={<IconInfoCircle aria-hidden />} title={t(`sms.${reason}`)}>
      {reason === "unavailable" ? t("sms.unavailableHint") : t(`sms.why.${number.status}`)}
    </Alert>
  )
}

const TROUBLES = { past_due: "pastDue", suspended: "suspended" } as const

/** What a month that was not paid brings. */
const Trouble = ({ state }: { readonly state: PhoneNumber["sms"]["state"] }) => {
  const { t } = useTranslation("numbers")
  if (state === "on" || state === "off") return null
  const trouble = TROUBLES[state]
  return (
    <Alert color="orange" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t(`sms.${trouble}.title`)}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t(`sms.${trouble}.text`)}</Text>
        <Anchor component={Link} to="/wallet" size="sm">
          {t("sms.toWallet")}
        </Anchor>
      </Stack>
    </Alert>
  )
}
