/** The pages and their addresses. Each page's code is loaded when it is first opened. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, redirect } from "@tanstack/react-router"
import { readCoverageSearch } from "./coverage/coverageSearch.ts"
import { Broken } from "./layout/Broken.tsx"
import { Entrance } from "./layout/Entrance.tsx"
import { NotFound } from "./layout/NotFound.tsx"
import { readOrderSearch } from "./numbers/order/orderSearch.ts"

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

const numbers = createRoute({
  getParentRoute: () => root,
  path: "/numbers",
  component: lazyRouteComponent(() => import("./numbers/NumbersPage.tsx"), "NumbersPage")
})

const number = createRoute({
  getParentRoute: () => root,
  path: "/numbers/$id",
  component: lazyRouteComponent(() => import("./numbers/NumberPage.tsx"), "NumberPage")
})

const orderNumbers = createRoute({
  getParentRoute: () => root,
  path: "/numbers/order",
  validateSearch: readOrderSearch,
  component: lazyRouteComponent(() => import("./numbers/order/OrderPage.tsx"), "OrderPage")
})

const wallet = createRoute({
  getParentRoute: () => root,
  path: "/wallet",
  component: lazyRouteComponent(() => import("./wallet/WalletPage.tsx"), "WalletPage")
})

const coverage = createRoute({
  getParentRoute: () => root,
  path: "/coverage",
  validateSearch: readCoverageSearch,
  component: lazyRouteComponent(() => import("./coverage/CoveragePage.tsx"), "CoveragePage")
})

export const router = createRouter({
  routeTree: root.addChildren([home, sms, numbers, orderNumbers, number, wallet, coverage]),
  defaultPreload: "intent",
  scrollRestoration: true
})

declare module "@tanstack/react-router" {
  interface Register {
    router: typeof router
  }
}
