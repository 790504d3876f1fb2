/** Sending from the portal, as the product's help page has it. */
import { bundledFile } from "@cliqtel/sms-adapters/catalogue"
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { ADMIN_TOKEN, withAdmin } from "../host/customer.ts"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { composerOf, openComposer, rowOf, SENDER, statusOf, write } from "./composer.ts"
import { beside, eventually, expectClean, isInvalid, listen } from "./reading.ts"
import { isTooWide, startPortalHost, visit } from "./visitor.ts"

/** Slow enough for a person, and for this machine, to see each status. */
const DELAY_MILLIS = 1000

let browser: Browser
let host: TestHost
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "catalogue-"))
  const catalogueFile = join(folder, "catalogue.json")
  const catalogue = JSON.parse(await readFile(bundledFile, "utf8"))
  catalogue.destinations.off = ["KP"]
  await writeFile(catalogueFile, JSON.stringify(catalogue))
  ;[browser, host] = await Promise.all([
    launchChromium(),
    startPortalHost({ ...withAdmin, sandboxDelayMillis: DELAY_MILLIS, catalogueFile })
  ])
})
afterAll(async () => {
  await browser.close()
  await host[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})
beforeEach(() => host.query("UPDATE sms.wallets SET balance = 25000000 WHERE account_id = 1"))

const sentWith = async (text: string) => {
  const { messages } = (await host.call("GET", "sms?limit=200")).body
  return messages.filter(({ body }: { readonly body: string }) => body === text)
}

const pauseCarrier = async (paused: boolean) => {
  const answer = await host.call("PATCH", "/api/v1/admin/carriers/sandbox", { key: ADMIN_TOKEN, json: { paused } })
  expect(answer.status).toBe(200)
}

/** Notes each status that the message with this text is ever shown with, from now on. */
const noteStatuses = (page: Page, text: string) =>
  page.evaluate(`
    window.noted = []
    new MutationObserver(() => {
      const rows = [...document.querySelectorAll("[data-message]")]
      const badge = rows.find((row) => row.textContent.includes(${JSON.stringify(text)}))?.querySelector("[data-status]")
      const status = badge?.dataset.status
      if (status !== undefined && status !== window.noted.at(-1)) window.noted.push(status)
    }).observe(document, { subtree: true, childList: true, attributes: true })
  `)

describe("a message", () => {
  it("is in the inbox at once, and its status moves by itself, without polling", async () => {
    await using visitor = await visit(browser, host)
    const { page } = visitor
    const text = "On its way"
    await page.getByText("No messages yet").waitFor()
    const composer = await openComposer(page)
    await write(composer, "+31612345678", text)
    await noteStatuses(page, text)
    const requests = listen(page)
    await pauseCarrier(true)
    await composer.send.click()

    const row = rowOf(page, text)
    await statusOf(row, "Queued").waitFor()
    expect(new URL(page.url()).pathname).toBe("/sms")
    await row.getByText("+31612345678").waitFor()
    await row.getByText("1 segment").waitFor()
    await row.getByText("€0.008").waitFor()
    await pauseCarrier(false)
    await statusOf(row, "Delivered").waitFor()
    expect(await page.evaluate("window.noted")).toEqual(["queued", "sending", "sent", "delivered"])

    // The inbox reads its list when it is opened, if that is old, and never again.
    expect(requests.filter((request) => request.startsWith("GET sms?")).length).toBeLessThanOrEqual(1)
    expect(requests.filter((request) => /^GET sms\/\d/.test(request))).toEqual([])
    const figure = page.getByRole("group", { name: "Messages today" })
    await figure.getByText("1", { exact: true }).waitFor()
    await eventually(() => page.getByTestId("balance").textContent()).toBe("€24.992")
    expectClean(visitor)
  })

  it("is not asked for again and again, however long the page stays open", async () => {
    await using visitor = await visit(browser, host, { path: "/healthz" })
    const { page } = visitor
    await page.clock.install()
    await visitor.open("/sms")
    const composer = await openComposer(page)
    await write(composer, "+31612345678", "Left alone")
    await composer.send.click()
    await statusOf(rowOf(page, "Left alone"), "Delivered").waitFor()
    const requests = listen(page)
    for (let hour = 0; hour < 3; hour++) await page.clock.fastForward("01:00:00")
    const heard = page.getByRole("list", { name: "Messages" }).getByText("Heard all the same")
    await host.send("+31612345678", "Heard all the same")
    await heard.waitFor()
    expect(requests.filter((request) => /^GET sms(\?|\/\d)/.test(request))).toEqual([])
    expectClean(visitor)
  })

  it("goes out once when it is sent with a double click", async () => {
    await using visitor = await visit(browser, host, { path: "/sms/compose" })
    const composer = composerOf(visitor.page)
    await composer.send.waitFor()
    await write(composer, "+31612345678", "Twice clicked")
    const requests = listen(visitor.page)
    await composer.send.dblclick()
    await rowOf(visitor.page, "Twice clicked").waitFor()
    expect(requests.filter((request) => request === "POST sms/send")).toHaveLength(1)
    expect(await sentWith("Twice clicked")).toHaveLength(1)
    expectClean(visitor)
  })

  it("goes out once when no answer came and it is sent again, even after the page was loaded anew", async () => {
    await using visitor = await visit(browser, host, { path: "/sms/compose" })
    const { page } = visitor
    const composer = composerOf(page)
    await composer.send.waitFor()
    await write(composer, "+31612345678", "Answer lost")
    const keys: Array<string | undefined> = []
    page.on("request", (request) => {
      if (request.url().endsWith("/sms/send")) keys.push(request.headers()["idempotency-key"])
    })
    await page.route(
      "**/sms/send",
      async (route) => {
        await route.fetch()
        await route.abort()
      },
      { times: 2 }
    )
    await composer.send.click()
    const notice = page.getByRole("alert").filter({ hasText: "No answer came" })
    await notice.getByText("Send it again: it goes out only once, even if it was already sent.").waitFor()
    expect(await composer.message.inputValue()).toBe("Answer lost")
    expect(await sentWith("Answer lost")).toHaveLength(1)

    await composer.send.click()
    await eventually(() => keys).toHaveLength(2)
    await notice.waitFor()
    await page.reload()
    await eventually(() => composer.message.inputValue()).toBe("Answer lost")
    await composer.send.click()
    await rowOf(page, "Answer lost").first().waitFor()
    expect(await rowOf(page, "Answer lost").count()).toBe(1)
    expect(await sentWith("Answer lost")).toHaveLength(1)
    expect(keys).toHaveLength(3)
    expect(new Set(keys).size).toBe(1)
    expect(keys[0]).toMatch(/^[\da-f-]{36}$/)

    await openComposer(page)
    await write(composer, "+31612345678", "Answer lost")
    await composer.send.click()
    await eventually(() => rowOf(page, "Answer lost").count()).toBe(2)
    expectClean(visitor)
  })

  it("that is being written survives a reload, and is gone once it is sent", async () => {
    await using visitor = await visit(browser, host, { path: "/sms/compose" })
    const { page } = visitor
    const composer = composerOf(page)
    await composer.send.waitFor()
    await write(composer, "+31698765432", "Half wr")
    await page.reload()
    await eventually(() => composer.message.inputValue()).toBe("Half wr")
    expect(await composer.to.inputValue()).toBe("+31698765432")
    expect(await composer.from.locator("option:checked").textContent()).toBe(SENDER)

    await composer.message.fill("Half written, and then all of it")
    await composer.send.click()
    await rowOf(page, "Half written, and then all of it").waitFor()
    await openComposer(page)
    expect(await composer.message.inputValue()).toBe("")
    expect(await composer.to.inputValue()).toBe("")
    expectClean(visitor)
  })
})

describe("what is written", () => {
  it("is counted as it will be sent and charged", async () => {
    await using visitor = await visit(browser, host, { path: "/sms/compose" })
    const { page } = visitor
    const { counter, message, price, send } = composerOf(page)
    await send.waitFor()
    const shows = async (text: string, expected: ReadonlyArray<string>, cost: string) => {
      await message.fill(text)
      await eventually(() => counter.allTextContents()).toEqual(expected)
      await eventually(() => price.textContent()).toContain(`Price${cost}Balance€25.00`)
    }
    await shows("", ["0 of 1,600 characters", "GSM-7", "0 segments", "160 left in this segment"], "–")
    await shows("a".repeat(160), ["160 of 1,600 characters", "GSM-7", "1 segment", "0 left in this segment"], "€0.008")
    await shows(
      "a".repeat(161),
      ["161 of 1,600 characters", "GSM-7", "2 segments", "145 left in this segment"],
      "€0.016"
    )
    await shows("ж".repeat(70), ["70 of 1,600 characters", "Unicode", "1 segment", "0 left in this segment"], "€0.008")
    await shows(
      "ж".repeat(71),
      ["71 of 1,600 characters", "Unicode", "2 segments", "63 left in this segment"],
      "€0.016"
    )
    await shows(
      "a".repeat(1600),
      ["1,600 of 1,600 characters", "GSM-7", "11 segments", "83 left in this segment"],
      "€0.088"
    )
    expect(await isInvalid(message)).toBe(false)

    await message.fill("a".repeat(1601))
    await eventually(() => beside(message)).toContain("A message has at most 1,600 characters.")
    expect(await isInvalid(message)).toBe(true)
    expectClean(visitor)
  })

  it("shows which characters make it Unicode, and one click replaces them", async () => {
    await using visitor = await visit(browser, host, { path: "/sms/compose" })
    const { page } = visitor
    const { counter, message, send } = composerOf(page)
    await send.waitFor()
    await message.fill("“Now” – it’s done")
    const notice = page.getByTestId("unicode")
    await notice.getByText("These characters make the message Unicode").waitFor()
    expect(await notice.getByRole("listitem").allTextContents()).toEqual([
      '“ becomes "',
      '” becomes "',
      "– becomes -",
      "’ becomes '"
    ])
    expect(await notice.locator("mark").allTextContents()).toEqual(["“", "”", "–", "’"])

    await notice.getByRole("button", { name: "Replace with plain ones" }).click()
    expect(await message.inputValue()).toBe(`"Now" - it's done`)
    await notice.waitFor({ state: "detached" })
    expect(await counter.nth(1).textContent()).toBe("GSM-7")

    await message.fill("Party 🎉")
    await notice.getByText("No plain form: 🎉").waitFor()
    expect(await notice.getByRole("button").count()).toBe(0)
    expectClean(visitor)
  })

  it("goes to a country that is recognised, however the number is written", async () => {
    await using visitor = await visit(browser, host, { path: "/sms/compose" })
    const { page } = visitor
    const { message, send, to } = composerOf(page)
    await send.waitFor()
    await to.pressSequentially("+31")
    await page.getByText("Netherlands", { exact: true }).waitFor()
    await to.fill("+44 7400 123456")
    await page.getByText("United Kingdom", { exact: true }).waitFor()
    for (const written of ["0031 6 1234-5678", "+31 (0)6 1234 5678", "＋３１６１２３４５６７８"]) {
      await to.fill(written)
      await page.getByText("Netherlands", { exact: true }).waitFor()
      await message.focus()
      await eventually(() => to.inputValue()).toBe("+31612345678")
    }
    expectClean(visitor)
  })
})

describe("what was written", () => {
  it("is not lost to a message that is to be sent again, nor to another tab", async () => {
    const { id } = (await host.send("+31612345678", "Once more")).body.message
    await using visitor = await visit(browser, host, { path: "/sms/compose" })
    const { page } = visitor
    const { message, send } = composerOf(page)
    await send.waitFor()
    await message.fill("A long letter")
    await visitor.open(`/sms/${id}`)
    await page.getByRole("link", { name: "Send again" }).click()
    await eventually(() => message.inputValue()).toBe("Once more")

    const other = await visitor.context.newPage()
    await other.goto("/sms/compose")
    await composerOf(other).send.waitFor()
    expect(await composerOf(other).message.inputValue()).toBe("")
    await composerOf(other).message.fill("Another letter")

    await visitor.open("/sms/compose")
    await eventually(() => message.inputValue()).toBe("A long letter")
    expectClean(visitor)
  })

  it("is made plain as if it were typed: one goes on writing, and takes it back with Ctrl+Z", async () => {
    await using visitor = await visit(browser, host, { path: "/sms/compose" })
    const { page } = visitor
    const { message, send } = composerOf(page)
    await send.waitFor()
    await message.pressSequentially("Now — or never")
    await page.getByRole("button", { name: "Replace with plain ones" }).click()
    await eventually(() => message.inputValue()).toBe("Now - or never")
    await page.keyboard.press("Control+z")
    await eventually(() => message.inputValue()).toBe("Now — or never")
    expectClean(visitor)
  })

  it("has no price once it is too long", async () => {
    await using visitor = await visit(browser, host, { path: "/sms/compose" })
    const { message, price, send } = composerOf(visitor.page)
    await send.waitFor()
    await message.fill("a")
    await eventually(() => price.textContent()).toContain("€0.008")
    await message.fill("a".repeat(1601))
    await eventually(() => price.textContent()).toContain("Price–")
    expectClean(visitor)
  })

  it("fits a phone in a conversation, however long its words are", async () => {
    await using visitor = await visit(browser, host, { path: "/sms/with/+31612345678", width: 390 })
    const { page } = visitor
    await page.getByLabel("Message", { exact: true }).fill(`https://shop.example/${"x".repeat(200)} —`)
    await page.getByTestId("unicode").waitFor()
    expect(await isTooWide(page)).toBe(false)
    expectClean(visitor)
  })
})

describe("what is wrong", () => {
  it("is said beside each field before anything is sent", async () => {
    await using visitor = await visit(browser, host, { path: "/sms/compose" })
    const { page } = visitor
    const { from, message, send, to } = composerOf(page)
    await send.waitFor()
    const requests = listen(page)
    await send.click()
    await eventually(() => beside(from)).toContain("Choose the number to send from.")
    expect(await beside(to)).toContain("Enter the number to send to, with + and the country code.")
    expect(await beside(message)).toContain("Write a message.")

    await from.selectOption(SENDER)
    await message.fill("Hello")
    await to.fill("0612345678")
    await send.click()
    await eventually(() => beside(to)).toContain("Enter the number to send to, with + and the country code.")
    expect(await isInvalid(to)).toBe(true)
    expect(await isInvalid(from)).toBe(false)
    await message.fill("a".repeat(1601))
    await to.fill("+31612345678")
    await send.click()
    expect(requests).not.toContain("POST sms/send")
    expectClean(visitor)
  })

  it.each([
    ["a number that cannot be", "+316123456789012"],
    ["a country without a price", "+8501921234567"]
  ])("with %s is said beside the recipient", async (_, recipient) => {
    await using visitor = await visit(browser, host, { path: "/sms/compose" })
    const composer = composerOf(visitor.page)
    await composer.send.waitFor()
    await write(composer, recipient, "Nobody gets this")
    await composer.send.click()
    await eventually(() => beside(composer.to)).toContain("Failed to send SMS")
    expect(await isInvalid(composer.to)).toBe(true)
    expect(await composer.message.inputValue()).toBe("Nobody gets this")
    expect(await sentWith("Nobody gets this")).toEqual([])

    await composer.to.fill("+31612345678")
    expect(await isInvalid(composer.to)).toBe(false)
    expectClean(visitor)
  })

  it("is that a person has replied STOP", async () => {
    const json = { from: "+31611110000", to: "+31201234567", body: "STOP" }
    expect((await host.call("POST", "sandbox/inbound", { json })).status).toBe(202)
    await using visitor = await visit(browser, host, { path: "/sms/compose" })
    const composer = composerOf(visitor.page)
    await composer.send.waitFor()
    await write(composer, json.from, "Against their will")
    await composer.send.click()
    await eventually(() => beside(composer.to)).toMatch(/Failed to send SMS.*STOP/)
    expect(await sentWith("Against their will")).toEqual([])
    expectClean(visitor)
  })

  it("is that the wallet does not hold the price: nothing is charged, nothing is stored", async () => {
    await host.query("UPDATE sms.wallets SET balance = 15999 WHERE account_id = 1")
    await using visitor = await visit(browser, host, { path: "/sms/compose" })
    const { page } = visitor
    const composer = composerOf(page)
    await composer.send.waitFor()
    const text = "Too dear ".repeat(20)
    await write(composer, "+31612345678", text)
    const notice = page.getByRole("alert").filter({ hasText: "Insufficient wallet balance" })
    await notice.getByText("Top up the wallet, then send the message.").waitFor()
    await composer.send.click()
    await notice.getByText("The message costs EUR 0.016, the wallet holds EUR 0.015999.").waitFor()
    expect(await notice.getByRole("link", { name: "Wallet" }).getAttribute("href")).toBe("/wallet")
    expect(await sentWith(text)).toEqual([])
    expect((await host.call("GET", "wallet")).body.wallet.balance).toBe("0.015999")
    expectClean(visitor)
  })
})
