import { Group, Text } from "@mantine/core"
import { useTranslation } from "react-i18next"

export const Logo = () => {
  const { t } = useTranslation()
  return (
    <Group gap="xs" wrap="nowrap">
      <img src="/favicon.svg" alt="" width={28} height={28} />
      <Text fw={700} size="lg">
        {t("product")}
      </Text>
    </Group>
  )
}
