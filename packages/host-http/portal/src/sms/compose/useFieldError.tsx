/** What is wrong with a field: what it lacks, else what the host said of it. */
import type { ReactNode } from "react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../i18n/useFormat.ts"
import { MAX_CHARACTERS } from "./counter.ts"
import { FieldProblem } from "./FieldProblem.tsx"
import type { Composer } from "./useComposer.ts"

export const useFieldError = (
  { failure, missing }: Pick<Composer, "failure" | "missing">,
  field: "from" | "to" | "body"
): ReactNode => {
  const { t } = useTranslation("sms")
  const { number } = useFormat()
  const lack = missing[field]
  if (lack !== undefined) return t(`write.${lack}`, { most: number(MAX_CHARACTERS) })
  return failure?.place === field ? <FieldProblem error={failure.error} /> : undefined
}
