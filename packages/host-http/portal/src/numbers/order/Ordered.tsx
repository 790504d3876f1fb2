import { Alert, Button, Group, Stack, Text } from "@mantine/core"
import { IconCheck } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"
import { useEffect, useRef } from "react"
import { useTranslation } from "react-i18next"
import type { Answer } from "../../api/contract.ts"
import { useFormat } from "../../i18n/useFormat.ts"
import { Ltr } from "../../ui/Ltr.tsx"
import { RecordTable } from "../../ui/RecordTable.tsx"
import { ConfigureLink } from "../ConfigureLink.tsx"
import { NumberStatusBadge } from "../NumberStatusBadge.tsx"
import { SmsSummary } from "../SmsSummary.tsx"

interface Props {
  readonly answer: Answer<"numbers.order">
  readonly onMore: () => void
}

/** What has come of the order. */
export const Ordered = ({ answer, onMore }: Props) => {
  const { t } = useTranslation("numbers")
  const { money } = useFormat()
  const frame = useRef<HTMLDivElement>(null)
  const { numbers, order } = answer
  const pending = numbers.some(({ status }) => status !== "active")

  useEffect(() => frame.current?.focus(), [])

  return (
    <Stack ref={frame} tabIndex={-1} style={{ outline: "none" }}>
      <Alert
        role="status"
        color="green"
        icon={<IconCheck aria-hidden />}
        title={t("orderPage.done.title", { count: numbers.length })}
      >
        <Text size="sm">{t("orderPage.done.text", { id: order.id, total: money(order.total, order.currency) })}</Text>
        {pending && <Text size="sm">{t("orderPage.done.pending")}</Text>}
      </Alert>
      <RecordTable
        label={t("orderPage.done.list")}
        actions={t("column.actions")}
        columns={[
          { key: "number", header: t("column.number") },
          { key: "status", header: t("column.status") },
          { key: "sms", header: t("column.sms") }
        ]}
        records={numbers.map(({ id, number, sms, status }) => ({
          id,
          cells: {
            number: <Ltr fw={600}>{number}</Ltr>,
            status: <NumberStatusBadge status={status} />,
            sms: <SmsSummary sms={sms} />
          },
          action: <ConfigureLink id={id} number={number} />
        }))}
      />
      <Group>
        <Button component={Link} to="/numbers">
          {t("orderPage.done.toNumbers")}
        </Button>
        <Button variant="default" onClick={onMore}>
          {t("orderPage.done.more")}
        </Button>
      </Group>
    </Stack>
  )
}
