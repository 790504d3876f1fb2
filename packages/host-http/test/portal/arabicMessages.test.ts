/** An Arabic reader's inbox: what comes in and how it fares is told in their words. */
import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { ADMIN_TOKEN, withAdmin } from "../host/customer.ts"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { composerOf, rowOf as rowIn, statusOf } from "./composer.ts"
import { euros, isolated, number, percent, words } from "./inArabic.ts"
import { beside, eventually, expectClean, listen } from "./reading.ts"
import { startPortalHost, visit, type Visitor } from "./visitor.ts"

const OURS = "+31201234567"
const TOLL_FREE = 4
const SOON_MILLIS = 5000

const ARABIC = "شكرا، وصلت الشحنة"

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

const reader = (path = "/sms") => visit(browser, host, { language: "ar", path })

const rowOf = (page: Page, text: string) => rowIn(page, text, words)

const list = (page: Page) => page.getByRole("list", { name: words("sms:list.label"), exact: true })

/** The first lines of all messages that are listed. */
const texts = async (page: Page) => {
  const found = await list(page).locator("[dir=auto]").allTextContents()
  return found.toSorted()
}

const filter = (page: Page, key: string) => page.getByLabel(words(`sms:filter.${key}`), { exact: true })

const choose = (page: Page, key: "direction" | "status", choice: string) =>
  filter(page, key).selectOption(words(`sms:${key}.${choice}`))

const press = (page: Page, key: string) => page.getByRole("button", { name: words(key), exact: true }).click()

const queryOf = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams)

describe("the list", () => {
  it("is filtered by number, direction and status, which the address keeps", async () => {
    await sent("+31611110001", "من أمستردام")
    await sent("+12025550123", "من الرقم المجاني", "delivered", TOLL_FREE)
    await sent("+15005550001", "مرفوضة", "failed")
    await writesBack("+31611110001", "رد إلى أمستردام")
    const all = ["من أمستردام", "من الرقم المجاني", "مرفوضة", "رد إلى أمستردام"].toSorted()

    await using visitor = await reader()
    const { page } = visitor
    await eventually(() => texts(page)).toEqual(all)
    await filter(page, "number").selectOption(OURS)
    await eventually(() => texts(page)).toEqual(all.filter((text) => text !== "من الرقم المجاني"))
    await choose(page, "direction", "outbound")
    await eventually(() => texts(page)).toEqual(["من أمستردام", "مرفوضة"].toSorted())
    await choose(page, "status", "failed")
    await eventually(() => texts(page)).toEqual(["مرفوضة"])
    expect(queryOf(page)).toEqual({ number: "1", direction: "outbound", status: "failed" })

    await page.reload()
    await eventually(() => texts(page)).toEqual(["مرفوضة"])
    expect(await filter(page, "status").locator("option:checked").textContent()).toBe(words("sms:status.failed"))
    await choose(page, "direction", "inbound")
    await page.getByText(words("sms:list.noMatch"), { exact: true }).waitFor()
    await press(page, "sms:filter.clear")
    await eventually(() => texts(page)).toEqual(all)
    expect(queryOf(page)).toEqual({})
    expectClean(visitor)
  })

  it("is searched by a person's number, also in the digits of an Arabic keyboard", async () => {
    await sent("+31622220002", "المطلوبة")
    await writesBack("+31622220002", "والجواب عليها")
    await sent("+31622220003", "لشخص آخر")
    const found = ["المطلوبة", "والجواب عليها"].toSorted()
    await using visitor = await reader()
    const { page } = visitor
    const field = filter(page, "contact")
    for (const written of ["+31 6 2222 0002", "٠٠٣١ ٦ ٢٢٢٢ ٠٠٠٢"]) {
      await field.fill(written)
      await press(page, "sms:filter.search")
      await eventually(() => texts(page)).toEqual(found)
      expect(queryOf(page)).toEqual({ contact: "+31622220002" })
      await press(page, "sms:filter.clear")
      await rowOf(page, "لشخص آخر").waitFor()
    }
    await field.fill("2222")
    await field.press("Enter")
    await eventually(() => beside(field)).toContain(words("sms:filter.contactWrong"))
    expectClean(visitor)
  })

  it("reads on until its end, each message once", async () => {
    const person = "+31633330003"
    const messages = Array.from({ length: 120 }, (_, i) => ({ from_number_id: 1, to: person, body: `رقم ${i + 1}.` }))
    const { results } = (await host.call("POST", "sms/batch", { json: { messages } })).body
    expect(results.filter(({ success }: { readonly success: boolean }) => success)).toHaveLength(120)

    await using visitor = await reader(`/sms?contact=${encodeURIComponent(person)}`)
    const { page } = visitor
    const rows = list(page).getByRole("listitem")
    const more = page.getByRole("button", { name: words("common:action.loadMore") })
    await eventually(() => rows.count()).toBe(50)
    expect(await more.count()).toBe(1)
    await list(page).hover()
    for (const loaded of [100, 120]) {
      await page.mouse.wheel(0, 20_000)
      await eventually(() => rows.count()).toBe(loaded)
    }
    expect(await more.count()).toBe(0)
    expect(await list(page).locator("[dir=auto]").allTextContents()).toEqual(
      messages.map(({ body }) => body).toReversed()
    )
    expectClean(visitor)
  })
})

