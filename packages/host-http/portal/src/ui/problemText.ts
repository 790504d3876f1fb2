/** A failure in the reader's words. What the host says of this very case is English, so others read the general cure. */
import { useTranslation } from "react-i18next"
import { ApiProblem, isPassing } from "../api/problem.ts"

/** Codes whose request id is of use to somebody. */
const FOR_SUPPORT = new Set(["internal"])

export interface ProblemText {
  readonly title: string
  readonly text: string
  readonly requestId: string | undefined
}

/** `isRead`: nothing can have been done, and it is asked for again by itself. */
export const useProblemText = (): ((error: Error, isRead?: boolean) => ProblemText) => {
  const { i18n, t } = useTranslation("problems")
  return (error, isRead = false) => {
    if (!(error instanceof ApiProblem)) {
      const kind = isPassing(error) ? "noAnswer" : "unexpected"
      const text = kind === "noAnswer" && isRead ? t("noAnswer.again") : t(`${kind}.help`)
      return { title: t(`${kind}.title`), text, requestId: undefined }
    }
    return {
      title: t(`${error.code}.title`),
      text: i18n.language === "en" ? error.detail : t(`${error.code}.help`),
      requestId: FOR_SUPPORT.has(error.code) ? error.requestId : undefined
    }
  }
}
