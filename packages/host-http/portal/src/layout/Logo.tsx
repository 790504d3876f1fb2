import { Group, Text } from "@mantine/core"
import { useTranslation } from "react-i18next"

interface Props {
  /** Whether phones see the sign alone. */
  readonly brief?: boolean
}

export const Logo = ({ brief = false }: Props) => {
  const { t } = useTranslation()
  return (
    <Group gap="xs" wrap="nowrap">
      <img src="/favicon.svg" alt="" width={28} height={28} />
      <Text fw={700} size="lg" {...(brief ? { visibleFrom: "xs" } : {})}>
        {t("product")}
      </Text>
    </Group>
  )
}
