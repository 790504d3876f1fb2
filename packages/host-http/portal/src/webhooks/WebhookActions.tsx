import { Button, Group, Stack, Text } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { ProblemAlert } from "../ui/ProblemAlert.tsx"
import { useTestWebhook } from "./deliveries.ts"
import { DisableWebhookDialog } from "./DisableWebhookDialog.tsx"
import { EditWebhookDialog } from "./EditWebhookDialog.tsx"
import { RemoveWebhookDialog } from "./RemoveWebhookDialog.tsx"
import { RotateSecretDialog } from "./RotateSecretDialog.tsx"
import { useChangeWebhook, type Webhook } from "./webhooks.ts"

type Dialog = "edit" | "rotate" | "disable" | "remove"

export const WebhookActions = ({ webhook }: { readonly webhook: Webhook }) => {
  const { t } = useTranslation("webhooks")
  const [opened, setOpened] = useState<Dialog>()
  const test = useTestWebhook(webhook.id)
  const change = useChangeWebhook(webhook.id)
  const open = (dialog: Dialog) => {
    test.reset()
    setOpened(dialog)
  }
  const close = () => setOpened(undefined)
  const error = test.error ?? change.error

  return (
    <Stack gap="xs">
      <Group gap="xs">
        {webhook.enabled ? (
          <Button onClick={() => test.mutate()} loading={test.isPending}>
            {t("one.test")}
          </Button>
        ) : (
          <Button onClick={() => change.mutate({ enabled: true })} loading={change.isPending}>
            {t("one.enable")}
          </Button>
        )}
        <Button variant="default" onClick={() => open("edit")}>
          {t("one.edit")}
        </Button>
        <Button variant="default" onClick={() => open("rotate")}>
          {t("one.rotate")}
        </Button>
        {webhook.enabled && (
          <Button variant="default" onClick={() => open("disable")}>
            {t("one.disable")}
          </Button>
        )}
        <Button variant="light" color="red" onClick={() => open("remove")}>
          {t("one.remove")}
        </Button>
      </Group>
      <Text size="sm" c="dimmed" role="status">
        {test.isSuccess ? t("one.tested") : ""}
      </Text>
      {error !== null && <ProblemAlert error={error} />}
      <EditWebhookDialog webhook={webhook} opened={opened === "edit"} onClose={close} />
      <RotateSecretDialog webhook={webhook} opened={opened === "rotate"} onClose={close} />
      <DisableWebhookDialog webhook={webhook} opened={opened === "disable"} onClose={close} />
      <RemoveWebhookDialog webhook={webhook} opened={opened === "remove"} onClose={close} />
    </Stack>
  )
}
