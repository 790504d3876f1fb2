import { Box, Center } from "@mantine/core"
import { useState } from "react"
import { useSession } from "../session/session.ts"
import { SignIn } from "../session/SignIn.tsx"
import { Loaded } from "../ui/Loaded.tsx"
import { Shell } from "./Shell.tsx"

/** Lets in who is signed in; all others sign in first, and then see the page they came for. */
export const Entrance = () => {
  const session = useSession()
  const [wasIn, setWasIn] = useState(false)

  if (session.data === undefined) {
    return (
      <Center component="main" mih="100dvh" p="md">
        <Box maw={420} w="100%">
          <Loaded query={session} lines={3}>
            {() => null}
          </Loaded>
        </Box>
      </Center>
    )
  }
  if (session.data.session === null) return <SignIn demo={session.data.demo} ended={wasIn} />
  if (!wasIn) setWasIn(true)
  return <Shell session={session.data.session} />
}
