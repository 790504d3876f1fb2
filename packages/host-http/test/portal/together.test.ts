/** Two people at once, and a host that goes away and comes back. */
import { Redacted } from "effect"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { openComposer, rowOf, statusOf, write } from "./composer.ts"
import { expectClean, listen } from "./reading.ts"
import { startPortalHost, visit, type Visitor } from "./visitor.ts"

let browser: Browser
let host: TestHost
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launchChromium(), startPortalHost({ sandboxDelayMillis: 500 })])
})
afterAll(async () => {
  await browser.close()
  await host[Symbol.asyncDispose]()
})

const AWAY = "Cliqtel SMS cannot be reached."

/** What is read of the list by whoever looks at it, from now on. */
const isReady = ({ page }: Visitor) => page.getByRole("list", { name: "Messages" }).waitFor()

const writesBack = async (body: string, to: Pick<TestHost, "call"> = host) => {
  const json = { from: "+31612345678", to: "+31201234567", body }
  expect((await to.call("POST", "sandbox/inbound", { json })).status).toBe(202)
}

describe("two visitors", () => {
  it("see at once what either of them sends, and how it fares", async () => {
    await host.send("+31612345678", "The first one")
    await using one = await visit(browser, host)
    await using other = await visit(browser, host)
    await Promise.all([isReady(one), isReady(other)])
    const requests = listen(other.page)
    const composer = await openComposer(one.page)
    await write(composer, "+31612345678", "Sent by one")
    await composer.send.click()
    const seen = rowOf(other.page, "Sent by one")
    await seen.waitFor()
    await Promise.all([
      statusOf(seen, "Delivered").waitFor(),
      statusOf(rowOf(one.page, "Sent by one"), "Delivered").waitFor()
    ])

    const back = await openComposer(other.page)
    await write(back, "+15005550001", "Sent by the other")
    await back.send.click()
    await rowOf(one.page, "Sent by the other").getByText("Failed to send SMS").waitFor()
    await writesBack("Read by both")
    await Promise.all([one, other].map(({ page }) => statusOf(rowOf(page, "Read by both"), "Received").waitFor()))
    expect(requests.filter((request) => request.startsWith("GET sms?")).length).toBeLessThanOrEqual(1)
    expectClean(one)
    expectClean(other)
  })
})

describe("a host that cannot be reached", () => {
  it("is said to be away, and what was missed is there once it is back, without a reload", async () => {
    const databaseUrl = Redacted.make(host.databaseUrl)
    const first = await startPortalHost({ databaseUrl, sandboxDelayMillis: 1 })
    await using visitor = await visit(browser, first)
    const { page } = visitor
    await isReady(visitor)
    await page.evaluate("window.isTheSamePage = true")
    await page.getByRole("link", { name: "Opt-outs" }).click()
    await page.getByText("Nobody has opted out").waitFor()
    await page.getByRole("link", { name: "SMS", exact: true }).click()
    await rowOf(page, "The first one").waitFor()
    await first[Symbol.asyncDispose]()
    const banner = page.getByRole("status").filter({ hasText: AWAY })
    await banner.getByText("the page goes on by itself").waitFor()
    await page.getByRole("link", { name: "Opt-outs" }).click()
    await page.getByText("Nobody has opted out").waitFor()
    await page.getByRole("link", { name: "SMS", exact: true }).click()
    await rowOf(page, "The first one").waitFor()
    await writesBack("Missed in between")
    expect(await rowOf(page, "Missed in between").count()).toBe(0)

    // Another process in the place of the first.
    await using second = await startPortalHost({ databaseUrl, port: Number(new URL(first.url).port) })
    await page.getByText(AWAY).waitFor({ state: "detached" })
    await rowOf(page, "Missed in between").waitFor()
    await second.call("POST", "sandbox/inbound", {
      json: { from: "+31612345678", to: "+31201234567", body: "Heard again" }
    })
    await rowOf(page, "Heard again").waitFor()
    expect(await rowOf(page, "Missed in between").count()).toBe(1)
    expect(await page.evaluate("window.isTheSamePage")).toBe(true)
    expectClean(visitor)
  })

  it("is waited for with a page that was never opened before, and the one before stays", async () => {
    await using visitor = await visit(browser, host)
    const { context, page } = visitor
    await isReady(visitor)
    await context.setOffline(true)
    await page.getByRole("link", { name: "Webhooks" }).click()
    await page.getByText(AWAY).waitFor()
    await rowOf(page, "The first one").waitFor()

    await context.setOffline(false)
    await page.getByRole("heading", { name: "Webhooks", exact: true }).waitFor()
    await page.getByText(AWAY).waitFor({ state: "detached" })
    expectClean(visitor)
  })

  it("is waited for with what was written, and the message goes out once it is back", async () => {
    await using visitor = await visit(browser, host)
    const { context, page } = visitor
    await isReady(visitor)
    const composer = await openComposer(page)
    await write(composer, "+31612345678", "Written on a train")
    await context.setOffline(true)
    await composer.send.click()
    await page.getByRole("alert").filter({ hasText: "No answer came" }).waitFor()
    await page.getByText(AWAY).waitFor()
    expect(await composer.message.inputValue()).toBe("Written on a train")

    await context.setOffline(false)
    await page.getByText(AWAY).waitFor({ state: "detached" })
    await composer.send.click()
    await statusOf(rowOf(page, "Written on a train"), "Delivered").waitFor()
    expect(await rowOf(page, "Written on a train").count()).toBe(1)
    expectClean(visitor)
  })
})
