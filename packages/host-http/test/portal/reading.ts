/** What the visitor reads on the page, and what it asked of the host meanwhile. */
import type { Locator, Page } from "playwright-core"
import { expect } from "vitest"
import type { Visitor } from "./visitor.ts"

/** As long as a person would wait before calling it broken. */
const PATIENCE_MILLIS = 20_000

/** Asks again until it is as expected. */
export const eventually = (ask: () => unknown): ReturnType<typeof expect.poll> =>
  expect.poll(ask, { timeout: PATIENCE_MILLIS, interval: 20 })

/** What stands beside a field, as a screen reader tells it with the field: its hints, and what is wrong with it. */
export const beside = async (field: Locator): Promise<string> => {
  const ids = ((await field.getAttribute("aria-describedby")) ?? "").split(" ").filter((id) => id !== "")
  const texts = await Promise.all(ids.map((id) => field.page().locator(`[id="${id}"]`).allTextContents()))
  return texts.flat().join("\n")
}

export const isInvalid = async (field: Locator): Promise<boolean> =>
  (await field.getAttribute("aria-invalid")) === "true"

/** What has the focus, by the name it is known by. */
export const focused = (page: Page): Promise<string> =>
  page.evaluate<string>(
    `(({ activeElement: e }) => e.getAttribute("aria-label") || e.labels?.[0]?.textContent || e.textContent || e.id)(document)`
  )

/** Where the focus is, where no name tells it. */
export const focusedId = (page: Page): Promise<string> => page.evaluate<string>("document.activeElement.id")

/** Requests of the page to the API from now on: "GET sms?limit=50". The stream of events is not one. */
export const listen = (page: Page): ReadonlyArray<string> => {
  const requests: Array<string> = []
  page.on("request", (request) => {
    const [, path] = request.url().split("/api/v1/portal/")
    if (path !== undefined && path !== "sms/events") requests.push(`${request.method()} ${path}`)
  })
  return requests
}

/** Nothing went wrong that the visitor does not see, and nobody else was asked for anything. */
export const expectClean = ({ complaints, strangers }: Visitor): void => {
  expect(complaints).toEqual([])
  expect(strangers).toEqual([])
}
