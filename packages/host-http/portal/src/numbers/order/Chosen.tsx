import { Group, Pill, Stack, Text } from "@mantine/core"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../i18n/useFormat.ts"
import { type Cart, MAX_ITEMS, withoutItem } from "./cart.ts"

interface Props {
  readonly cart: Cart
  readonly onChange: (cart: Cart) => void
}

/** The chosen numbers, also those of countries that are not looked at any more. */
export const Chosen = ({ cart, onChange }: Props) => {
  const { t } = useTranslation("numbers")
  const format = useFormat()
  return (
    <Stack gap="xs">
      <Text role="status" size="sm" fw={600}>
        {t("orderPage.chosen", { count: cart.length })}
      </Text>
      <Group gap="xs" component="ul" m={0} p={0} aria-label={t("orderPage.chosenList")} style={{ listStyle: "none" }}>
        {cart.map(({ number }) => (
          <li key={number}>
            <Pill
              withRemoveButton
              size="md"
              onRemove={() => onChange(withoutItem(cart, number))}
              removeButtonProps={{ "aria-label": t("orderPage.remove", { number }), "aria-hidden": false, tabIndex: 0 }}
              className="ltr"
            >
              {number}
            </Pill>
          </li>
        ))}
      </Group>
      {cart.length >= MAX_ITEMS && (
        <Text size="sm" c="dimmed">
          {t("orderPage.max", { max: format.number(MAX_ITEMS) })}
        </Text>
      )}
    </Stack>
  )
}
