import { Alert, Badge, Text } from "@mantine/core"
import { IconAlertTriangle, IconCheck, IconX } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import { Fact, Facts } from "../ui/Facts.tsx"
import { Section } from "../ui/Section.tsx"
import type { PhoneNumber } from "./numbers.ts"

/** Whether messages find their way out and in, and what to do if not. */
export const ProfileSection = ({ profile }: { readonly profile: PhoneNumber["messaging_profile"] }) => {
  const { t } = useTranslation("numbers")
  const { t: common } = useTranslation()
  const { moment } = useFormat()
  const { assigned, inbound_hook, last_inbound_at } = profile
  const configured = inbound_hook === "configured"
  return (
    <Section title={t("profile.title")}>
      <Facts>
        <Fact name={t("profile.assigned")}>
          <Verdict good={assigned} text={t(assigned ? "profile.assignedYes" : "profile.assignedNo")} />
        </Fact>
        <Fact name={t("profile.hook")}>
          <Verdict good={configured} text={t(`profile.hookState.${inbound_hook}`)} />
        </Fact>
        <Fact name={t("profile.last")}>
          {last_inbound_at === null ? common("state.never") : moment(last_inbound_at)}
        </Fact>
      </Facts>
      {!assigned && <Warning title={t("profile.unassigned.title")} text={t("profile.unassigned.text")} />}
      {configured ? (
        <Text size="sm" c="dimmed">
          {t(last_inbound_at === null ? "profile.never" : "profile.works")}
        </Text>
      ) : (
        <Warning title={t("profile.missing.title")} text={t("profile.missing.text")} />
      )}
    </Section>
  )
}

const Verdict = ({ good, text }: { readonly good: boolean; readonly text: string }) => {
  const Icon = good ? IconCheck : IconX
  return (
    <Badge color={good ? "green" : "orange"} variant="light" leftSection={<Icon size={12} aria-hidden />} tt="none">
      {text}
    </Badge>
  )
}

const Warning = ({ text, title }: { readonly title: string; readonly text: string }) => (
  <Alert color="orange" variant="light" icon={<IconAlertTriangle aria-hidden />} title={title}>
    {text}
  </Alert>
)
