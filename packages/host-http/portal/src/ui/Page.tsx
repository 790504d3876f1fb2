import { Group, Stack, Text, Title } from "@mantine/core"
import { useDocumentTitle } from "@mantine/hooks"
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"

interface Props {
  readonly title: string
  readonly intro?: string
  /** Beside the title. */
  readonly actions?: ReactNode
  readonly children: ReactNode
}

/** The frame of a page: its title, here and in the browser's tab. */
export const Page = ({ actions, children, intro, title }: Props) => {
  const { t } = useTranslation()
  useDocumentTitle(`${title} · ${t("product")}`)
  return (
    <Stack gap="lg" maw={1200}>
      <Group justify="space-between" align="flex-start">
        <div>
          <Title order={1} size="h2">
            {title}
          </Title>
          {intro !== undefined && <Text c="dimmed">{intro}</Text>}
        </div>
        {actions}
      </Group>
      {children}
    </Stack>
  )
}
