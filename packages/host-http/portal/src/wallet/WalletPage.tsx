import { Badge, Group, SimpleGrid, Stack, Text } from "@mantine/core"
import { IconAlertTriangle } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import { isLess } from "../money/micros.ts"
import { Loaded } from "../ui/Loaded.tsx"
import { Page } from "../ui/Page.tsx"
import { Section } from "../ui/Section.tsx"
import { Entries } from "./Entries.tsx"
import { TopUpForm } from "./TopUpForm.tsx"
import { useWallet, type WalletDetails } from "./wallet.ts"

export const WalletPage = () => {
  const { t } = useTranslation("wallet")
  const wallet = useWallet()
  return (
    <Page title={t("title")} intro={t("intro")}>
      <Loaded query={wallet}>
        {(answer) => (
          <Stack gap="lg">
            <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
              <BalanceNow wallet={answer.wallet} />
              <TopUpForm currency={answer.wallet.currency} />
            </SimpleGrid>
            <Entries />
          </Stack>
        )}
      </Loaded>
    </Page>
  )
}

const BalanceNow = ({ wallet }: { readonly wallet: WalletDetails }) => {
  const { t } = useTranslation("wallet")
  const { money } = useFormat()
  const { balance, currency, low_balance_threshold } = wallet
  return (
    <Section title={t("balance")}>
      <Group gap="md">
        <Text span fz={40} lh={1.2} fw={700} className="ltr" data-testid="wallet-balance">
          {money(balance, currency)}
        </Text>
        {low_balance_threshold !== null && isLess(balance, low_balance_threshold) && (
          <Badge color="orange" variant="light" tt="none" leftSection={<IconAlertTriangle size={12} aria-hidden />}>
            {t("low")}
          </Badge>
        )}
      </Group>
      {low_balance_threshold !== null && (
        <Text size="sm" c="dimmed">
          {t("threshold", { amount: money(low_balance_threshold, currency) })}
        </Text>
      )}
    </Section>
  )
}
