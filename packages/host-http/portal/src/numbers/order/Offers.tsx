import { Button, Checkbox, Group, Paper, SimpleGrid, Stack, Text } from "@mantine/core"
import { IconDeviceSim } from "@tabler/icons-react"
import { useQuery } from "@tanstack/react-query"
import { useId, useState } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../i18n/useFormat.ts"
import { Empty } from "../../ui/Empty.tsx"
import { Loaded } from "../../ui/Loaded.tsx"
import { Ltr } from "../../ui/Ltr.tsx"
import { type NumberType, type Offer, offersQuery } from "../numbers.ts"
import { SmsBadge } from "../SmsBadge.tsx"
import { has, MAX_ITEMS, withItem, withoutItem } from "./cart.ts"
import { useOrderSearch } from "./useOrderSearch.ts"

/** How many more are shown at a time. */
const SHOWN = 12

interface Props {
  readonly country: string
  readonly type: NumberType
}

/** The numbers that can be ordered there. */
export const Offers = ({ country, type }: Props) => {
  const { t } = useTranslation("numbers")
  const offers = useQuery(offersQuery(country, type))
  const [shown, setShown] = useState(SHOWN)
  const label = useId()
  return (
    <Loaded query={offers} lines={6}>
      {({ numbers }) =>
        numbers.length === 0 ? (
          <Empty
            Icon={IconDeviceSim}
            title={t("orderPage.noneAvailable.title")}
            text={t("orderPage.noneAvailable.text")}
          />
        ) : (
          <Stack gap="sm" role="group" aria-labelledby={label}>
            <Text fw={600} id={label}>
              {t("orderPage.available")}
            </Text>
            <SimpleGrid cols={{ base: 1, sm: 2, lg: 3 }} spacing="sm">
              {numbers.slice(0, shown).map((offer) => (
                <OfferBox key={offer.number} offer={offer} />
              ))}
            </SimpleGrid>
            {numbers.length > shown && (
              <Button variant="default" onClick={() => setShown(shown + SHOWN)} style={{ alignSelf: "flex-start" }}>
                {t("orderPage.more")}
              </Button>
            )}
          </Stack>
        )
      }
    </Loaded>
  )
}

const OfferBox = ({ offer }: { readonly offer: Offer }) => {
  const { t } = useTranslation("numbers")
  const { money } = useFormat()
  const { cart, setCart } = useOrderSearch()
  const { country, currency, monthly_price, number, sms, status, type } = offer
  const chosen = has(cart, number)
  return (
    <Paper withBorder p="sm">
      <Group justify="space-between" align="flex-start" wrap="nowrap">
        <Checkbox
          checked={chosen}
          disabled={!chosen && cart.length >= MAX_ITEMS}
          onChange={() =>
            setCart(chosen ? withoutItem(cart, number) : withItem(cart, { country, type, number, sms: false }))
          }
          label={<Ltr fw={600}>{number}</Ltr>}
          description={
            <>
              {t("perMonth", { price: money(monthly_price, currency) })}
              {status === "pending_verification" && <br />}
              {status === "pending_verification" && t("orderPage.verified")}
            </>
          }
        />
        {sms.available && <SmsBadge />}
      </Group>
    </Paper>
  )
}
