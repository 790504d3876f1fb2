import { Text } from "@mantine/core"
import { useFormat } from "../i18n/useFormat.ts"
import { drawsFlags } from "./drawsFlags.ts"
import { flagOf } from "./flag.ts"

/** `code`: ISO 3166-1 alpha-2, shown instead of the flag where there are none. */
export const Country = ({ code }: { readonly code: string }) => {
  const { country } = useFormat()
  return (
    <span>
      {drawsFlags() ? (
        <span aria-hidden className="flag">
          {flagOf(code)}
        </span>
      ) : (
        <Text span size="xs" c="dimmed" ff="monospace" className="flag" aria-hidden>
          {code}
        </Text>
      )}
      <span>{country(code)}</span>
    </span>
  )
}
