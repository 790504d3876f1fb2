/** The inbox: what is in it, how it is found, and that what comes in appears by itself. */
import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ADMIN_TOKEN, withAdmin } from "../host/customer.ts"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { composerOf, rowOf, statusOf } from "./composer.ts"
import { beside, eventually, expectClean, focused, focusedId, listen } from "./reading.ts"
import { startPortalHost, visit } from "./visitor.ts"

const OURS = "+31201234567"
const TOLL_FREE = 4

let browser: Browser
let host: TestHost
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launchChromium(), startPortalHost(withAdmin)])
  await admin("accounts/1", { rate_limit_per_second: 500 })
})
afterAll(async () => {
  await browser.close()
  await host[Symbol.asyncDispose]()
})

const admin = async (path: string, json: unknown) => {
  const answer = await host.call("PATCH", `/api/v1/admin/${path}`, { key: ADMIN_TOKEN, json })
  expect(answer.status, JSON.stringify(answer.body)).toBe(200)
}

const writesBack = async (from: string, body: string) => {
  const answer = await host.call("POST", "sandbox/inbound", { json: { from, to: OURS, body } })
  expect(answer.status).toBe(202)
}

/** Sent by a program, and as far as it goes. */
const sent = async (to: string, body: string, status = "delivered", from_number_id = 1): Promise<number> => {
  const answer = await host.call("POST", "sms/send", { json: { from_number_id, to, body } })
  expect(answer.status, JSON.stringify(answer.body)).toBe(201)
  const { id } = answer.body.message
  await host.message(id, (message) => message.status === status)
  return id
}

const list = (page: Page) => page.getByRole("list", { name: "Messages" })

const rows = (page: Page) => list(page).getByRole("listitem")

/** The first lines of all messages that are listed. */
const texts = async (page: Page) => {
  const found = await list(page).locator("[dir=auto]").allTextContents()
  return found.toSorted()
}

const queryOf = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams)

const balance = async () => (await host.call("GET", "wallet")).body.wallet.balance

describe("the list", () => {
  it("is filtered by number, direction and status, which the address keeps", async () => {
    await sent("+31611110001", "From Amsterdam")
    await sent("+12025550123", "From the toll-free number", "delivered", TOLL_FREE)
    await sent("+15005550001", "Rejected", "failed")
    await writesBack("+31611110001", "Answer from Amsterdam")
    const all = ["Answer from Amsterdam", "From Amsterdam", "From the toll-free number", "Rejected"]

    await using visitor = await visit(browser, host)
    const { page } = visitor
    await eventually(() => texts(page)).toEqual(all)
    await page.getByLabel("Number", { exact: true }).selectOption(OURS)
    await eventually(() => texts(page)).toEqual(["Answer from Amsterdam", "From Amsterdam", "Rejected"])
    await page.getByLabel("Direction", { exact: true }).selectOption("Outbound")
    await eventually(() => texts(page)).toEqual(["From Amsterdam", "Rejected"])
    await page.getByLabel("Status", { exact: true }).selectOption("Failed")
    await eventually(() => texts(page)).toEqual(["Rejected"])
    expect(queryOf(page)).toEqual({ number: "1", direction: "outbound", status: "failed" })

    await page.reload()
    await eventually(() => texts(page)).toEqual(["Rejected"])
    expect(await page.getByLabel("Direction", { exact: true }).inputValue()).toBe("outbound")
    await page.getByLabel("Direction", { exact: true }).selectOption("Inbound")
    await page.getByText("No messages match these filters").waitFor()
    await page.getByRole("button", { name: "Clear filters" }).click()
    await eventually(() => texts(page)).toEqual(all)
    expect(queryOf(page)).toEqual({})
    await page.getByLabel("Direction", { exact: true }).selectOption("Inbound")
    await eventually(() => texts(page)).toEqual(["Answer from Amsterdam"])
    expectClean(visitor)
  })

  it("is searched by a person's number in whatever way it is written", async () => {
    await sent("+31622220002", "To be found")
    await writesBack("+31622220002", "Found as well")
    await sent("+31622220003", "Somebody else")
    await using visitor = await visit(browser, host)
    const { page } = visitor
    const field = page.getByLabel("Recipient or sender")
    for (const written of ["+31622220002", "+31 6 2222 0002", "0031622220002", "+31 (0)6-2222.0002"]) {
      await field.fill(written)
      await field.press("Enter")
      await eventually(() => texts(page)).toEqual(["Found as well", "To be found"])
      expect(queryOf(page)).toEqual({ contact: "+31622220002" })
      await page.getByRole("button", { name: "Clear filters" }).click()
      await rowOf(page, "Somebody else").waitFor()
    }
    await field.fill("2222")
    await field.press("Enter")
    await eventually(() => beside(field)).toContain("Enter the whole number with + and the country code.")

    await field.fill("+31622220002")
    await page.getByRole("button", { name: "Search" }).click()
    await eventually(() => texts(page)).toEqual(["Found as well", "To be found"])
    await page.reload()
    await eventually(() => texts(page)).toEqual(["Found as well", "To be found"])
    expect(await field.inputValue()).toBe("+31622220002")
    expectClean(visitor)
  })

  it.each([
    ["scrolling", (page: Page) => page.mouse.wheel(0, 20_000)],
    ["the keyboard", (page: Page) => page.keyboard.press("End")]
  ])("reads on by %s until its end, each message once", async (way, goOn) => {
    const person = way === "scrolling" ? "+31633330003" : "+31633330004"
    const messages = Array.from({ length: 120 }, (_, i) => ({ from_number_id: 1, to: person, body: `No. ${i + 1}.` }))
    await host.query("UPDATE sms.wallets SET balance = 25000000 WHERE account_id = 1")
    const { results } = (await host.call("POST", "sms/batch", { json: { messages } })).body
    const accepted = results.filter(({ success }: { readonly success: boolean }) => success)
    expect(accepted).toHaveLength(120)

    await using visitor = await visit(browser, host, { path: `/sms?contact=${encodeURIComponent(person)}` })
    const { page } = visitor
    await eventually(() => rows(page).count()).toBe(50)
    await list(page).hover()
    for (const loaded of [100, 120]) {
      await goOn(page)
      await eventually(() => rows(page).count()).toBe(loaded)
    }
    expect(await page.getByRole("button", { name: "Load more" }).count()).toBe(0)
    expect(await list(page).locator("[dir=auto]").allTextContents()).toEqual(
      messages.map(({ body }) => body).toReversed()
    )
    expectClean(visitor)
  })
})

