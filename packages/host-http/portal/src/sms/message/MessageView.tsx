import { Alert, Group, Paper, Stack, Text, Title } from "@mantine/core"
import { IconAlertCircle, IconArrowBackUp, IconMessages, IconRepeat } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import type { Answer } from "../../api/contract.ts"
import { endsOf } from "../person.ts"
import { useReason } from "../reason.ts"
import { useQueuedReasons } from "../useQueuedReasons.ts"
import { Facts } from "./Facts.tsx"
import { Parts } from "./Parts.tsx"
import { Timeline } from "./Timeline.tsx"
import classes from "./MessageView.module.css"
import { ButtonLink } from "../../ui/links.tsx"

type Props = Pick<Answer<"sms.get">, "message" | "timeline">

export const MessageView = ({ message, timeline }: Props) => {
  const { t } = useTranslation("sms")
  const reason = useReason()(message)
  useQueuedReasons([message])
  const { person } = endsOf(message)
  const isInbound = message.direction === "inbound"
  return (
    <div className={classes.columns}>
      <Stack>
        {reason !== undefined && (
          <Alert color={reason.color} variant="light" icon={<IconAlertCircle aria-hidden />} title={reason.title}>
            {reason.text}
          </Alert>
        )}
        <Paper withBorder p="md" component="section" aria-label={t("message.text")}>
          <Text className={classes.body} dir="auto" data-testid="body">
            {message.body}
          </Text>
          <Parts message={message} />
        </Paper>
        <Group gap="xs">
          <ButtonLink
            to="/sms/compose"
            search={{ from: message.number_id, to: person }}
            state={isInbound ? {} : { body: message.body }}
            leftSection={isInbound ? <IconArrowBackUp size={18} aria-hidden /> : <IconRepeat size={18} aria-hidden />}
          >
            {t(isInbound ? "message.reply" : "message.again")}
          </ButtonLink>
          <ButtonLink
            variant="default"
            to="/sms/with/$person"
            params={{ person }}
            leftSection={<IconMessages size={18} aria-hidden />}
          >
            {t("message.conversation")}
          </ButtonLink>
        </Group>
        <Paper withBorder p="md" component="section">
          <Title order={2} size="h4" mb="sm">
            {t("message.timeline")}
          </Title>
          <Timeline entries={timeline} />
        </Paper>
      </Stack>
      <Paper withBorder p="md" component="section">
        <Title order={2} size="h4" mb="sm">
          {t("message.details")}
        </Title>
        <Facts message={message} />
      </Paper>
    </div>
  )
}
