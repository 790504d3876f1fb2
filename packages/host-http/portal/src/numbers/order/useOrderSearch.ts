import { getRouteApi } from "@tanstack/react-router"
import { type Cart, readCart, writeCart } from "./cart.ts"
import type { OrderSearch, Step } from "./orderSearch.ts"

const route = getRouteApi("/numbers/order")

/** How far the order is, and how it goes on. A step is a place that the browser's way back leads to. */
export const useOrderSearch = () => {
  const search = route.useSearch()
  const navigate = route.useNavigate()
  const cart = readCart(search.cart ?? "")
  const step: Step = cart.length === 0 ? 1 : (search.step ?? 1)
  const replace = (next: OrderSearch) => void navigate({ search: next, replace: true, resetScroll: false })
  return {
    search,
    cart,
    step,
    look: (where: Pick<OrderSearch, "country" | "type">) => replace({ ...search, ...where }),
    setCart: (items: Cart) => {
      const { cart: _, ...others } = search
      replace(items.length === 0 ? others : { ...others, cart: writeCart(items) })
    },
    goTo: (next: Step) => void navigate({ search: { ...search, step: next } }),
    startOver: () => replace({})
  }
}
