import { Group, Text, ThemeIcon, UnstyledButton } from "@mantine/core"
import { IconCheck } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"
import { useFormat } from "../../i18n/useFormat.ts"
import type { Step } from "./orderSearch.ts"

const STEPS: ReadonlyArray<Step> = [1, 2, 3]

/** Where the order is; a step that is done can be gone back to. */
export const Steps = ({ current, goTo }: { readonly current: Step; readonly goTo: (step: Step) => void }) => {
  const { t } = useTranslation("numbers")
  return (
    <Group component="ol" gap="lg" m={0} p={0} aria-label={t("orderPage.steps")} style={{ listStyle: "none" }}>
      {STEPS.map((step) => (
        <li key={step} aria-current={step === current ? "step" : undefined}>
          {step < current ? (
            <UnstyledButton onClick={() => goTo(step)}>
              <StepName step={step} current={current} />
            </UnstyledButton>
          ) : (
            <StepName step={step} current={current} />
          )}
        </li>
      ))}
    </Group>
  )
}

const StepName = ({ current, step }: { readonly current: Step; readonly step: Step }) => {
  const { t } = useTranslation("numbers")
  const { number } = useFormat()
  return (
    <Group component="span" gap="xs" wrap="nowrap" display="inline-flex">
      <ThemeIcon component="span" radius="xl" size={28} variant={step === current ? "filled" : "light"}>
        {step < current ? <IconCheck size={16} aria-hidden /> : <span>{number(step)}</span>}
      </ThemeIcon>
      <Text span size="sm" fw={step === current ? 600 : 400} c={step > current ? "dimmed" : "inherit"}>
        {t(`orderPage.step.${step}`)}
      </Text>
    </Group>
  )
}
