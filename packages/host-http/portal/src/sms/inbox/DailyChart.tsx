import { Group, Text } from "@mantine/core"
import { useId } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../i18n/useFormat.ts"
import type { DayStats } from "../stats.ts"
import { barsOf, mostOf } from "./bars.ts"
import classes from "./DailyChart.module.css"

const HEIGHT = 48
const STEP = 10
const WIDTH = 7

/** Thirty days at a glance; a table says the same to those who cannot see it. */
export const DailyChart = ({ days }: { readonly days: ReadonlyArray<DayStats> }) => {
  const { t } = useTranslation("sms")
  const format = useFormat()
  const title = useId()
  const description = useId()
  const first = format.shortDay(days[0]?.date ?? "")
  const last = format.shortDay(days.at(-1)?.date ?? "")
  return (
    <>
      <Text size="sm" c="dimmed" aria-hidden>
        {t("chart.short")}
      </Text>
      <svg
        className={classes.chart}
        viewBox={`0 0 ${days.length * STEP} ${HEIGHT}`}
        preserveAspectRatio="none"
        role="img"
        aria-labelledby={title}
        aria-describedby={description}
      >
        <title id={title}>{t("chart.title")}</title>
        <desc id={description}>{t("chart.description", { first, last, most: format.number(mostOf(days)) })}</desc>
        {barsOf(days).map(({ date, delivered, failed, others }, index) => {
          const x = index * STEP + (STEP - WIDTH) / 2
          return (
            <g key={date}>
              <rect className={classes.ground} x={x} width={WIDTH} y={HEIGHT - 1} height={1} />
              <Part kind="delivered" x={x} from={0} share={delivered} />
              <Part kind="others" x={x} from={delivered} share={others} />
              <Part kind="failed" x={x} from={delivered + others} share={failed} />
            </g>
          )
        })}
      </svg>
      <Group justify="space-between" gap="xs" wrap="nowrap" aria-hidden>
        <Text size="xs" c="dimmed">
          {first}
        </Text>
        <Text size="xs" c="dimmed">
          {last}
        </Text>
      </Group>
      <div className="visually-hidden">
        <table>
          <caption>{t("chart.title")}</caption>
          <thead>
            <tr>
              <th scope="col">{t("chart.date")}</th>
              <th scope="col">{t("chart.messages")}</th>
              <th scope="col">{t("chart.delivered")}</th>
              <th scope="col">{t("chart.failed")}</th>
            </tr>
          </thead>
          <tbody>
            {days.map(({ date, delivered, failed, messages }) => (
              <tr key={date}>
                <th scope="row">{format.shortDay(date)}</th>
                <td>{format.number(messages)}</td>
                <td>{format.number(delivered)}</td>
                <td>{format.number(failed)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </>
  )
}

interface PartProps {
  readonly kind: "delivered" | "failed" | "others"
  readonly x: number
  readonly from: number
  readonly share: number
}

const Part = ({ from, kind, share, x }: PartProps) =>
  share === 0 ? null : (
    <rect className={classes[kind]} x={x} width={WIDTH} y={HEIGHT * (1 - from - share)} height={HEIGHT * share} />
  )
