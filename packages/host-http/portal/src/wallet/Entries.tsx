import { Anchor, Button, Stack, Text, Title } from "@mantine/core"
import { IconReceipt } from "@tabler/icons-react"
import { useInfiniteQuery, useQuery } from "@tanstack/react-query"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import { isLess } from "../money/micros.ts"
import { numbersQuery } from "../numbers/numbers.ts"
import { Empty } from "../ui/Empty.tsx"
import { Loaded } from "../ui/Loaded.tsx"
import { Ltr } from "../ui/Ltr.tsx"
import { ProblemAlert } from "../ui/ProblemAlert.tsx"
import { RecordTable } from "../ui/RecordTable.tsx"
import { subjectOf } from "./reference.ts"
import { entriesQuery, type Entry } from "./wallet.ts"

/** All that was paid in and charged, newest first. */
export const Entries = () => {
  const { t } = useTranslation("wallet")
  const { t: common } = useTranslation()
  const entries = useInfiniteQuery(entriesQuery)
  return (
    <Stack gap="sm">
      <Title order={2} size="h4">
        {t("entries.title")}
      </Title>
      <Loaded query={entries} lines={8}>
        {({ pages }) => {
          const rows = pages.flatMap((page) => page.entries)
          return rows.length === 0 ? (
            <Empty Icon={IconReceipt} title={t("entries.empty.title")} text={t("entries.empty.text")} />
          ) : (
            <EntryTable entries={rows} />
          )
        }}
      </Loaded>
      {entries.isFetchNextPageError && <ProblemAlert error={entries.error} />}
      {entries.hasNextPage && (
        <Button
          variant="default"
          loading={entries.isFetchingNextPage}
          onClick={() => void entries.fetchNextPage()}
          style={{ alignSelf: "center" }}
        >
          {common("action.loadMore")}
        </Button>
      )}
    </Stack>
  )
}

/** AA on every background of ours. */
const GAIN = "var(--mantine-color-green-light-color)"

const EntryTable = ({ entries }: { readonly entries: ReadonlyArray<Entry> }) => {
  const { t } = useTranslation("wallet")
  const { moment, money, signedMoney } = useFormat()
  return (
    <RecordTable
      label={t("entries.title")}
      columns={[
        { key: "kind", header: t("entries.kind") },
        { key: "time", header: t("entries.time") },
        { key: "reference", header: t("entries.reference") },
        { key: "amount", header: t("entries.amount"), numeric: true },
        { key: "after", header: t("entries.after"), numeric: true }
      ]}
      records={entries.map(({ amount, balance_after, created_at, currency, id, kind, reference }) => ({
        id,
        cells: {
          kind: t(`kind.${kind}`),
          time: <time dateTime={created_at}>{moment(created_at)}</time>,
          reference: <Reference text={reference} />,
          amount: (
            <Ltr fw={600} c={isLess("0", amount) ? GAIN : "inherit"}>
              {signedMoney(amount, currency)}
            </Ltr>
          ),
          after: <Ltr>{money(balance_after, currency)}</Ltr>
        }
      }))}
    />
  )
}

/** Leads to what the entry is about. */
const Reference = ({ text }: { readonly text: string }) => {
  const { t } = useTranslation("wallet")
  const { data } = useQuery(numbersQuery)
  const subject = subjectOf(text)
  switch (subject.about) {
    case "message":
      return (
        <Anchor component={Link} to={`/sms/${subject.id}`} size="sm">
          {t("reference.message", { id: subject.id })}
        </Anchor>
      )
    case "number": {
      const known = data?.numbers.find(({ id }) => String(id) === subject.id)
      return (
        <Anchor component={Link} to={`/numbers/${subject.id}`} size="sm">
          {known === undefined ? t("reference.number", { id: subject.id }) : <Ltr>{known.number}</Ltr>}
        </Anchor>
      )
    }
    case "topUp":
      return t("reference.topUp", { id: subject.id })
    case "other":
      return (
        <Text span size="sm" dir="auto">
          {text}
        </Text>
      )
  }
}
