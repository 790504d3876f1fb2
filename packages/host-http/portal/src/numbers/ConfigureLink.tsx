import { Button } from "@mantine/core"
import { IconSettings } from "@tabler/icons-react"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"

interface Props {
  readonly id: number
  readonly number: string
}

export const ConfigureLink = ({ id, number }: Props) => {
  const { t } = useTranslation("numbers")
  return (
    <Button
      component={Link}
      to={`/numbers/${id}`}
      variant="default"
      size="xs"
      leftSection={<IconSettings size={16} aria-hidden />}
      aria-label={t("configureOne", { number })}
    >
      {t("configure")}
    </Button>
  )
}