describe("what comes in", () => {
  it("appears by itself, is told to who does not see it, and no list is asked for", async () => {
    await using visitor = await visit(browser, host, { path: "/healthz" })
    const { page } = visitor
    await Promise.all([page.waitForResponse("**/sms/events"), visitor.open("/sms")])
    const told = (person: string) => page.getByRole("status").getByText(`New message from ${person}`).waitFor()
    await writesBack("+31644440003", "Hello?")
    await told("+31644440003")
    const requests = listen(page)
    await writesBack("+31644440004", "Thanks, got the tracking!")
    const row = rowOf(page, "Thanks, got the tracking!")
    await statusOf(row, "Received").waitFor()
    await row.getByText("Inbound").waitFor()
    await row.getByText("€0.00").waitFor()
    await told("+31644440004")
    expect(await rows(page).first().textContent()).toContain("Thanks, got the tracking!")

    // A list that does not have it stays as it is.
    await page.getByLabel("Direction", { exact: true }).selectOption("Outbound")
    await row.waitFor({ state: "detached" })
    await writesBack("+31644440014", "And once more")
    await told("+31644440014")
    expect(await rowOf(page, "And once more").count()).toBe(0)
    await page.getByLabel("Direction", { exact: true }).selectOption("Inbound")
    await rowOf(page, "And once more").waitFor()
    expect(requests.filter((request) => request.startsWith("GET sms?") && !request.includes("direction="))).toEqual([])
    expectClean(visitor)
  })
})

describe("what happens while the page is loaded", () => {
  it("is there, also where it happened after the list was read and before anybody listened", async () => {
    await using visitor = await visit(browser, host, { path: "/healthz" })
    const { page } = visitor
    const opened = Promise.withResolvers<void>()
    await page.route("**/sms/events", async (route) => {
      await opened.promise
      await route.continue()
    })
    await visitor.open("/sms")
    await list(page).waitFor()
    await sent("+31644440005", "In between")
    expect(await rowOf(page, "In between").count()).toBe(0)
    opened.resolve()
    await statusOf(rowOf(page, "In between"), "Delivered").waitFor()
    expectClean(visitor)
  })
})

