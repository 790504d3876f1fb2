import { assert, describe, test } from "vitest"
import { WebhookId } from "../../src/Account.ts"
import { FIRST_WINDOW, makeDeliveryWindows, MOST_UNDER_WAY } from "../../src/notify/DeliveryWindows.ts"

const endpoint = WebhookId.make(1)

describe("what may be under way to an endpoint", () => {
  test("doubles with each success up to 16, and falls to one with a failure", () => {
    const windows = makeDeliveryWindows()
    const sizes = [true, true, true, true, false].map((delivered) => {
      windows.begin(endpoint)
      windows.begin(endpoint)
      windows.end(endpoint, delivered)
      const free = windows.free().get(endpoint) ?? 0
      windows.end(endpoint, delivered)
      return free + 1
    })
    // Each round is idle at its end: an endpoint that is idle and well is forgotten.
    assert.deepStrictEqual(sizes, [4, 4, 4, 4, 1])
    assert.strictEqual(windows.free().get(endpoint), 1)
    assert.strictEqual(windows.underWay(), 0)
  })

  test("grows while it is busy", () => {
    const windows = makeDeliveryWindows()
    for (let i = 0; i < 8; i++) windows.begin(endpoint)
    const free = [1, 2, 3, 4].map(() => {
      windows.end(endpoint, true)
      windows.begin(endpoint)
      return windows.free().get(endpoint)
    })
    assert.deepStrictEqual(free, [0, 0, 8, 8])
  })

  test("is nothing to those that fail once they occupy half of it together", () => {
    const windows = makeDeliveryWindows()
    const fails = Array.from({ length: MOST_UNDER_WAY / 2 }, (_, i) => WebhookId.make(i + 2))
    for (const one of fails) {
      windows.begin(one)
      windows.end(one, false)
    }
    assert.strictEqual(windows.free().get(fails[0] as WebhookId), 1)
    for (const one of fails) windows.begin(one)
    windows.begin(endpoint)
    assert.strictEqual(windows.free().get(endpoint), FIRST_WINDOW - 1)
    const another = WebhookId.make(9999)
    windows.begin(another)
    windows.end(another, false)
    assert.strictEqual(windows.free().get(another), 0)
  })
})
