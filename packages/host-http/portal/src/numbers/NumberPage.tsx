import { SimpleGrid, Stack } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { getRouteApi } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import { BackLink } from "../ui/BackLink.tsx"
import { Country } from "../ui/Country.tsx"
import { Fact, Facts } from "../ui/Facts.tsx"
import { Loaded } from "../ui/Loaded.tsx"
import { Ltr } from "../ui/Ltr.tsx"
import { Page } from "../ui/Page.tsx"
import { Section } from "../ui/Section.tsx"
import { HelpTextForm } from "./HelpTextForm.tsx"
import { NumberStatusBadge } from "./NumberStatusBadge.tsx"
import { numberQuery, type PhoneNumber } from "./numbers.ts"
import { ProfileSection } from "./ProfileSection.tsx"
import { SmsSection } from "./SmsSection.tsx"

const route = getRouteApi("/numbers/$id")

/** Configures one number. */
export const NumberPage = () => {
  const { t } = useTranslation("numbers")
  const { id } = route.useParams()
  const query = useQuery(numberQuery(id))
  return (
    <Stack gap="sm">
      <BackLink to="/numbers" label={t("one.back")} />
      <Page title={query.data?.number.number ?? t("configure")} ltr={query.data !== undefined}>
        <Loaded query={query}>
          {({ number }) => (
            <Stack gap="lg">
              <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
                <SmsSection number={number} />
                <Details number={number} />
              </SimpleGrid>
              <SimpleGrid cols={{ base: 1, md: 2 }} spacing="lg">
                <ProfileSection profile={number.messaging_profile} />
                <HelpTextForm key={number.id} number={number} />
              </SimpleGrid>
            </Stack>
          )}
        </Loaded>
      </Page>
    </Stack>
  )
}

const Details = ({ number }: { readonly number: PhoneNumber }) => {
  const { t } = useTranslation("numbers")
  const { money } = useFormat()
  return (
    <Section title={t("one.details")}>
      <Facts>
        <Fact name={t("column.number")}>
          <Ltr>{number.number}</Ltr>
        </Fact>
        <Fact name={t("column.country")}>
          <Country code={number.country} />
        </Fact>
        <Fact name={t("column.type")}>{t(`type.${number.type}`)}</Fact>
        <Fact name={t("column.status")}>
          <NumberStatusBadge status={number.status} />
        </Fact>
        <Fact name={t("column.price")}>
          <Ltr>{money(number.monthly_price, number.currency)}</Ltr>
        </Fact>
      </Facts>
    </Section>
  )
}
