import { Skeleton, Stack } from "@mantine/core"
import { type ReactNode, useState } from "react"
import { useTranslation } from "react-i18next"
import { ProblemAlert } from "./ProblemAlert.tsx"

interface Props<Data> {
  readonly query: {
    readonly data: Data | undefined
    readonly error: Error | null
    /** When it last had no answer; 0: it always had one. */
    readonly errorUpdatedAt: number
    readonly refetch: () => Promise<unknown>
  }
  /** Lines that stand in for what is being read. */
  readonly lines?: number
  readonly children: (data: Data) => ReactNode
}

/** What a query gave: old data stays while newer is read or cannot be. */
export const Loaded = <Data,>({ children, lines = 5, query }: Props<Data>) => {
  const { t } = useTranslation()
  const [retrying, setRetrying] = useState(false)
  const [latest, setLatest] = useState({ at: 0, error: query.error })
  if (query.error !== null && query.error !== latest.error) setLatest({ at: query.errorUpdatedAt, error: query.error })
  if (query.data !== undefined) return children(query.data)
  // It stays while the same is asked again.
  const error = query.error ?? (query.errorUpdatedAt === latest.at ? latest.error : null)
  if (error !== null) {
    const retry = async () => {
      setRetrying(true)
      await query.refetch()
      setRetrying(false)
    }
    return <ProblemAlert error={error} onRetry={() => void retry()} retrying={retrying} />
  }
  return (
    <Stack gap="sm" role="status" aria-busy aria-label={t("state.loading")}>
      {Array.from({ length: lines }, (_, line) => (
        <Skeleton key={line} height={36} />
      ))}
    </Stack>
  )
}
