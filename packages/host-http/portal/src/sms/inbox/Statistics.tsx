import { Paper, SimpleGrid, Text } from "@mantine/core"
import { useQuery } from "@tanstack/react-query"
import { useId } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../i18n/useFormat.ts"
import { Loaded } from "../../ui/Loaded.tsx"
import { dailyStatsQuery, statsQuery } from "../stats.ts"
import { DailyChart } from "./DailyChart.tsx"

interface Props {
  /** Id of an own number; undefined: all of them. */
  readonly number: number | undefined
}

export const Statistics = ({ number }: Props) => {
  const { t } = useTranslation("sms")
  const format = useFormat()
  const stats = useQuery(statsQuery(number))
  const days = useQuery(dailyStatsQuery(number))
  return (
    <section aria-label={t("stats.label")}>
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
        <Loaded query={stats} lines={1}>
          {({ stats: { delivered_30d, delivery_rate_30d, failed_30d, this_month, today } }) => (
            <>
              <Figure name={t("stats.today")} value={format.number(today)} />
              <Figure name={t("stats.month")} value={format.number(this_month)} />
              <Figure
                name={t("stats.rate")}
                value={delivery_rate_30d === null ? "–" : format.percent(delivery_rate_30d)}
                hint={
                  delivery_rate_30d === null
                    ? t("stats.noRate")
                    : t("stats.rateCounts", {
                        delivered: format.number(delivered_30d),
                        failed: format.number(failed_30d)
                      })
                }
              />
            </>
          )}
        </Loaded>
        <Paper withBorder p="sm">
          <Loaded query={days} lines={1}>
            {({ days }) => <DailyChart days={days} />}
          </Loaded>
        </Paper>
      </SimpleGrid>
    </section>
  )
}

interface FigureProps {
  readonly name: string
  readonly value: string
  readonly hint?: string
}

const Figure = ({ hint, name, value }: FigureProps) => {
  const label = useId()
  return (
    <Paper withBorder p="sm" role="group" aria-labelledby={label}>
      <Text size="sm" c="dimmed" id={label}>
        {name}
      </Text>
      <Text fz={26} fw={650} lh={1.3}>
        {value}
      </Text>
      {hint !== undefined && (
        <Text size="xs" c="dimmed">
          {hint}
        </Text>
      )}
    </Paper>
  )
}
