import { Alert, Button, Checkbox, Group, Paper, Stack, Text } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../i18n/useFormat.ts"
import { Loaded } from "../../ui/Loaded.tsx"
import { Ltr } from "../../ui/Ltr.tsx"
import { SmsBadge } from "../SmsBadge.tsx"
import { withoutItem, withSms } from "./cart.ts"
import { StepFrame } from "./StepFrame.tsx"
import type { StepProps } from "./StepProps.ts"
import { buysSms, type Line } from "./totals.ts"
import { useLines } from "./useLines.ts"
import { useOrderSearch } from "./useOrderSearch.ts"

/** Step 2: what each number is to have. */
export const OptionsStep = ({ arrived }: StepProps) => {
  const { t } = useTranslation("numbers")
  const { t: common } = useTranslation()
  const { cart, goTo } = useOrderSearch()
  const lines = useLines(cart)
  return (
    <StepFrame
      step={2}
      arrived={arrived}
      onBack={() => goTo(1)}
      next={
        <Button onClick={() => goTo(3)} disabled={lines.data === undefined}>
          {common("action.next")}
        </Button>
      }
    >
      <Loaded query={lines} lines={cart.length}>
        {(known) => (
          <Stack gap="sm" component="ul" m={0} p={0} aria-label={t("orderPage.options")} style={{ listStyle: "none" }}>
            {known.map((line) => (
              <Options key={line.item.number} line={line} />
            ))}
          </Stack>
        )}
      </Loaded>
    </StepFrame>
  )
}

const Options = ({ line }: { readonly line: Line }) => {
  const { t } = useTranslation("numbers")
  const { country, money } = useFormat()
  const { cart, setCart } = useOrderSearch()
  const { item, offer } = line
  const { number } = item
  const about = { country: country(item.country), type: t(`type.${item.type}`) }
  return (
    <Paper component="li" withBorder p="md">
      <Group justify="space-between" align="flex-start">
        <div>
          <Group gap="xs">
            <Ltr fw={600}>{number}</Ltr>
            {offer?.sms.available === true && <SmsBadge />}
          </Group>
          <Text size="sm" c="dimmed">
            {offer === undefined
              ? t("orderPage.aboutGone", about)
              : t("orderPage.about", { ...about, price: money(offer.monthly_price, offer.currency) })}
          </Text>
        </div>
        {offer === undefined ? (
          <Stack gap="xs" align="flex-start">
            <Alert color="orange" title={t("orderPage.gone")}>
              {t("orderPage.goneHint")}
            </Alert>
            <Button size="xs" variant="default" onClick={() => setCart(withoutItem(cart, number))}>
              {t("orderPage.remove", { number })}
            </Button>
          </Stack>
        ) : (
          <Stack gap={4} align="flex-start">
            <Group gap="xl">
              <Checkbox
                label={t("orderPage.sms")}
                aria-label={t("orderPage.smsFor", { number })}
                checked={buysSms(line)}
                disabled={!offer.sms.available}
                onChange={(event) => setCart(withSms(cart, number, event.currentTarget.checked))}
              />
              {offer.sms.available && (
                <Text size="sm" fw={600}>
                  {t("perMonth", { price: money(offer.sms.monthly_price, offer.sms.currency) })}
                </Text>
              )}
            </Group>
            {!offer.sms.available && (
              <Text size="sm" c="dimmed">
                {t("sms.unavailable")}
              </Text>
            )}
            {offer.status !== "active" && offer.sms.available && (
              <Text size="sm" c="dimmed" maw={360}>
                {t("orderPage.afterVerification")}
              </Text>
            )}
          </Stack>
        )}
      </Group>
    </Paper>
  )
}
