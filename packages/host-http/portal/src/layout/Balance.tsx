import { Anchor, Group, Text } from "@mantine/core"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import { useWallet } from "../wallet/wallet.ts"

/** What the wallet holds, on every page. */
export const Balance = () => {
  const { t } = useTranslation()
  const { money } = useFormat()
  const { data } = useWallet()
  if (data === undefined) return null
  const { balance, currency } = data.wallet
  return (
    <Anchor component={Link} to="/wallet" underline="hover">
      <Group gap={6} wrap="nowrap">
        <Text size="sm" c="dimmed" visibleFrom="md">
          {t("header.balance")}
        </Text>
        <Text size="sm" fw={600} span className="ltr" data-testid="balance">
          {money(balance, currency)}
        </Text>
      </Group>
    </Anchor>
  )
}
