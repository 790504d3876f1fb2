import { Anchor, Stack } from "@mantine/core"
import { Link } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import { ApiProblem } from "../api/problem.ts"
import { ProblemAlert } from "../ui/ProblemAlert.tsx"

/** Why something was not bought, and the way to the wallet if that is why. */
export const PaymentProblem = ({ error }: { readonly error: Error }) => {
  const { t } = useTranslation("wallet")
  return (
    <Stack gap="xs" align="flex-start">
      <ProblemAlert error={error} />
      {error instanceof ApiProblem && error.code === "insufficient_balance" && (
        <Anchor component={Link} to="/wallet" size="sm">
          {t("short.link")}
        </Anchor>
      )}
    </Stack>
  )
}
