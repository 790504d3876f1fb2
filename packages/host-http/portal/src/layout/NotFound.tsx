import { Button } from "@mantine/core"
import { IconMapOff } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { Empty } from "../ui/Empty.tsx"

export const NotFound = () => {
  const { t } = useTranslation()
  return (
    <Empty Icon={IconMapOff} title={t("state.notFound")} text={t("state.notFoundHint")}>
      <Button component={Link} to="/sms">
        {t("state.home")}
      </Button>
    </Empty>
  )
}