describe("what happens", () => {
  const told = (page: Page, person: string) =>
    page
      .getByRole("status")
      .getByText(words("sms:arrival", { person: isolated(person) }))
      .waitFor()

  /** Until the page hears of what happens, and has read its list. */
  const hears = async ({ open, page }: Visitor, person: string) => {
    await Promise.all([page.waitForResponse("**/sms/events"), open("/sms")])
    await writesBack(person, "الأولى")
    await told(page, person)
  }

  it("appears by itself where it is a message that comes in", async () => {
    await using visitor = await reader("/healthz")
    const { page } = visitor
    await hears(visitor, "+31644440003")
    const requests = listen(page)
    await writesBack("+31644440004", ARABIC)
    const row = rowOf(page, ARABIC)
    await statusOf(row, words("sms:status.received")).waitFor({ timeout: SOON_MILLIS })
    await row.getByText(words("sms:direction.inbound"), { exact: true }).waitFor()
    await row.getByText(words("sms:segments", { count: 1 }), { exact: true }).waitFor()
    await row.getByText(euros("0.00"), { exact: true }).waitFor()
    await told(page, "+31644440004")
    expect(await list(page).getByRole("listitem").first().textContent()).toContain(ARABIC)
    expect(requests.filter((request) => request.startsWith("GET sms?"))).toEqual([])
    expectClean(visitor)
  })

  it("shows by itself where it is how a message fares", async () => {
    await admin("carriers/sandbox", { paused: true })
    try {
      await using visitor = await reader("/healthz")
      const { page } = visitor
      await hears(visitor, "+31644440005")
      const requests = listen(page)
      await host.send("+31644440006", "في الطريق")
      await host.send("+15005550001", "لن تصل")
      const arrives = rowOf(page, "في الطريق")
      const fails = rowOf(page, "لن تصل")
      await statusOf(arrives, words("sms:status.queued")).waitFor()
      await statusOf(fails, words("sms:status.queued")).waitFor()
      await admin("carriers/sandbox", { paused: false })
      await statusOf(arrives, words("sms:status.delivered")).waitFor()
      await statusOf(fails, words("sms:status.failed")).waitFor()
      await fails.getByText(words("sms:reason.invalid_destination"), { exact: true }).waitFor()
      expect(requests.filter((request) => /^GET sms(\?|\/\d)/.test(request))).toEqual([])
      expectClean(visitor)
    } finally {
      await admin("carriers/sandbox", { paused: false })
    }
  })

  it("moves the statistics by itself", async () => {
    await sent("+31655550005", "محسوبة")
    await sent("+15005550009", "محسوبة أيضا", "failed")
    await using visitor = await reader()
    const { page } = visitor
    const figure = (key: string, text: string) =>
      page
        .getByRole("group", { name: words(`sms:stats.${key}`), exact: true })
        .getByText(text, { exact: true })
        .waitFor()
    const matches = async () => {
      const { stats } = (await host.call("GET", "sms/stats")).body
      const counts = { delivered: number(stats.delivered_30d), failed: number(stats.failed_30d) }
      await figure("today", number(stats.today))
      await figure("month", number(stats.this_month))
      await figure("rate", percent(stats.delivery_rate_30d))
      await figure("rate", words("sms:stats.rateCounts", counts))
      return stats
    }
    const before = await matches()
    const chart = page.getByRole("table", { name: words("sms:chart.title"), exact: true })
    const latest = chart.getByRole("row").last().getByRole("cell")
    await eventually(async () => (await latest.allTextContents())[0]).toBe(number(before.today))

    await sent("+31655550005", "محسوبة حين تحدث")
    const after = await matches()
    expect([after.today, after.this_month, after.delivered_30d]).toEqual(
      [before.today, before.this_month, before.delivered_30d].map((count) => count + 1)
    )
    await eventually(async () => (await latest.allTextContents())[0]).toBe(number(after.today))
    expectClean(visitor)
  })
})