describe("the statistics", () => {
  it("say how many messages there were and how they ended, and follow what happens", async () => {
    await sent("+31655550005", "Counted")
    await sent("+15005550009", "Counted too", "failed")
    await using visitor = await visit(browser, host)
    const { page } = visitor
    const matches = async () => {
      const { stats } = (await host.call("GET", "sms/stats")).body
      const percent = new Intl.NumberFormat("en", { style: "percent", maximumFractionDigits: 1 })
      const figure = (name: string) => page.getByRole("group", { name })
      await figure("Messages today").getByText(stats.today.toLocaleString("en"), { exact: true }).waitFor()
      await figure("Messages this month").getByText(stats.this_month.toLocaleString("en"), { exact: true }).waitFor()
      await figure("30-day delivery rate").getByText(percent.format(stats.delivery_rate_30d), { exact: true }).waitFor()
      await figure("30-day delivery rate")
        .getByText(`${stats.delivered_30d.toLocaleString("en")} delivered, ${stats.failed_30d} failed`)
        .waitFor()
      return stats.today
    }
    const before = await matches()

    await page.getByRole("img", { name: "Messages of the last 30 days" }).waitFor()
    const chart = page.getByRole("table", { name: "Messages of the last 30 days" })
    expect(await chart.getByRole("row").count()).toBe(31)
    const latest = chart.getByRole("row").last().getByRole("cell")
    await eventually(async () => (await latest.allTextContents())[0]).toBe(before.toLocaleString("en"))

    await sent("+31655550005", "Counted when it happens")
    await eventually(async () => (await latest.allTextContents())[0]).toBe((before + 1).toLocaleString("en"))
    expect(await matches()).toBe(before + 1)
    expectClean(visitor)
  })
})

describe("a message's own page", () => {
  it("tells its life, its price and its parts", async () => {
    const text = `${"a".repeat(152)} ${"b".repeat(8)}`
    const id = await sent("+31666660006", text)
    await using visitor = await visit(browser, host)
    const { page } = visitor
    await rowOf(page, text).getByRole("link").click()
    await page.getByRole("heading", { name: `Message ${id}` }).waitFor()
    const timeline = page.getByRole("region", { name: "Timeline" }).or(page.locator("section", { hasText: "Timeline" }))
    await eventually(() => statusesIn(timeline)).toEqual(["queued", "sending", "sent", "delivered"])
    expect(await factsOf(page)).toMatchObject({
      Status: "Delivered",
      Direction: "Outbound",
      From: OURS,
      To: "+31666660006",
      Price: "€0.016",
      Segments: "2",
      Encoding: "GSM-7",
      Carrier: "sandbox"
    })
    await page.getByText("Sent in 2 parts").click()
    await page.getByText("Part 1 of 2").waitFor()
    await page.getByText("Part 2 of 2").waitFor()
    expectClean(visitor)
  })

  it.each([
    ["+15005550001", "The number is not in use or cannot receive SMS.", true, ["queued", "sending", "failed"]],
    ["+15005550009", "The message could not be delivered to the phone.", false, ["queued", "sending", "sent", "failed"]]
  ])("says why the one to %s failed", async (to, reason, isRefunded, statuses) => {
    await host.query("UPDATE sms.wallets SET balance = 25000000 WHERE account_id = 1")
    const text = `Fails to ${to}`
    await using visitor = await visit(browser, host)
    const { page } = visitor
    const id = await sent(to, text, "failed")
    const row = rowOf(page, text)
    await row.getByText("Failed to send SMS").waitFor()
    await row.getByText(reason).waitFor()
    await row.getByRole("link").click()
    await page.getByRole("heading", { name: `Message ${id}` }).waitFor()
    await page.getByText("Failed to send SMS").waitFor()
    await page.getByText(reason).first().waitFor()
    await eventually(() => statusesIn(page.locator("section", { hasText: "Timeline" }))).toEqual(statuses)
    const price = (await host.call("GET", `sms/${id}`)).body.message.price
    expect(25 - Number(await balance())).toBeCloseTo(isRefunded ? 0 : Number(price), 6)
    expectClean(visitor)
  })

  it("says why it is still queued, once it has been for a minute, while one looks", async () => {
    await admin("carriers/sandbox", { paused: true })
    try {
      await using visitor = await visit(browser, host, { path: "/healthz" })
      const { page } = visitor
      await page.clock.install()
      await visitor.open(`/sms?contact=${encodeURIComponent("+31677770007")}`)
      await page.getByText("No messages match these filters").waitFor()
      const { id } = (await host.send("+31677770007", "Waits")).body.message
      const row = rowOf(page, "Waits")
      await statusOf(row, "Queued").waitFor()
      expect(await row.getByText("Still queued").count()).toBe(0)
      await age(id)
      await page.clock.fastForward("01:10")
      await row.getByText("Still queued").waitFor()
      await row.getByText("The carrier is paused or not connected.").waitFor()
      await row.getByRole("link").click()
      await page.getByText("Still queued").waitFor()
      await page.getByText("The carrier is paused or not connected.").waitFor()
      await admin("carriers/sandbox", { paused: false })
      await page.getByText("Delivered", { exact: true }).first().waitFor()
      await page.getByText("Still queued").waitFor({ state: "detached" })
      expectClean(visitor)
    } finally {
      await admin("carriers/sandbox", { paused: false })
    }
  })

  it("of another account is none", async () => {
    await using visitor = await visit(browser, host, { path: "/sms/99999999" })
    await visitor.page.getByText("There is no such message").waitFor()
    expectClean(visitor)
  })
})

