import { Center, Loader, Stack } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { useSession } from "../session/session.ts"
import { SignIn } from "../session/SignIn.tsx"
import { ProblemAlert } from "../ui/ProblemAlert.tsx"
import { Shell } from "./Shell.tsx"

/** Lets in who is signed in; all others sign in first, and then see the page they came for. */
export const Entrance = () => {
  const { t } = useTranslation()
  const session = useSession()
  const [wasIn, setWasIn] = useState(false)

  if (session.data === undefined) {
    return (
      <Center component="main" mih="100dvh" p="md">
        {session.error === null ? (
          <Loader aria-label={t("state.loading")} />
        ) : (
          <Stack maw={420}>
            <ProblemAlert error={session.error} onRetry={() => void session.refetch()} />
          </Stack>
        )}
      </Center>
    )
  }
  if (session.data.session === null) return <SignIn demo={session.data.demo} ended={wasIn} />
  if (!wasIn) setWasIn(true)
  return <Shell session={session.data.session} />
}
