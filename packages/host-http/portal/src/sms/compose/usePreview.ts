/** The price of what is being written, as the host would charge it. */
import { useDebouncedValue } from "@mantine/hooks"
import { keepPreviousData, useQuery } from "@tanstack/react-query"
import { call } from "../../api/client.ts"

const PAUSE_MILLIS = 300

/** `to`: undefined while there is no number yet; then the list price is quoted. */
export const usePreview = (to: string | undefined, body: string, isPriced: boolean) => {
  const [[number, text]] = useDebouncedValue([to, body] as const, PAUSE_MILLIS)
  return useQuery({
    queryKey: ["preview", number ?? null, text],
    queryFn: ({ signal }) =>
      call("sms.preview", { payload: { body: text, ...(number === undefined ? {} : { to: number }) } }, { signal }),
    enabled: isPriced && text !== "",
    placeholderData: keepPreviousData
  })
}