describe("a conversation", () => {
  it("has both sides in their order, and goes on where one reads", async () => {
    const person = "+31688880008"
    await sent(person, "Where are you?")
    await writesBack(person, "On the train")
    await using visitor = await visit(browser, host)
    const { page } = visitor
    await rowOf(page, "On the train").getByRole("link").click()
    await page.getByRole("link", { name: "Conversation" }).click()
    await page.getByRole("heading", { name: `Conversation with ${person}` }).waitFor()
    const bubbles = page.getByRole("region", { name: `Messages with ${person}` }).locator("p[dir=auto]")
    await eventually(() => bubbles.allTextContents()).toEqual(["Where are you?", "On the train"])

    const { from, message, send } = composerOf(page)
    await eventually(() => from.inputValue()).toBe("1")
    await message.fill("See you soon")
    await send.click()
    await eventually(() => bubbles.allTextContents()).toEqual(["Where are you?", "On the train", "See you soon"])
    await eventually(() => message.inputValue()).toBe("")
    await writesBack(person, "See you!")
    await eventually(async () => (await bubbles.allTextContents()).at(-1)).toBe("See you!")
    await page
      .getByRole("region", { name: `Messages with ${person}` })
      .getByText("Delivered")
      .nth(1)
      .waitFor()
    expectClean(visitor)
  })
})

describe("a person who replies STOP", () => {
  it("is listed as opted out until that is undone", async () => {
    const person = "+31699990009"
    await writesBack(person, "STOP")
    expect((await host.send(person)).body.code).toBe("opted_out")
    await using visitor = await visit(browser, host)
    const { page } = visitor
    await page.getByRole("link", { name: "Opt-outs" }).click()
    const row = page.getByRole("row").filter({ hasText: person })
    await row.getByText(OURS).waitFor()
    const remove = page.getByRole("button", { name: `Remove the opt-out of ${person}` })
    await remove.click()
    const dialog = page.getByRole("dialog")
    await dialog.getByRole("button", { name: "Cancel" }).click()
    await dialog.waitFor({ state: "detached" })
    await eventually(() => focused(page)).toBe(`Remove the opt-out of ${person}`)

    await remove.click()
    await dialog.getByRole("button", { name: "They consent: remove" }).click()
    await row.waitFor({ state: "detached" })
    await page.getByText("Nobody has opted out").waitFor()
    await dialog.waitFor({ state: "detached" })
    await eventually(() => focusedId(page)).toBe("content")
    expect((await host.send(person)).status).toBe(201)
    expectClean(visitor)
  })
})

const statusesIn = async (within: Locator): Promise<ReadonlyArray<string | null>> => {
  const badges = await within.getByRole("listitem").locator("[data-status]").all()
  return Promise.all(badges.map((badge) => badge.getAttribute("data-status")))
}

const factsOf = async (page: Page): Promise<Record<string, string>> => {
  const [names, values] = await Promise.all([
    page.locator("dt").allTextContents(),
    page.locator("dd").allTextContents()
  ])
  return Object.fromEntries(names.map((name, i) => [name, values[i] ?? ""]))
}

/** As if it had been accepted a little over a minute ago. */
const age = async (id: number) => {
  const aged = "created_at - interval '61 seconds'"
  await host.query(`UPDATE sms.timeline SET message_created_at = message_${aged} WHERE message_id = ${id}`)
  await host.query(`UPDATE sms.messages SET created_at = ${aged} WHERE message_id = ${id}`)
  await host.query(`UPDATE sms.dispatches SET message_created_at = message_${aged} WHERE message_id = ${id}`)
}
