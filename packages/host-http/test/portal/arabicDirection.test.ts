/** The page from right to left: what is not Arabic in it keeps its own direction, and what is written has one. */
import type { Browser, Locator } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { composerOf, rowOf } from "./composer.ts"
import { words } from "./inArabic.ts"
import { eventually, expectClean } from "./reading.ts"
import { startPortalHost, visit } from "./visitor.ts"

/** Of the browser. */
declare const getComputedStyle: (element: unknown) => { readonly direction: string }
declare const document: {
  createRange(): {
    setStart(node: unknown, offset: number): void
    setEnd(node: unknown, offset: number): void
    getBoundingClientRect(): { readonly left: number }
  }
}

/** An element with nothing but text in it. */
interface Written {
  readonly firstChild: unknown
  readonly textContent: string
}

const OURS = "+31201234567"
const PERSON = "+31699990009"
const ARABIC = "شكرا، وصلت الشحنة"
const LATIN = "Thanks, got the tracking!"

let browser: Browser
let host: TestHost
const ids = { arabic: 0, latin: 0 }
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launchChromium(), startPortalHost()])
  ids.latin = (await host.send(PERSON, LATIN)).body.message.id
  ids.arabic = (await host.send(PERSON, ARABIC)).body.message.id
})
afterAll(async () => {
  await browser.close()
  await host[Symbol.asyncDispose]()
})

const reader = (path: string) => visit(browser, host, { language: "ar", path })

const directionOf = async (text: Locator): Promise<string> =>
  text.evaluate((element) => getComputedStyle(element).direction)

/** Whether that part of a text is drawn with its first character left of its last. */
const runsRightwards = (text: Locator, part: string): Promise<boolean> =>
  text.evaluate(({ firstChild, textContent }: Written, part) => {
    const leftOf = (index: number) => {
      const range = document.createRange()
      range.setStart(firstChild, index)
      range.setEnd(firstChild, index + 1)
      return range.getBoundingClientRect().left
    }
    const start = textContent.indexOf(part)
    return leftOf(start) < leftOf(start + part.length - 1)
  }, part)

describe("what is read", () => {
  it.each([
    ["the list", () => "/sms", [LATIN, ARABIC]],
    ["a conversation", () => `/sms/with/${PERSON}`, [LATIN, ARABIC]],
    ["a message in Latin letters", () => `/sms/${ids.latin}`, [LATIN]],
    ["a message in Arabic letters", () => `/sms/${ids.arabic}`, [ARABIC]]
  ])("in %s has each text in its own direction", async (_, path, texts) => {
    await using visitor = await reader(path())
    for (const text of texts) {
      const body = visitor.page.getByText(text, { exact: true }).first()
      await body.waitFor()
      expect(await directionOf(body)).toBe(text === LATIN ? "ltr" : "rtl")
    }
    expect(await directionOf(visitor.page.getByRole("heading", { level: 1 }))).toBe("rtl")
    expectClean(visitor)
  })

  it("has each phone number from left to right, also within a sentence", async () => {
    await using visitor = await reader("/sms")
    const { open, page } = visitor
    const stands = async (within: Locator, written: string) => {
      const text = within.getByText(written).locator("visible=true").first()
      await text.waitFor()
      expect(await runsRightwards(text, written), (await text.textContent()) ?? "").toBe(true)
    }
    await stands(rowOf(page, ARABIC, words), PERSON)
    await stands(rowOf(page, ARABIC, words), OURS)
    await open(`/sms/with/${PERSON}`)
    await stands(page.getByRole("main"), PERSON)
    await open(`/sms/${ids.arabic}`)
    await stands(page.locator("dd"), PERSON)
    await stands(page.locator("dd"), OURS)
    await open("/sms/compose")
    await stands(page.getByRole("main"), "+31612345678")
    expectClean(visitor)
  })
})

describe("what is written", () => {
  it.each([
    ["a message", "/sms/compose", "sms:write.message", undefined],
    ["a key's name", "/keys", "keys:form.name", "keys:create"],
    ["a webhook's description", "/webhooks", "webhooks:form.description", "webhooks:create"],
    ["the answer to HELP", "/numbers/1", "numbers:help.label", undefined]
  ])("as %s runs its own way, and begins where the page does", async (_, path, label, opens) => {
    await using visitor = await reader(path)
    const { page } = visitor
    if (opens !== undefined)
      await page
        .getByRole("button", { name: words(opens), exact: true })
        .first()
        .click()
    const field = page.getByLabel(words(label), { exact: true })
    await field.fill(LATIN)
    await eventually(() => directionOf(field)).toBe("ltr")
    await field.fill(ARABIC)
    await eventually(() => directionOf(field)).toBe("rtl")
    await field.fill("")
    await eventually(() => directionOf(field)).toBe("rtl")
    expectClean(visitor)
  })

  it("as a phone number runs from left to right", async () => {
    await using visitor = await reader("/sms/compose")
    const { open, page } = visitor
    const { to } = composerOf(page, words)
    await to.fill(PERSON)
    expect(await directionOf(to)).toBe("ltr")
    await open("/sms")
    const contact = page.getByLabel(words("sms:filter.contact"), { exact: true })
    await contact.fill(PERSON)
    expect(await directionOf(contact)).toBe("ltr")
    expectClean(visitor)
  })
})
