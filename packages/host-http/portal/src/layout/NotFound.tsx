import { Button } from "@mantine/core"
import { useDocumentTitle } from "@mantine/hooks"
import { IconMapOff } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { Empty } from "../ui/Empty.tsx"

export const NotFound = () => {
  const { t } = useTranslation()
  useDocumentTitle(`${t("state.notFound")} · ${t("product")}`)
  return (
    <Empty order={1} Icon={IconMapOff} title={t("state.notFound")} text={t("state.notFoundHint")}>
      <Button component={Link} to="/sms">
        {t("state.home")}
      </Button>
    </Empty>
  )
}
