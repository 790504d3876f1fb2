import { Text } from "@mantine/core"
import type { ReactNode } from "react"

/** That something was done. Always there, so that a screen reader hears what comes into it. */
export const Told = ({ children }: { readonly children: ReactNode }) => (
  <Text role="status" size="sm" className="good">
    {children}
  </Text>
)
