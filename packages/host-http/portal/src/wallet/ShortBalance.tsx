import { Alert, Anchor, Stack, Text } from "@mantine/core"
import { IconAlertTriangle } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"

/** That the wallet does not hold what something costs, before anybody tries. */
export const ShortBalance = () => {
  const { t } = useTranslation("wallet")
  return (
    <Alert color="orange" variant="light" icon={<IconAlertTriangle aria-hidden />} title={t("short.title")}>
      <Stack gap="xs" align="flex-start">
        <Text size="sm">{t("short.text")}</Text>
        <Anchor component={Link} to="/wallet" size="sm">
          {t("short.link")}
        </Anchor>
      </Stack>
    </Alert>
  )
}
