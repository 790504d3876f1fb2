import { ActionIcon, Badge, Box, Burger, Group, NavLink, Text } from "@mantine/core"
import { useDisclosure, useWindowEvent } from "@mantine/hooks"
import { IconBook2, IconLogout } from "@tabler/icons-react"
import { Link, Outlet, useRouterState } from "@tanstack/react-router"
import { useTranslation } from "react-i18next"
import "./shell.css"
import { LiveUpdates } from "../live/LiveUpdates.tsx"
import { type Session, useSignOut } from "../session/session.ts"
import { AwayBanner } from "./AwayBanner.tsx"
import { Balance } from "./Balance.tsx"
import { LanguageSelect } from "./LanguageSelect.tsx"
import { Logo } from "./Logo.tsx"
import { NAVIGATION } from "./navigation.ts"
import { ThemeToggle } from "./ThemeToggle.tsx"
import { useFocusKept } from "./useFocusKept.ts"

const CONTENT = "content"

/** What surrounds every page of somebody who is signed in. */
export const Shell = ({ session }: { readonly session: Session }) => {
  const { t } = useTranslation()
  const [opened, menu] = useDisclosure()
  const signOut = useSignOut()
  const path = useRouterState({ select: (state) => state.location.pathname })
  useWindowEvent("keydown", ({ key }) => {
    if (key === "Escape") menu.close()
  })
  useFocusKept(CONTENT)

  return (
    <div className="shell">
      <LiveUpdates />
      <a className="skip" href={`#${CONTENT}`}>
        {t("nav.skip")}
      </a>
      <header>
        <Group h="100%" px={{ base: "sm", sm: "md" }} justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              opened={opened}
              onClick={menu.toggle}
              hiddenFrom="sm"
              size="sm"
              aria-label={t(opened ? "nav.close" : "nav.open")}
              aria-expanded={opened}
            />
            <Logo brief />
            {session.account.mode === "test" && (
              <Badge color="orange" variant="light" title={t("header.testModeHint")} miw={0}>
                {t("header.testMode")}
              </Badge>
            )}
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Balance />
            <LanguageSelect />
            <ThemeToggle />
            <ActionIcon
              variant="default"
              size={36}
              aria-label={t("header.signOut")}
              title={t("header.signOut")}
              loading={signOut.isPending}
              onClick={() => signOut.mutate()}
            >
              <IconLogout size={20} className="mirrored" aria-hidden />
            </ActionIcon>
          </Group>
        </Group>
      </header>
      <nav aria-label={t("nav.label")} data-opened={opened}>
        <Box flex={1}>
          {NAVIGATION.map(({ Icon, name, to }) => (
            <NavLink
              key={name}
              component={Link}
              to={to}
              label={t(`nav.${name}`)}
              leftSection={<Icon size={20} aria-hidden />}
              active={path === to || path.startsWith(`${to}/`)}
              aria-current={path === to ? "page" : undefined}
              onClick={menu.close}
            />
          ))}
        </Box>
        <div>
          <NavLink component="a" href="/docs" label={t("nav.docs")} leftSection={<IconBook2 size={20} aria-hidden />} />
          <Text size="sm" c="dimmed" px="sm" pt="xs" truncate>
            {session.account.name}
          </Text>
        </div>
      </nav>
      <main id={CONTENT} tabIndex={-1}>
        <AwayBanner />
        <Outlet />
      </main>
    </div>
  )
}
