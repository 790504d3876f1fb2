import { Stack } from "@mantine/core"
import { useState } from "react"
import { useTranslation } from "react-i18next"
import { BackLink } from "../../ui/BackLink.tsx"
import { Page } from "../../ui/Page.tsx"
import { useOrder } from "../numbers.ts"
import { ChooseStep } from "./ChooseStep.tsx"
import { OptionsStep } from "./OptionsStep.tsx"
import { Ordered } from "./Ordered.tsx"
import { Steps } from "./Steps.tsx"
import { SummaryStep } from "./SummaryStep.tsx"
import { useOrderSearch } from "./useOrderSearch.ts"

const STEP = { 1: ChooseStep, 2: OptionsStep, 3: SummaryStep }

export const OrderPage = () => {
  const { t } = useTranslation("numbers")
  const { goTo, startOver, step } = useOrderSearch()
  const order = useOrder()
  const [first] = useState(step)
  const [moved, setMoved] = useState(false)
  if (step !== first && !moved) setMoved(true)

  const Current = STEP[step]
  return (
    <Stack gap="sm">
      <BackLink to="/numbers" label={t("one.back")} />
      <Page title={t("orderPage.title")} intro={t("orderPage.intro")}>
        {order.data === undefined ? (
          <>
            <Steps current={step} goTo={goTo} />
            <Current key={step} arrived={moved} order={order} onOrdered={startOver} />
          </>
        ) : (
          <Ordered answer={order.data} onMore={order.reset} />
        )}
      </Page>
    </Stack>
  )
}
