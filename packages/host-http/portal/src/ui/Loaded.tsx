import { Skeleton, Stack } from "@mantine/core"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { ProblemAlert } from "./ProblemAlert.tsx"
import { useLast } from "./useLast.ts"

interface Props<Data> {
  readonly query: {
    readonly data: Data | undefined
    readonly error: Error | null
    /** How often it had no answer. */
    readonly errorUpdateCount: number
    readonly isFetching: boolean
    readonly refetch: () => unknown
  }
  /** Lines that stand in for what is being read. */
  readonly lines?: number
  readonly children: (data: Data) => ReactNode
}

/** What a query gave: old data stays while newer is read or cannot be. */
export const Loaded = <Data,>({ children, lines = 5, query }: Props<Data>) => {
  const { t } = useTranslation()
  const latest = useLast(query.error ?? undefined)
  if (query.data !== undefined) return children(query.data)
  // It stays while the same is asked again, and with it the focus on its button.
  const error = query.error ?? (query.errorUpdateCount > 0 ? latest : undefined)
  if (error !== undefined) {
    return <ProblemAlert error={error} onRetry={() => void query.refetch()} retrying={query.isFetching} />
  }
  return (
    <Stack gap="sm" role="status" aria-busy aria-label={t("state.loading")}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={36} />
      ))}
    </Stack>
  )
}
