import { useMediaQuery } from "@mantine/hooks"

/** Whether the page is that of a phone: below Mantine's `sm`. */
export const useIsNarrow = (): boolean =>
  useMediaQuery("(max-width: 47.99em)", false, { getInitialValueInEffect: false })
