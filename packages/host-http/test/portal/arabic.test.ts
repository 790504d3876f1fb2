/** The product's steps as somebody takes them who reads Arabic. */
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { expectClean } from "./reading.ts"
import { startPortalHost, visit } from "./visitor.ts"
import { wordsOf } from "./words.ts"

const words = wordsOf("ar")

let browser: Browser
let host: TestHost
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launchChromium(), startPortalHost()])
})
afterAll(async () => {
  await browser.close()
  await host[Symbol.asyncDispose]()
})

describe("in Arabic", () => {
  it("one signs in with a click, sends, and sees the message delivered by itself", async () => {
    await using visitor = await visit(browser, host, { language: "ar", signedIn: false })
    const { page } = visitor
    await page.getByRole("button", { name: words("session:demo"), exact: true }).click()
    await page
      .getByRole("link", { name: words("sms:compose"), exact: true })
      .first()
      .click()
    await page.getByLabel(words("sms:write.from"), { exact: true }).selectOption({ index: 1 })
    await page.getByLabel(words("sms:write.to"), { exact: true }).fill("+31612345678")
    await page.getByLabel(words("sms:write.message"), { exact: true }).fill("مرحبا، طلبك رقم 1234 في الطريق")
    await page.getByRole("button", { name: words("sms:write.send"), exact: true }).click()
    const row = page.getByRole("listitem").filter({ hasText: "طلبك رقم 1234" })
    await row.getByText(words("sms:status.delivered"), { exact: true }).waitFor()
    expectClean(visitor)
  })

  it("one switches SMS on for its monthly price, once that is confirmed", async () => {
    await using visitor = await visit(browser, host, { language: "ar", path: "/numbers/2" })
    const { page } = visitor
    const toggle = page.getByRole("switch")
    await toggle.click()
    const dialog = page.getByRole("dialog")
    await dialog.getByRole("button", { name: words("numbers:switch.enable"), exact: true }).click()
    await page.getByText(words("numbers:switch.enabled"), { exact: true }).waitFor()
    expect(await toggle.isChecked()).toBe(true)
    expect((await host.call("GET", "numbers/2")).body.number.sms.state).toBe("on")
    expect((await host.call("GET", "wallet/entries?limit=1")).body.entries[0].kind).toBe("addon_fee")
    expectClean(visitor)
  })

  it("one orders a number with SMS in three steps", async () => {
    await using visitor = await visit(browser, host, { language: "ar", path: "/numbers/order?country=NL&type=mobile" })
    const { page } = visitor
    const press = (key: string) =>
      page
        .getByRole("main")
        .getByRole("button", { name: words(key), exact: true })
        .click()
    await page.getByRole("main").getByRole("checkbox").first().check()
    await press("common:action.next")
    await page.getByRole("heading", { name: words("numbers:orderPage.step.2") }).waitFor()
    await page.getByRole("main").getByRole("checkbox").first().check()
    await press("common:action.next")
    await page.getByRole("heading", { name: words("numbers:orderPage.step.3") }).waitFor()
    await page.getByRole("main").getByRole("button", { name: "1.75" }).click()
    await page.getByRole("link", { name: words("numbers:orderPage.done.toNumbers"), exact: true }).waitFor()
    const { numbers } = (await host.call("GET", "numbers")).body
    expect(numbers).toHaveLength(5)
    expect(numbers.at(-1)).toMatchObject({ country: "NL", type: "mobile", sms: { enabled: true } })
    expectClean(visitor)
  })
})
