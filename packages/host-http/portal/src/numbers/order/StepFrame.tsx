import { Button, Group, Stack, Title } from "@mantine/core"
import { type ReactNode, useEffect, useRef } from "react"
import { useTranslation } from "react-i18next"
import type { Step } from "./orderSearch.ts"

interface Props {
  readonly step: Step
  /** Whether it was come to from another step: a reader of the screen is told where it is now. */
  readonly arrived: boolean
  readonly onBack?: () => void
  /** Forward. */
  readonly next: ReactNode
  readonly children: ReactNode
}

export const StepFrame = ({ arrived, children, next, onBack, step }: Props) => {
  const { t } = useTranslation("numbers")
  const { t: common } = useTranslation()
  const title = useRef<HTMLHeadingElement>(null)

  useEffect(() => {
    if (arrived) title.current?.focus()
  }, [arrived])

  return (
    <Stack>
      <Title order={2} size="h4" ref={title} tabIndex={-1} style={{ outline: "none" }}>
        {t("orderPage.stepOf", { step, name: t(`orderPage.step.${step}`) })}
      </Title>
      {children}
      <Group justify="space-between">
        {onBack === undefined ? (
          <span />
        ) : (
          <Button variant="default" onClick={onBack}>
            {common("action.back")}
          </Button>
        )}
        {next}
      </Group>
    </Stack>
  )
}
