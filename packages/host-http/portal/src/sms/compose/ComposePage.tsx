import { Button, Group, Paper, Stack, Text } from "@mantine/core"
import { IconDeviceSim, IconSend } from "@tabler/icons-react"
import { getRouteApi, Link, useNavigate, useRouterState } from "@tanstack/react-router"
import { type FormEvent, useEffect, useState } from "react"
import { useTranslation } from "react-i18next"
import { Empty } from "../../ui/Empty.tsx"
import { Loaded } from "../../ui/Loaded.tsx"
import { Page } from "../../ui/Page.tsx"
import { BackToInbox } from "../BackToInbox.tsx"
import { BodyField } from "./BodyField.tsx"
import { FromField } from "./FromField.tsx"
import { Price } from "./Price.tsx"
import { SendProblem } from "./SendProblem.tsx"
import { ToField } from "./ToField.tsx"
import { useComposer } from "./useComposer.ts"

const route = getRouteApi("/sms/compose")

export const ComposePage = () => {
  const { t } = useTranslation("sms")
  const navigate = useNavigate()
  const { from, to } = route.useSearch()
  const body = useRouterState({ select: ({ location }) => location.state.body })
  const [wish] = useState({ ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }), body })
  const composer = useComposer({ wish, onSent: () => void navigate({ to: "/sms" }) })

  // The wish is in the draft now: a page that is loaded again must not put it over what was written since.
  const isWished = from !== undefined || to !== undefined
  useEffect(() => {
    if (isWished) void navigate({ to: "/sms/compose", search: {}, replace: true })
  }, [isWished, navigate])

  const submit = (event: FormEvent) => {
    event.preventDefault()
    composer.submit()
  }
  return (
    <Page title={t("write.title")} actions={<BackToInbox />}>
      <Loaded query={composer.senders}>
        {({ numbers }) =>
          numbers.length === 0 ? (
            <Empty Icon={IconDeviceSim} title={t("write.noSender")} text={t("write.noSenderHint")}>
              <Button component={Link} to="/numbers">
                {t("write.toNumbers")}
              </Button>
            </Empty>
          ) : (
            <Paper withBorder p={{ base: "sm", sm: "lg" }} maw={720} component="section">
              <form onSubmit={submit} noValidate>
                <Stack>
                  <FromField composer={composer} />
                  <ToField composer={composer} />
                  <BodyField composer={composer} minRows={5} />
                  <Price composer={composer} />
                  <SendProblem composer={composer} />
                  <Group>
                    <Button
                      type="submit"
                      loading={composer.isSending}
                      leftSection={<IconSend size={18} aria-hidden />}
                      aria-keyshortcuts="Control+Enter Meta+Enter"
                    >
                      {t("write.send")}
                    </Button>
                    <Text size="sm" c="dimmed" visibleFrom="sm">
                      {t("write.shortcut")}
                    </Text>
                  </Group>
                </Stack>
              </form>
            </Paper>
          )
        }
      </Loaded>
    </Page>
  )
}
