/** The pages and their addresses. Each page's code is loaded when it is first opened. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router"
import { Broken } from "./layout/Broken.tsx"
import { Entrance } from "./layout/Entrance.tsx"
import { NotFound } from "./layout/NotFound.tsx"

const root = createRootRoute({ component: Entrance, notFoundComponent: NotFound, errorComponent: Broken })

const home = createRoute({
  getParentRoute: () => root,
  path: "/",
  beforeLoad: () => {
    throw redirect({ to: "/sms", replace: true })
  }
})

const sms = createRoute({
  getParentRoute: () => root,
  path: "/sms",
  component: lazyRouteComponent(() => import("./sms/InboxPage.tsx"), "InboxPage")
})

export const router = createRouter({
  routeTree: root.addChildren([home, sms]),
  defaultPreload: "intent",
  scrollRestoration: true
})

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router
  }
}
