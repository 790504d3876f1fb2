/**
 * How much may be under way to each endpoint from this process. An endpoint begins with little, gets more with each
 * success and falls to one with a failure, so that those that hang occupy next to nothing; all that fail together occupy
 * half at most.
 */
import type { WebhookId } from "../Account.ts"

/** Deliveries under way at once, to all endpoints. */
export const MOST_UNDER_WAY = 1024

const MOST_FAILING = MOST_UNDER_WAY / 2

/** To an endpoint of which nothing is known. */
export const FIRST_WINDOW = 2

const LARGEST_WINDOW = 16

interface Window {
  readonly size: number
  readonly failing: boolean
  readonly underWay: number
}

const FIRST: Window = { size: FIRST_WINDOW, failing: false, underWay: 0 }

export interface DeliveryWindows {
  readonly underWay: () => number
  /** What may be claimed of the endpoints that something is known of. */
  readonly free: () => ReadonlyMap<WebhookId, number>
  readonly begin: (endpoint: WebhookId) => void
  readonly end: (endpoint: WebhookId, delivered: boolean) => void
}

export const makeDeliveryWindows = (): DeliveryWindows => {
  const windows = new Map<WebhookId, Window>()
  let underWay = 0
  let failing = 0

  const put = (endpoint: WebhookId, before: Window, after: Window) => {
    underWay += after.underWay - before.underWay
    failing += (after.failing ? after.underWay : 0) - (before.failing ? before.underWay : 0)
    // What is idle and well is known again soon enough.
    if (after.underWay === 0 && !after.failing) windows.delete(endpoint)
    else windows.set(endpoint, after)
  }

  return {
    underWay: () => underWay,
    free: () => {
      const room = failing < MOST_FAILING
      return new Map(
        [...windows].map(([endpoint, { failing: fails, size, underWay: busy }]) => [
          endpoint,
          fails && !room ? 0 : Math.max(0, size - busy)
        ])
      )
    },
    begin: (endpoint) => {
      const before = windows.get(endpoint) ?? FIRST
      put(endpoint, before, { ...before, underWay: before.underWay + 1 })
    },
    end: (endpoint, delivered) => {
      const before = windows.get(endpoint) ?? FIRST
      put(endpoint, before, {
        size: delivered ? Math.min(LARGEST_WINDOW, before.size * 2) : 1,
        failing: !delivered,
        underWay: before.underWay - 1
      })
    }
  }
}
