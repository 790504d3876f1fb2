import { Group, Stack, Text, Title } from "@mantine/core"
import { useDocumentTitle } from "@mantine/hooks"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { Ltr } from "./Ltr.tsx"

interface Props {
  readonly title: string
  readonly intro?: string
  /** Whether the title reads from left to right in every language, as phone numbers do. */
  readonly ltr?: boolean
  /** Beside the title. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** The frame of a page: its title, here and in the browser's tab. */
export const Page = ({ actions, children, intro, ltr = false, title }: Props) => {
  const { t } = useTranslation()
  useDocumentTitle(`${title} · ${t("product")}`)
  return (
    <Stack gap="lg" maw={1200}>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1} size="h2">
            {ltr ? <Ltr>{title}</Ltr> : title}
          </Title>
          {intro !== undefined && <Text c="dimmed">{intro}</Text>}
        </div>
        {actions}
      </Group>
      {children}
    </Stack>
  )
}
