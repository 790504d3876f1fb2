import { Skeleton, Stack } from "@mantine/core"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { ProblemAlert } from "./ProblemAlert.tsx"

interface Props<Data> {
  readonly query: {
    readonly data: Data | undefined
    readonly error: Error | null
    readonly refetch: () => unknown
  }
  /** Lines that stand in for what is being read. */
  readonly lines?: number
  readonly children: (data: Data) => ReactNode
}

/** What a query gave: old data stays while newer is read or cannot be. */
export const Loaded = <Data,>({ children, lines = 5, query }: Props<Data>) => {
  const { t } = useTranslation()
  if (query.data !== undefined) return children(query.data)
  if (query.error !== null) return <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />
  return (
    <Stack gap="sm" role="status" aria-busy aria-label={t("state.loading")}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={36} />
      ))}
    </Stack>
  )
}
