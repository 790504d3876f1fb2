import { IconInbox } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { ButtonLink } from "../ui/links.tsx"

export const BackToInbox = () => {
  const { t } = useTranslation("sms")
  return (
    <ButtonLink variant="default" to="/sms" leftSection={<IconInbox size={18} aria-hidden />}>
      {t("back")}
    </ButtonLink>
  )
}
