/** Everything by keyboard alone. */
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { composerOf, rowOf, SENDER } from "./composer.ts"
import { eventually, expectClean, focused, focusedId } from "./reading.ts"
import { startPortalHost, visit } from "./visitor.ts"

let browser: Browser
let host: TestHost
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launchChromium(), startPortalHost()])
})
afterAll(async () => {
  await browser.close()
  await host[Symbol.asyncDispose]()
})

const MOST_TABS = 40

/** Tabs on until that has the focus. */
const tabTo = async (page: Page, name: string | RegExp) => {
  const passed: Array<string> = []
  const isIt = (one: string) => (typeof name === "string" ? one === name : name.test(one))
  for (let tabs = 0; tabs < MOST_TABS; tabs++) {
    await page.keyboard.press("Tab")
    const now = await focused(page)
    if (isIt(now)) return passed
    passed.push(now)
  }
  throw new Error(`no ${name} among ${passed.join(", ")}`)
}

describe("with the keyboard", () => {
  it("one is in, writes and sends, and sees it in the inbox", async () => {
    await using visitor = await visit(browser, host, { signedIn: false })
    const { page } = visitor
    await page.getByRole("button", { name: "Open the demo", exact: true }).waitFor()
    await tabTo(page, "Open the demo")
    await page.keyboard.press("Enter")
    await page.getByRole("heading", { name: "SMS", exact: true }).waitFor()
    await tabTo(page, "Compose")
    await page.keyboard.press("Enter")
    const { from, message, to } = composerOf(page)
    await from.waitFor()
    await tabTo(page, "From")
    // The first that can be chosen, as the browser has it.
    await page.keyboard.press("ArrowDown")
    await eventually(() => from.locator("option:checked").textContent()).toBe(SENDER)
    await page.keyboard.press("Tab")
    expect(await focused(page)).toBe("To")
    await page.keyboard.type("+31612345678")
    await page.keyboard.press("Tab")
    expect(await focused(page)).toBe("Message")
    await page.keyboard.type("Typed")
    await page.keyboard.press("Enter")
    await page.keyboard.type("on two lines")
    expect(await message.inputValue()).toBe("Typed\non two lines")
    expect(await to.inputValue()).toBe("+31612345678")
    await page.keyboard.press("Control+Enter")
    await rowOf(page, "Typed").waitFor()
    expect((await host.call("GET", "sms")).body.messages[0].body).toBe("Typed\non two lines")
    expectClean(visitor)
  })

  it("one skips to the content", async () => {
    await host.send("+31612345678", "In the content")
    await using visitor = await visit(browser, host)
    const { page } = visitor
    await rowOf(page, "In the content").waitFor()
    await page.keyboard.press("Tab")
    expect(await focused(page)).toBe("Skip to the content")
    const link = page.getByRole("link", { name: "Skip to the content" })
    await eventually(async () => ((await link.boundingBox())?.y ?? -1) >= 0).toBe(true)
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    expect(await focused(page)).toBe("Compose")
    expect(new URL(page.url()).pathname).toBe("/sms")
    await rowOf(page, "In the content").waitFor()

    await tabTo(page, /In the content/)
    await page.keyboard.press("Enter")
    await page.getByRole("heading", { name: /^Message \d+$/ }).waitFor()
    await eventually(() => page.evaluate("document.activeElement.id")).toBe("content")
    await page.keyboard.press("Tab")
    expect(await focused(page)).toBe("Back to the inbox")
    expectClean(visitor)
  })

  it("one goes to another page and is still where one was in the menu", async () => {
    await using visitor = await visit(browser, host)
    const { page } = visitor
    await page.getByRole("heading", { name: "SMS", exact: true }).waitFor()
    await tabTo(page, "API Keys")
    await page.keyboard.press("Enter")
    await page.getByRole("heading", { name: "API Keys" }).waitFor()
    expect(await focused(page)).toBe("API Keys")
    expect(await page.getByRole("link", { name: "API Keys" }).getAttribute("aria-current")).toBe("page")
    expectClean(visitor)
  })

  it("one is kept in a dialog, leaves it with Escape, and is back where it was opened", async () => {
    await using visitor = await visit(browser, host, { path: "/keys" })
    const { page } = visitor
    await page.getByRole("button", { name: "Create API key" }).first().waitFor()
    await tabTo(page, "Create API key")
    await page.keyboard.press("Enter")
    const dialog = page.getByRole("dialog")
    await dialog.waitFor()
    await eventually(() => focused(page)).toBe("Name")
    for (let tabs = 0; tabs < MOST_TABS; tabs++) {
      await page.keyboard.press("Tab")
      expect(await dialog.locator(":focus").count()).toBe(1)
    }
    await page.keyboard.press("Escape")
    await dialog.waitFor({ state: "detached" })
    await eventually(() => focused(page)).toBe("Create API key")
    expectClean(visitor)
  })

  it("one goes on in the content once what one removed is gone", async () => {
    const made = await host.call("POST", "api_keys", { json: { name: "Old", scopes: ["sms:read"] } })
    const { id } = made.body.api_key
    await using visitor = await visit(browser, host, { path: "/keys" })
    const { page } = visitor
    await page.getByRole("button", { name: "Revoke Old" }).focus()
    await page.keyboard.press("Enter")
    await page.getByRole("dialog").waitFor()
    await eventually(() => focused(page)).toBe("Cancel")
    await page.keyboard.press("Tab")
    await page.keyboard.press("Enter")
    await page.getByRole("dialog").waitFor({ state: "detached" })
    await page.getByRole("row").filter({ hasText: "Old" }).waitFor({ state: "detached" })
    await eventually(() => focusedId(page)).toBe("content")
    expect((await host.call("GET", "api_keys")).body.api_keys.map((key: { id: number }) => key.id)).not.toContain(id)
    expectClean(visitor)
  })

  it("one stays on a button while it is busy, and comes back to what opened a dialog", async () => {
    await using visitor = await visit(browser, host, { path: "/wallet" })
    const { page } = visitor
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
    await page.route("**/wallet/top_ups", async (route) => {
      await held
      await route.continue()
    })
    const topUp = page.getByRole("button", { name: /^Top up/ })
    await topUp.focus()
    await page.keyboard.press("Enter")
    await page.locator("button[data-loading]").waitFor()
    letGo()
    await page.getByText("was added.").waitFor()
    await eventually(() => focused(page)).toMatch(/^Top up/)

    await visitor.open("/keys")
    await page.getByRole("button", { name: "Create API key" }).first().focus()
    await page.keyboard.press("Enter")
    await eventually(() => focused(page)).toBe("Name")
    await page.keyboard.type("Mine")
    await page.keyboard.press("Enter")
    await page.getByRole("button", { name: "I have stored it" }).focus()
    await page.keyboard.press("Enter")
    await page.getByRole("dialog").waitFor({ state: "detached" })
    await eventually(() => focused(page)).toBe("Create API key")
    expectClean(visitor)
  })

  it("one sees where one is: what has the focus is marked", async () => {
    await using visitor = await visit(browser, host)
    const { page } = visitor
    await page.getByRole("heading", { name: "SMS", exact: true }).waitFor()
    await page.getByRole("img", { name: "Messages of the last 30 days" }).waitFor()
    const unmarked: Array<string> = []
    let name = ""
    for (let tabs = 0; tabs < 15; tabs++) {
      await page.keyboard.press("Tab")
      if (!(await page.evaluate<boolean>(LEFT_LOOKS_OTHERWISE))) unmarked.push(name)
      name = await focused(page)
    }
    expect(unmarked).toEqual([])
    expectClean(visitor)
  })
})

/** Whether what had the focus before looked otherwise then, by its outline, its shadow or its border. */
const LEFT_LOOKS_OTHERWISE = `(async () => {
  await Promise.allSettled(document.getAnimations().map(({ finished }) => finished))
  const lookOf = (element) => {
    const { borderColor, boxShadow, outlineStyle, outlineWidth } = getComputedStyle(element)
    return [borderColor, boxShadow, outlineStyle, outlineWidth].join()
  }
  const { left } = window
  window.left = { element: document.activeElement, look: lookOf(document.activeElement) }
  return left === undefined || lookOf(left.element) !== left.look
})()`
