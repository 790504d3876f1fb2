import { Alert, Anchor, Group, Text } from "@mantine/core"
import { IconWallet } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../i18n/useFormat.ts"
import { Ltr } from "../../ui/Ltr.tsx"
import { useProblemText } from "../../ui/problemText.ts"
import { useWallet } from "../../wallet/wallet.ts"
import { affords } from "./affords.ts"
import type { Composer } from "./useComposer.ts"

const NONE = "–"

/** What the message costs, what the wallet holds, and whether that is enough. */
export const Price = ({ composer }: { readonly composer: Composer }) => {
  const { t } = useTranslation("sms")
  const format = useFormat()
  const problemText = useProblemText()
  const wallet = useWallet().data?.wallet
  const { counter, draft, failure, preview } = composer
  const isPriced = draft.body !== "" && !counter.isTooLong
  const quoted = !isPriced || preview.error !== null ? undefined : preview.data?.preview
  const refused = failure?.place === "price" ? problemText(failure.error) : undefined
  const isPoor = quoted !== undefined && wallet !== undefined && !affords(wallet.balance, quoted.price)
  return (
    <div data-testid="price">
      <Group gap="lg">
        <Group gap={6}>
          <Text size="sm">{t("write.price")}</Text>
          <Text size="sm" fw={650}>
            {quoted === undefined ? NONE : <Ltr>{format.money(quoted.price, quoted.currency)}</Ltr>}
          </Text>
        </Group>
        {wallet !== undefined && (
          <Group gap={6} c="dimmed">
            <Text size="sm">{t("write.balance")}</Text>
            <Text size="sm">
              <Ltr>{format.money(wallet.balance, wallet.currency)}</Ltr>
            </Text>
          </Group>
        )}
      </Group>
      <div role="alert">
        {(isPoor || refused !== undefined) && (
          <Alert
            mt="xs"
            color="red"
            variant="light"
            icon={<IconWallet aria-hidden />}
            title={refused?.title ?? t("write.poor")}
          >
            <Text size="sm">{refused?.text ?? t("write.poorHint")}</Text>
            <Anchor component={Link} to="/wallet" size="sm">
              {t("write.toWallet")}
            </Anchor>
          </Alert>
        )}
      </div>
    </div>
  )
}
