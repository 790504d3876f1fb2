import { useTranslation } from "react-i18next"
import { useFormat } from "../i18n/useFormat.ts"
import { type Scope, SCOPE_TEXTS, SCOPES } from "./scopes.ts"

/** What a key may do, in words. */
export const useScopeWords = () => {
  const { t } = useTranslation("keys")
  const { list } = useFormat()
  return (scopes: ReadonlyArray<Scope>): string => {
    const known = SCOPES.filter((scope) => scopes.includes(scope))
    return known.length === SCOPES.length
      ? t("allScopes")
      : list(known.map((scope) => t(`scope.${SCOPE_TEXTS[scope]}.title`)))
  }
}