describe("a message's own page", () => {
  const timelineOf = (page: Page) => page.locator("section", { hasText: words("sms:message.timeline") })

  const statusesIn = (timeline: Locator) => timeline.getByRole("listitem").locator("[data-status]").allTextContents()

  const statuses = (...names: ReadonlyArray<string>) => names.map((name) => words(`sms:status.${name}`))

  const opens = async (page: Page, text: string, id: number) => {
    await rowOf(page, text).getByRole("link").click()
    await page.getByRole("heading", { name: words("sms:message.title", { id }), exact: true }).waitFor()
  }

  const factsOf = async (page: Page): Promise<Record<string, string>> => {
    const [names, values] = await Promise.all([
      page.locator("dt").allTextContents(),
      page.locator("dd").allTextContents()
    ])
    return Object.fromEntries(names.map((name, i) => [name, values[i] ?? ""]))
  }

  it.each([
    ["two", `${"ش".repeat(67)}${"ب".repeat(4)}`, 2, "0.016"],
    ["three", `${"ش".repeat(134)}${"ت".repeat(4)}`, 3, "0.024"]
  ])("tells its life, its price and its %s parts", async (_, text, parts, price) => {
    const id = await sent("+31666660006", text)
    await using visitor = await reader()
    const { page } = visitor
    await rowOf(page, text)
      .getByText(words("sms:segments", { count: parts }), { exact: true })
      .waitFor()
    await opens(page, text, id)
    await eventually(() => statusesIn(timelineOf(page))).toEqual(statuses("queued", "sending", "sent", "delivered"))
    await timelineOf(page).getByText(words("sms:message.source.carrier"), { exact: true }).first().waitFor()
    const fact = (key: string) => words(`sms:message.${key}`)
    expect(await factsOf(page)).toMatchObject({
      [fact("status")]: words("sms:status.delivered"),
      [fact("direction")]: words("sms:direction.outbound"),
      [fact("from")]: OURS,
      [fact("to")]: "+31666660006",
      [fact("price")]: euros(price),
      [fact("segments")]: number(parts),
      [fact("encoding")]: words("sms:encoding.UCS-2"),
      [fact("carrier")]: "sandbox"
    })
    await page.getByText(words("sms:message.parts", { count: parts }), { exact: true }).click()
    for (let part = 1; part <= parts; part++)
      await page.getByText(words("sms:message.part", { part, parts }), { exact: true }).waitFor()
    expectClean(visitor)
  })

  it.each([
    ["+15005550001", "invalid_destination", ["queued", "sending", "failed"]],
    ["+15005550009", "undeliverable", ["queued", "sending", "sent", "failed"]]
  ])("says why the one to %s failed", async (to, reason, ends) => {
    const text = `لا تصل إلى ${to}`
    const id = await sent(to, text, "failed")
    await using visitor = await reader()
    const { page } = visitor
    const row = rowOf(page, text)
    await row.getByText(words("sms:failed"), { exact: true }).waitFor()
    await row.getByText(words(`sms:reason.${reason}`), { exact: true }).waitFor()
    await opens(page, text, id)
    const notice = page.getByRole("alert").filter({ hasText: words("sms:failed") })
    await notice.getByText(words(`sms:reason.${reason}`), { exact: true }).waitFor()
    await eventually(() => statusesIn(timelineOf(page))).toEqual(statuses(...ends))
    expectClean(visitor)
  })
})

describe("a conversation", () => {
  it("has both sides in their order, and goes on where one reads", async () => {
    const person = "+31688880008"
    await sent(person, "أين أنت؟")
    await writesBack(person, "في القطار")
    await using visitor = await reader()
    const { page } = visitor
    await rowOf(page, "في القطار").getByRole("link").click()
    await page.getByRole("link", { name: words("sms:message.conversation"), exact: true }).click()
    const about = { person: isolated(person) }
    await page.getByRole("heading", { name: words("sms:conversation.title", about), exact: true }).waitFor()
    const region = page.getByRole("region", { name: words("sms:conversation.label", about), exact: true })
    const bubbles = region.locator("p[dir=auto]")
    await eventually(() => bubbles.allTextContents()).toEqual(["أين أنت؟", "في القطار"])

    const { from, message, send } = composerOf(page, words)
    await eventually(() => from.inputValue()).toBe("1")
    await message.fill("أراك قريبا")
    await send.click()
    await eventually(() => bubbles.allTextContents()).toEqual(["أين أنت؟", "في القطار", "أراك قريبا"])
    await eventually(() => message.inputValue()).toBe("")
    await writesBack(person, "إلى اللقاء")
    await eventually(async () => (await bubbles.allTextContents()).at(-1)).toBe("إلى اللقاء")
    await region.getByText(words("sms:status.delivered"), { exact: true }).nth(1).waitFor()
    expectClean(visitor)
  })
})
