import { Alert, Button, Group, Radio, Stack, TextInput } from "@mantine/core"
import { IconInfoCircle } from "@tabler/icons-react"
import { type FormEvent, useState } from "react"
import { useTranslation } from "react-i18next"
import { ApiProblem } from "../api/problem.ts"
import { useRequestKey } from "../api/useRequestKey.ts"
import { useFormat } from "../i18n/useFormat.ts"
import { ProblemAlert } from "../ui/ProblemAlert.tsx"
import { Section } from "../ui/Section.tsx"
import { Told } from "../ui/Told.tsx"
import { MAX_TOP_UP, readAmount } from "./amount.ts"
import { useTopUp } from "./wallet.ts"

const QUICK = ["10", "25", "50", "100"]

const OWN = "own"

/** Pays money in, where this host takes payments. */
export const TopUpForm = ({ currency }: { readonly currency: string }) => {
  const { t } = useTranslation("wallet")
  const { money } = useFormat()
  const [choice, setChoice] = useState("25")
  const [own, setOwn] = useState("")
  const [tried, setTried] = useState(false)
  const topUp = useTopUp()
  const key = useRequestKey()
  const read = choice === OWN ? readAmount(own) : { amount: choice }
  const amount = "amount" in read ? read.amount : undefined

  const change = () => {
    setTried(false)
    if (!topUp.isPending) topUp.reset()
  }
  const submit = (event: FormEvent) => {
    event.preventDefault()
    setTried(true)
    if (amount === undefined || topUp.isPending) return
    const payload = { amount }
    topUp.mutate(
      { payload, idempotencyKey: key.keyFor(payload) },
      { onSettled: (_, error) => key.answered(error), onSuccess: () => setOwn("") }
    )
  }

  const problem = topUp.error instanceof ApiProblem ? topUp.error : undefined
  const field = problem?.fields.find(({ path }) => path === "amount")
  const refused = tried && "refusal" in read && !topUp.isSuccess
  const error = refused ? t(`topUp.${read.refusal}`, { max: money(MAX_TOP_UP, currency) }) : field?.message
  return (
    <Section title={t("topUp.title")}>
      <form onSubmit={submit} noValidate>
        <Stack>
          <Radio.Group
            label={t("topUp.quick")}
            value={choice}
            onChange={(value) => {
              setChoice(value)
              change()
            }}
          >
            <Group gap="md" pt="xs">
              {QUICK.map((one) => (
                <Radio key={one} value={one} label={money(one, currency)} />
              ))}
              <Radio value={OWN} label={t("topUp.other")} />
            </Group>
          </Radio.Group>
          {choice === OWN && (
            <TextInput
              label={t("topUp.own", { currency })}
              description={t("topUp.ownHint")}
              inputMode="decimal"
              autoComplete="off"
              value={own}
              onChange={(event) => {
                setOwn(event.currentTarget.value)
                change()
              }}
              error={error}
              maw={240}
            />
          )}
          {topUp.error !== null && field === undefined && <Refusal error={topUp.error} />}
          <Group>
            <Button type="submit" loading={topUp.isPending}>
              {amount === undefined ? t("topUp.submit") : t("topUp.submitAmount", { amount: money(amount, currency) })}
            </Button>
            <Told>
              {topUp.isSuccess && t("topUp.done", { amount: money(topUp.variables.payload.amount, currency) })}
            </Told>
          </Group>
        </Stack>
      </form>
    </Section>
  )
}

const Refusal = ({ error }: { readonly error: Error }) => {
  const { t } = useTranslation("wallet")
  if (!(error instanceof ApiProblem) || error.code !== "forbidden") return <ProblemAlert error={error} />
  return (
    <Alert
      role="alert"
      color="blue"
      variant="light"
      icon={<IconInfoCircle aria-hidden />}
      title={t("topUp.elsewhere.title")}
    >
      {t("topUp.elsewhere.text")}
    </Alert>
  )
}
