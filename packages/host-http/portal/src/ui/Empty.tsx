import { Center, Stack, Text, ThemeIcon, Title } from "@mantine/core"
import type { Icon } from "@tabler/icons-react"
import type { ReactNode } from "react"

interface Props {
  readonly Icon: Icon
  readonly title: string
  readonly text: string
  /** 1 where this is the whole page. */
  readonly order?: 1 | 2
  /** What to do about it. */
  readonly children?: ReactNode
}

/** Where there is nothing yet, why, and what to do. */
export const Empty = ({ Icon, children, order = 2, text, title }: Props) => (
  <Center py={48}>
    <Stack align="center" gap="sm" maw={420} ta="center">
      <ThemeIcon size={56} radius="xl" variant="light">
        <Icon size={28} aria-hidden />
      </ThemeIcon>
      <Title order={order} size="h4">
        {title}
      </Title>
      <Text c="dimmed">{text}</Text>
      {children}
    </Stack>
  </Center>
)
