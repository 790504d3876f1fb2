import { Text, type TextProps } from "@mantine/core"
import type { ReactNode } from "react"

/** What reads from left to right in every language: phone numbers, keys, addresses. */
export const Ltr = ({ children, ...props }: TextProps & { readonly children: ReactNode }) => (
  <Text span inherit className="ltr" {...props}>
    {children}
  </Text>
)
