import { Button, Group, NativeSelect, Paper, SegmentedControl, Stack, Text } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useId } from "react"
import { useTranslation } from "react-i18next"
import { type CountryCoverage, coverageQuery } from "../../coverage/coverage.ts"
import { useFormat } from "../../i18n/useFormat.ts"
import { Loaded } from "../../ui/Loaded.tsx"
import type { NumberType } from "../numbers.ts"
import { NUMBER_TYPES } from "../numberTypes.ts"
import { Chosen } from "./Chosen.tsx"
import { Offers } from "./Offers.tsx"
import { StepFrame } from "./StepFrame.tsx"
import type { StepProps } from "./StepProps.ts"
import { useOrderSearch } from "./useOrderSearch.ts"

/** Most people come for SMS, and mobile numbers have it in most countries. */
const USUAL_TYPE: NumberType = "mobile"

/** Step 1: numbers, of one or more countries and types. */
export const ChooseStep = ({ arrived }: StepProps) => {
  const { t: common } = useTranslation()
  const { cart, goTo, search, setCart } = useOrderSearch()
  const coverage = useQuery(coverageQuery)
  const { country, type = USUAL_TYPE } = search
  return (
    <StepFrame
      step={1}
      arrived={arrived}
      next={
        <Button onClick={() => goTo(2)} disabled={cart.length === 0}>
          {common("action.next")}
        </Button>
      }
    >
      <Loaded query={coverage} lines={2}>
        {({ countries }) => <Where countries={countries} country={country} type={type} />}
      </Loaded>
      {country !== undefined && <Offers key={`${country} ${type}`} country={country} type={type} />}
      <Chosen cart={cart} onChange={setCart} />
    </StepFrame>
  )
}

interface WhereProps {
  readonly countries: ReadonlyArray<CountryCoverage>
  readonly country: string | undefined
  readonly type: NumberType
}

/** Which numbers are looked at. */
const Where = ({ countries, country, type }: WhereProps) => {
  const { i18n, t } = useTranslation("numbers")
  const format = useFormat()
  const { look } = useOrderSearch()
  const typeLabel = useId()
  const { compare } = new Intl.Collator(i18n.language)
  const named = countries
    .filter(({ local, mobile, toll_free }) => local || mobile || toll_free)
    .map((row) => ({ ...row, localName: format.country(row.country) }))
    .toSorted((one, other) => compare(one.localName, other.localName))
  const covered = countries.find((row) => row.country === country)
  return (
    <Paper withBorder p="md">
      <Group align="flex-start" gap="lg">
        <NativeSelect
          label={t("orderPage.country")}
          value={covered === undefined ? "" : covered.country}
          onChange={({ currentTarget: { value } }) => look({ country: value })}
          w={{ base: "100%", sm: 280 }}
        >
          <option value="" disabled>
            {t("orderPage.chooseCountry")}
          </option>
          {named.map((row) => (
            <option key={row.country} value={row.country}>
              {row.localName}
            </option>
          ))}
        </NativeSelect>
        <Stack gap={0}>
          <Text size="sm" fw={600} id={typeLabel}>
            {t("orderPage.type")}
          </Text>
          <SegmentedControl
            aria-labelledby={typeLabel}
            value={type}
            onChange={(value) => look({ type: value })}
            data={NUMBER_TYPES.map((value) => ({ value, label: t(`type.${value}`) }))}
          />
        </Stack>
      </Group>
      {covered?.[type] === false && (
        <Text size="sm" c="dimmed" mt="sm">
          {t("sms.unavailable")}
        </Text>
      )}
    </Paper>
  )
}
