import { Alert } from "@mantine/core"
import { IconAlertCircle } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { ApiProblem, isPassing } from "../../api/problem.ts"
import { ProblemAlert } from "../../ui/ProblemAlert.tsx"
import { useProblemText } from "../../ui/problemText.ts"
import type { Composer } from "./useComposer.ts"

/** What went wrong with the sending itself. */
export const SendProblem = ({ composer: { failure } }: { readonly composer: Composer }) => {
  const { t } = useTranslation("sms")
  const problemText = useProblemText()
  if (failure?.place !== "send") return null
  const { error } = failure
  if (error instanceof ApiProblem && error.code === "rate_limited") {
    return (
      <Alert
        role="alert"
        color="yellow"
        variant="light"
        icon={<IconAlertCircle aria-hidden />}
        title={problemText(error).title}
      >
        {t("write.rate", { count: Math.max(1, error.retryAfterSeconds) })}
      </Alert>
    )
  }
  if (isPassing(error)) {
    return (
      <Alert
        role="alert"
        color="yellow"
        variant="light"
        icon={<IconAlertCircle aria-hidden />}
        title={t("write.noAnswer")}
      >
        {t("write.noAnswerHint")}
      </Alert>
    )
  }
  return <ProblemAlert error={error} />
}
