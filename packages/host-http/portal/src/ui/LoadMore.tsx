import { Button, Center } from "@mantine/core"
import type { UseInfiniteQueryResult } from "@tanstack/react-query"
import { useCallback } from "react"
import { ProblemAlert } from "./ProblemAlert.tsx"

interface Props {
  readonly query: Pick<
    UseInfiniteQueryResult,
    "error" | "fetchNextPage" | "hasNextPage" | "isFetchingNextPage" | "isFetchNextPageError"
  >
  readonly label: string
}

/** How far before the end the next page is read. */
const AHEAD = "600px"

/** The end of a list: reads on when it comes into sight, or is pressed. After a failure only when it is pressed. */
export const LoadMore = ({ label, query }: Props) => {
  const { error, fetchNextPage, hasNextPage, isFetchingNextPage, isFetchNextPageError } = query
  const watch = useCallback(
    (end: HTMLDivElement | null) => {
      if (end === null || isFetchingNextPage || isFetchNextPageError) return
      const observer = new IntersectionObserver(
        (seen) => {
          // A browser that is busy tells at once what it saw at first and what it sees after a jump to the end.
          if (seen.some(({ isIntersecting }) => isIntersecting)) void fetchNextPage({ cancelRefetch: false })
        },
        { rootMargin: AHEAD }
      )
      observer.observe(end)
      return () => observer.disconnect()
    },
    [fetchNextPage, isFetchNextPageError, isFetchingNextPage]
  )
  if (!hasNextPage) return null
  return (
    <Center ref={watch} py="sm">
      {isFetchNextPageError && error !== null ? (
        <ProblemAlert error={error} onRetry={() => void fetchNextPage()} />
      ) : (
        <Button
          variant="default"
          loading={isFetchingNextPage}
          onClick={() => void fetchNextPage({ cancelRefetch: false })}
        >
          {label}
        </Button>
      )}
    </Center>
  )
}
