import { ActionIcon, useComputedColorScheme, useMantineColorScheme } from "@mantine/core"
import { IconMoon, IconSun } from "@tabler/icons-react"
import { useTranslation } from "react-i18next"

/** As the system has it, until the reader says otherwise. */
export const ThemeToggle = () => {
  const { t } = useTranslation()
  const { setColorScheme } = useMantineColorScheme()
  const other = useComputedColorScheme("light") === "light" ? "dark" : "light"
  const Icon = other === "dark" ? IconMoon : IconSun
  const label = t(`header.theme.${other}`)
  return (
    <ActionIcon variant="default" size={36} aria-label={label} title={label} onClick={() => setColorScheme(other)}>
      <Icon size={20} aria-hidden />
    </ActionIcon>
  )
}
