/** The pages and their addresses. Each page's code is loaded when it is first opened. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router"
import { Broken } from "./layout/Broken.tsx"
import { Entrance } from "./layout/Entrance.tsx"
import { NotFound } from "./layout/NotFound.tsx"
import { optOutSearch } from "./optOuts/optOutSearch.ts"

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

const keys = createRoute({
  getParentRoute: () => root,
  path: "/keys",
  component: lazyRouteComponent(() => import("./keys/KeysPage.tsx"), "KeysPage")
})

const webhooks = createRoute({
  getParentRoute: () => root,
  path: "/webhooks",
  component: lazyRouteComponent(() => import("./webhooks/WebhooksPage.tsx"), "WebhooksPage")
})

const webhook = createRoute({
  getParentRoute: () => root,
  path: "/webhooks/$id",
  component: lazyRouteComponent(() => import("./webhooks/WebhookPage.tsx"), "WebhookPage")
})

const optOuts = createRoute({
  getParentRoute: () => root,
  path: "/opt-outs",
  validateSearch: optOutSearch,
  component: lazyRouteComponent(() => import("./optOuts/OptOutsPage.tsx"), "OptOutsPage")
})

export const router = createRouter({
  routeTree: root.addChildren([home, sms, keys, webhooks, webhook, optOuts]),
  defaultPreload: "intent",
  scrollRestoration: true
})

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router
  }
}
