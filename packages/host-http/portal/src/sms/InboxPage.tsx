import { useTranslation } from "react-i18next"
import { Page } from "../ui/Page.tsx"

export const InboxPage = () => {
  const { t } = useTranslation("sms")
  return <Page title={t("title")}>{null}</Page>
}
