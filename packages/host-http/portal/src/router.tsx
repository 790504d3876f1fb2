/** The pages and their addresses. Each page's code is loaded when it is first opened. */
import { createRootRoute, createRoute, createRouter, redirect } from "@tanstack/react-router"
import { readCoverageSearch } from "./coverage/coverageSearch.ts"
import { Broken } from "./layout/Broken.tsx"
import { Entrance } from "./layout/Entrance.tsx"
import { NotFound } from "./layout/NotFound.tsx"
import { optOutSearch } from "./optOuts/optOutSearch.ts"
import { lazyPage } from "./lazyPage.ts"
import { readComposeSearch } from "./sms/composeSearch.ts"
import { readInboxSearch } from "./sms/inboxSearch.ts"
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
  validateSearch: readInboxSearch,
  component: lazyPage(() => import("./sms/InboxPage.tsx"), "InboxPage")
})

const compose = createRoute({
  getParentRoute: () => root,
  path: "/sms/compose",
  validateSearch: readComposeSearch,
  component: lazyPage(() => import("./sms/compose/ComposePage.tsx"), "ComposePage")
})

const conversation = createRoute({
  getParentRoute: () => root,
  path: "/sms/with/$person",
  component: lazyPage(() => import("./sms/conversation/ConversationPage.tsx"), "ConversationPage")
})

const message = createRoute({
  getParentRoute: () => root,
  path: "/sms/$id",
  component: lazyPage(() => import("./sms/message/MessagePage.tsx"), "MessagePage")
})

const keys = createRoute({
  getParentRoute: () => root,
  path: "/keys",
  component: lazyPage(() => import("./keys/KeysPage.tsx"), "KeysPage")
})

const webhooks = createRoute({
  getParentRoute: () => root,
  path: "/webhooks",
  component: lazyPage(() => import("./webhooks/WebhooksPage.tsx"), "WebhooksPage")
})

const webhook = createRoute({
  getParentRoute: () => root,
  path: "/webhooks/$id",
  component: lazyPage(() => import("./webhooks/WebhookPage.tsx"), "WebhookPage")
})

const optOuts = createRoute({
  getParentRoute: () => root,
  path: "/opt-outs",
  validateSearch: optOutSearch,
  component: lazyPage(() => import("./optOuts/OptOutsPage.tsx"), "OptOutsPage")
})

const numbers = createRoute({
  getParentRoute: () => root,
  path: "/numbers",
  component: lazyPage(() => import("./numbers/NumbersPage.tsx"), "NumbersPage")
})

const number = createRoute({
  getParentRoute: () => root,
  path: "/numbers/$id",
  component: lazyPage(() => import("./numbers/NumberPage.tsx"), "NumberPage")
})

const orderNumbers = createRoute({
  getParentRoute: () => root,
  path: "/numbers/order",
  validateSearch: readOrderSearch,
  component: lazyPage(() => import("./numbers/order/OrderPage.tsx"), "OrderPage")
})

const wallet = createRoute({
  getParentRoute: () => root,
  path: "/wallet",
  component: lazyPage(() => import("./wallet/WalletPage.tsx"), "WalletPage")
})

const coverage = createRoute({
  getParentRoute: () => root,
  path: "/coverage",
  validateSearch: readCoverageSearch,
  component: lazyPage(() => import("./coverage/CoveragePage.tsx"), "CoveragePage")
})

export const router = createRouter({
  routeTree: root.addChildren([
    home,
    sms,
    compose,
    conversation,
    message,
    numbers,
    orderNumbers,
    number,
    wallet,
    coverage,
    keys,
    webhooks,
    webhook,
    optOuts
  ]),
  defaultPreload: "intent",
  scrollRestoration: true
})

declare module "@tanstack/react-router" {
  interface HistoryState {
    /** A text to begin with: what people write stays out of addresses, which end in logs. */
    body?: string
  }
  interface Register {
    router: typeof router
  }
}
