/** What holds of every page: who cannot see it well reads it too, it fits the window, and speaks one language. */
import { type Receiver, startReceiver } from "@cliqtel/sms-testkit/simulator"
import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { eventually, expectClean } from "./reading.ts"
import { axeFindings, isTooWide, startPortalHost, visit, type Visitor } from "./visitor.ts"
import { catalogueOf, languages, type Words, wordsOf } from "./words.ts"

/** Of the browser. */
declare const getComputedStyle: (element: unknown) => { readonly direction: string }

const PERSON = "+31612345678"
const ARABIC = "شكرا، وصلت الشحنة"
const ENGLISH = "Thanks, got the tracking!"

/** Each character of it makes a message Unicode. */
const UNICODE = "“Tea” – €5… 👋 日本"

const known = { cart: "", failed: 0, inbound: 0, message: 0, webhook: 0 }

let browser: Browser
let host: TestHost
let receiver: Receiver
beforeAll(async () => {
  ;[browser, host, receiver] = await Promise.all([
    launchChromium(),
    startPortalHost(),
    startReceiver((response) => response.writeHead(500).end("down for repair"))
  ])
  const made = async (path: string, json?: unknown) => {
    const { body, status } = await host.call("POST", path, { json })
    expect(status, JSON.stringify(body)).toBeLessThan(300)
    return body
  }
  const delivered = (await host.send(PERSON, ENGLISH)).body.message.id
  known.message = delivered
  known.failed = (await host.send("+15005550001", `${"A long message. ".repeat(20)}👋`)).body.message.id
  await made("sandbox/inbound", { from: PERSON, to: "+31201234567", body: ARABIC })
  await made("sandbox/inbound", { from: "+31687654321", to: "+31201234567", body: "STOP" })
  known.webhook = (await made("webhooks", { url: receiver.url, events: ["*"], description: "متجر" })).webhook.id
  await made(`webhooks/${known.webhook}/test`)
  const offers = async (query: string) => (await host.call("GET", `numbers/available?${query}`)).body.numbers
  const [dutch] = await offers("country=NL&type=mobile")
  const [german] = await offers("country=DE&type=toll_free")
  known.cart = `NL-mobile-${dutch.number.slice(1)}-sms,DE-toll_free-${german.number.slice(1)}`
  await Promise.all([
    host.message(delivered, ({ status }) => status === "delivered"),
    host.message(known.failed, ({ status }) => status === "failed"),
    vi.waitFor(async () => {
      const { deliveries } = (await host.call("GET", `webhooks/${known.webhook}/deliveries`)).body
      const optOuts = (await host.call("GET", "opt_outs")).body.opt_outs
      expect([deliveries[0].attempts.length > 0, optOuts.length]).toEqual([true, 1])
    }, 20_000)
  ])
  const { messages } = (await host.call("GET", "sms?direction=inbound")).body
  known.inbound = messages.find(({ body }: { readonly body: string }) => body === ARABIC).id
})
afterAll(async () => {
  await browser.close()
  await host[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
})

interface Place {
  readonly name: string
  readonly path: () => string
  /** What it calls itself. */
  readonly title: (words: Words) => string
  /** What is done there first. */
  readonly prepare?: (page: Page, words: Words) => Promise<void>
}

const press = (page: Page, name: string) => page.getByRole("button", { name, exact: true }).click()

const dialogOf = (page: Page) => page.getByRole("dialog").waitFor()

const order = (search: string) => ({
  path: () => `/numbers/order?${search}&cart=${encodeURIComponent(known.cart)}`,
  title: (words: Words) => words("numbers:orderPage.title")
})

const conversation = { path: () => `/sms/with/${encodeURIComponent(PERSON)}` }

const PLACES: ReadonlyArray<Place> = [
  { name: "the inbox", path: () => "/sms", title: (words) => words("sms:title") },
  {
    name: "an inbox without a match",
    path: () => "/sms?status=sending",
    title: (words) => words("sms:title")
  },
  {
    name: "a message",
    path: () => `/sms/${known.message}`,
    title: (words) => words("sms:message.title", { id: known.message })
  },
  {
    name: "a failed message",
    path: () => `/sms/${known.failed}`,
    title: (words) => words("sms:message.title", { id: known.failed })
  },
  { name: "a conversation", ...conversation, title: (words) => words("sms:conversation.title", { person: PERSON }) },
  {
    name: "a conversation with nobody",
    path: () => "/sms/with/nobody",
    title: (words) => words("sms:conversation.wrong")
  },
  {
    name: "a message being written",
    path: () => "/sms/compose",
    title: (words) => words("sms:write.title"),
    prepare: async (page, words) => {
      await page.getByLabel(words("sms:write.message"), { exact: true }).fill(UNICODE)
      await page.getByText(words("sms:write.unicode.title")).waitFor()
    }
  },
  { name: "the numbers", path: () => "/numbers", title: (words) => words("numbers:title") },
  { name: "a number", path: () => "/numbers/1", title: () => "+31201234567" },
  { name: "a number that waits", path: () => "/numbers/3", title: () => "+493012345678" },
  {
    name: "SMS being switched on",
    path: () => "/numbers/2",
    title: () => "+31612340001",
    prepare: async (page, words) => {
      await page.getByRole("switch", { name: words("numbers:sms.toggle") }).click()
      await dialogOf(page)
    }
  },
  { name: "the order's first step", ...order("country=DE&type=toll_free") },
  { name: "the order's second step", ...order("step=2") },
  { name: "the order's third step", ...order("step=3") },
  { name: "the wallet", path: () => "/wallet", title: (words) => words("wallet:title") },
  { name: "the keys", path: () => "/keys", title: (words) => words("keys:title") },
  {
    name: "a key being made",
    path: () => "/keys",
    title: (words) => words("keys:title"),
    prepare: async (page, words) => {
      await press(page, words("keys:create"))
      await dialogOf(page)
    }
  },
  { name: "the webhooks", path: () => "/webhooks", title: (words) => words("webhooks:title") },
  {
    name: "a webhook being added",
    path: () => "/webhooks",
    title: (words) => words("webhooks:title"),
    prepare: async (page, words) => {
      await press(page, words("webhooks:create"))
      await dialogOf(page)
    }
  },
  {
    name: "a webhook that fails",
    path: () => `/webhooks/${known.webhook}`,
    title: (words) => words("webhooks:one.title"),
    prepare: (page) => page.getByText("webhook.test").first().click()
  },
  { name: "the coverage", path: () => "/coverage", title: (words) => words("coverage:title") },
  { name: "the opt-outs", path: () => "/opt-outs", title: (words) => words("optOuts:title") },
  { name: "a page that is not", path: () => "/nowhere/at/all", title: (words) => words("common:state.notFound") }
]

/** Without the marks that keep phone numbers from left to right. */
const plain = (text: string) => text.replace(/[\u2066-\u2069]/g, "")

const headings = async (page: Page) => (await page.locator("h1").allInnerTexts()).map(plain)

/** Goes there as a link of the portal leads there: without loading it all again. */
const goTo = async (page: Page, { path, title }: Place, words: Words) => {
  await page.evaluate(`history.pushState(null, "", ${JSON.stringify(path())})`)
  await eventually(() => headings(page)).toEqual([title(words)])
  await eventually(() => page.locator("[aria-busy=true]").count()).toBe(0)
}

/** So that each width has each scheme, each language both widths and both schemes. */
const LOOKS = {
  en: [
    [1440, "light"],
    [390, "dark"]
  ],
  ar: [
    [1440, "dark"],
    [390, "light"]
  ]
} as const

/** What is wrong with the page as it is, at both widths. */
const faults = async (page: Page, language: keyof typeof LOOKS): Promise<ReadonlyArray<string>> => {
  const found: Array<string> = []
  for (const [width, colorScheme] of LOOKS[language]) {
    await page.setViewportSize({ width, height: 900 })
    await page.emulateMedia({ colorScheme })
    await eventually(() => page.locator("html").getAttribute("data-mantine-color-scheme")).toBe(colorScheme)
    await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
    const wrong = [...(await axeFindings(page)), ...((await isTooWide(page)) ? ["wider than the window"] : [])]
    found.push(...wrong.map((one) => `${width} ${colorScheme}: ${one}`))
  }
  return found
}

const ofHtml = async (page: Page) => {
  const html = page.locator("html")
  return [await html.getAttribute("lang"), await html.getAttribute("dir")]
}

describe.each([
  ["en", "ltr"],
  ["ar", "rtl"]
] as const)("in %s", (language, direction) => {
  const words = wordsOf(language)
  let visitor: Visitor
  beforeAll(async () => {
    visitor = await visit(browser, host, { language })
  })
  afterAll(() => visitor[Symbol.asyncDispose]())

  it.each(PLACES.map((place) => [place.name, place] as const))("%s is fit for everybody", async (_, place) => {
    const { page } = visitor
    await page.setViewportSize({ width: 1440, height: 900 })
    await goTo(page, place, words)
    await place.prepare?.(page, words)
    expect(plain(await page.title())).toBe(`${place.title(words)} · ${words("common:product")}`)
    expect(await ofHtml(page)).toEqual([language, direction])
    expect(await faults(page, language)).toEqual([])
    expectClean(visitor)
  })

  it("the sign-in is fit for everybody", async () => {
    await using stranger = await visit(browser, host, { language, signedIn: false })
    const { page } = stranger
    await eventually(() => headings(page)).toEqual([words("session:title")])
    await press(page, words("session:submit"))
    await page.getByText(words("session:keyMissing")).waitFor()
    expect(await page.title()).toBe(words("session:title"))
    expect(await ofHtml(page)).toEqual([language, direction])
    expect(await faults(page, language)).toEqual([])
    expectClean(stranger)
  })
})

describe("the language", () => {
  /** All that is read or read out. */
  const TEXTS = `
    [...document.querySelectorAll("body *:not(script):not(style)")].flatMap((element) => [
      ...[...element.childNodes].filter(({ nodeType }) => nodeType === Node.TEXT_NODE).map((node) => node.data),
      ...["aria-label", "title", "placeholder", "alt"].map((name) => element.getAttribute(name) ?? "")
    ]).map((text) => text.trim()).filter((text) => text !== "")
  `

  /** Of the demo's first credit, in its ledger; there is a key of this name. */
  const REFERENCE = "demo"

  /** Keys as they would show if a language lacked them, but for those that are words of it. */
  const keysOf = (language: string): ReadonlySet<string> => {
    const catalogue = catalogueOf(language)
    const spoken = new Set(catalogue.values())
    const keys = [...catalogueOf("en").keys()].flatMap((key) => [key, key.slice(key.indexOf(":") + 1)])
    const bases = keys.flatMap((key) => [key, key.replace(/_(zero|one|two|few|many|other)$/, "")])
    return new Set(bases.filter((key) => !spoken.has(key) && key !== REFERENCE))
  }

  const languageSelect = (page: Page) => page.getByRole("banner").getByRole("combobox")

  const unspoken = async (page: Page, language: string): Promise<ReadonlyArray<string>> => {
    const keys = keysOf(language)
    const texts = await page.evaluate<ReadonlyArray<string>>(TEXTS)
    return texts.filter((text) => keys.has(text) || text.includes("{{"))
  }

  describe("that is chosen turns every page at once, and lacks no word of it:", () => {
    const english = wordsOf("en")
    const others = languages.filter((language) => language !== "en")
    let visitor: Visitor
    beforeAll(async () => {
      visitor = await visit(browser, host)
    })
    afterAll(() => visitor[Symbol.asyncDispose]())

    it("all ten can be chosen", async () => {
      expect(others).toHaveLength(9)
      await eventually(() => languageSelect(visitor.page).getByRole("option").count()).toBe(10)
    })

    const unprepared = PLACES.filter(({ prepare }) => prepare === undefined)
    it.each(unprepared.map((place) => [place.name, place] as const))("%s", async (_, place) => {
      const { page } = visitor
      await languageSelect(page).selectOption("en")
      await goTo(page, place, english)
      for (const language of [...others, "en"]) {
        await languageSelect(page).selectOption(language)
        await eventually(() => headings(page)).toEqual([place.title(wordsOf(language))])
        await eventually(() => page.locator("[aria-busy=true]").count()).toBe(0)
        expect([language, ...(await unspoken(page, language))]).toEqual([language])
      }
      expectClean(visitor)
    })
  })

  it("that is chosen is kept over a reload, and leaves what was written", async () => {
    await using visitor = await visit(browser, host, { path: "/sms/compose" })
    const { page } = visitor
    await page.getByLabel("Message", { exact: true }).fill(ENGLISH)
    await page.getByRole("combobox", { name: "Language" }).selectOption({ label: "العربية" })
    const arabic = wordsOf("ar")
    await page.getByRole("heading", { name: arabic("sms:write.title") }).waitFor()
    expect(await ofHtml(page)).toEqual(["ar", "rtl"])
    await page.reload()
    await page.getByRole("heading", { name: arabic("sms:write.title") }).waitFor()
    expect(await ofHtml(page)).toEqual(["ar", "rtl"])
    const message = page.getByLabel(arabic("sms:write.message"), { exact: true })
    expect(await message.inputValue()).toBe(ENGLISH)
    await page.getByRole("combobox", { name: arabic("common:header.language") }).selectOption({ label: "Nederlands" })
    await page.getByRole("heading", { name: wordsOf("nl")("sms:write.title") }).waitFor()
    expect(await ofHtml(page)).toEqual(["nl", "ltr"])
    expectClean(visitor)
  })

  const directionOf = (text: Locator) => text.evaluate((element) => getComputedStyle(element).direction)

  it.each([
    ["en", "Arabic", ARABIC, "rtl", () => known.inbound],
    ["ar", "English", ENGLISH, "ltr", () => known.message]
  ] as const)("of an %s page leaves %s messages their own direction", async (language, _, text, direction, id) => {
    await using visitor = await visit(browser, host, { language })
    const { page } = visitor
    for (const path of ["/sms", `/sms/${id()}`, conversation.path()]) {
      await page.evaluate(`history.pushState(null, "", ${JSON.stringify(path)})`)
      const body = page.getByText(text, { exact: true }).first()
      await body.waitFor()
      await eventually(() => directionOf(body)).toBe(direction)
    }
    expect((await ofHtml(page))[1]).not.toBe(direction)
    expectClean(visitor)
  })
})
