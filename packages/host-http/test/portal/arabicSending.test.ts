/** Coming in, writing and sending as an Arabic reader does: what they are told meanwhile, and what others see of it. */
import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest"
import { LIVE_KEY, type TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { type Composer, composerOf, openComposer, rowOf, statusOf, write as writeIn } from "./composer.ts"
import { COUNTRY, euros, number, SENDER, words } from "./inArabic.ts"
import { beside, eventually, expectClean, focused, isInvalid, listen } from "./reading.ts"
import { startPortalHost, visit, type Visitor } from "./visitor.ts"

/** Of the browser. */
declare const document: {
  createRange(): { selectNodeContents(node: unknown): void; getBoundingClientRect(): { readonly width: number } }
}

const PERSON = "+31612345678"

let browser: Browser
let host: TestHost
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launchChromium(), startPortalHost()])
})
afterAll(async () => {
  await browser.close()
  await host[Symbol.asyncDispose]()
})
beforeEach(() => holds(25_000_000))

const holds = (micros: number) => host.query(`UPDATE sms.wallets SET balance = ${micros} WHERE account_id = 1`)

const writer = () => visit(browser, host, { language: "ar", path: "/sms/compose" })

/** The compose window, once it is there. */
const composes = async ({ page }: Visitor): Promise<Composer> => {
  const composer = composerOf(page, words)
  await composer.send.waitFor()
  return composer
}

const write = (composer: Composer, recipient: string, text: string) => writeIn(composer, recipient, text, SENDER)

const sentWith = async (text: string) => {
  const { messages } = (await host.call("GET", "sms?limit=200")).body
  return messages.filter(({ body }: { readonly body: string }) => body === text)
}

const press = (page: Page, key: string) => page.getByRole("button", { name: words(key), exact: true }).click()

const ofHtml = async (page: Page) => {
  const html = page.locator("html")
  return [await html.getAttribute("lang"), await html.getAttribute("dir")]
}

const most = number(1600)

describe("a session", () => {
  const keyField = ({ page }: Visitor) => page.getByLabel(words("session:key"), { exact: true })

  const signInWith = async (visitor: Visitor, key: string) => {
    await keyField(visitor).fill(key)
    await press(visitor.page, "session:submit")
  }

  const sessionOf = async ({ context }: Visitor) =>
    (await context.cookies()).find(({ name }) => name === "cliqtel_session")?.value

  it("begins with the right key, and a wrong one is refused beside the field", async () => {
    await using visitor = await visit(browser, host, { language: "ar", signedIn: false })
    const { page } = visitor
    const field = keyField(visitor)
    await press(page, "session:submit")
    await eventually(() => beside(field)).toContain(words("session:keyMissing"))
    expect(await ofHtml(page)).toEqual(["ar", "rtl"])

    await signInWith(visitor, LIVE_KEY.replace("TestOK", "Wrong1"))
    await eventually(() => beside(field)).toContain(words("session:keyWrong"))
    expect(await isInvalid(field)).toBe(true)
    expect(await sessionOf(visitor)).toBeUndefined()

    await signInWith(visitor, LIVE_KEY)
    await page.getByRole("heading", { name: words("sms:title"), exact: true }).waitFor()
    expect(await ofHtml(page)).toEqual(["ar", "rtl"])
    expect(await page.getByTestId("balance").textContent()).toBe(euros("25.00"))
    expectClean(visitor)
  })

  it("is dead once it is signed out, and the reader is at the sign-in again", async () => {
    await using visitor = await visit(browser, host, { language: "ar" })
    const { page } = visitor
    await page.getByRole("heading", { name: words("sms:title"), exact: true }).waitFor()
    const cookie = `cliqtel_session=${await sessionOf(visitor)}`
    const asBefore = () => host.call("GET", "wallet", { key: null, headers: { cookie } })
    expect((await asBefore()).status).toBe(200)

    await press(page, "common:header.signOut")
    await keyField(visitor).waitFor()
    await page.getByRole("heading", { name: words("session:title"), exact: true }).waitFor()
    expect(await page.getByText(words("session:ended")).count()).toBe(0)
    expect((await asBefore()).status).toBe(401)
    await page.reload()
    await keyField(visitor).waitFor()
    expect(await ofHtml(page)).toEqual(["ar", "rtl"])
    expectClean(visitor)
  })
})

describe("what is written", () => {
  it("is counted as it will be sent and charged", async () => {
    await using visitor = await writer()
    const { counter, message, price } = await composes(visitor)
    const shows = async (text: string, encoding: string, segments: number, left: number, cost: string) => {
      await message.fill(text)
      await eventually(() => counter.allTextContents()).toEqual([
        words("sms:write.characters", { characters: number(text.length), most }),
        words(`sms:encoding.${encoding}`),
        words("sms:segments", { count: segments }),
        words("sms:write.left", { left: number(left) })
      ])
      const told = words("sms:write.price") + cost + words("sms:write.balance") + euros("25.00")
      await eventually(() => price.textContent()).toBe(told)
    }
    await shows("", "GSM-7", 0, 160, "–")
    await shows("a".repeat(160), "GSM-7", 1, 0, euros("0.008"))
    await shows("ش".repeat(70), "UCS-2", 1, 0, euros("0.008"))
    await shows("ش".repeat(71), "UCS-2", 2, 63, euros("0.016"))
    await shows("ش".repeat(135), "UCS-2", 3, 66, euros("0.024"))
    await shows("ش".repeat(1600), "UCS-2", 24, 8, euros("0.192"))
    expect(await isInvalid(message)).toBe(false)

    await message.fill("ش".repeat(1601))
    await eventually(() => beside(message)).toContain(words("sms:write.tooLong", { most }))
    expect(await isInvalid(message)).toBe(true)
    expectClean(visitor)
  })

  it("shows which characters make it Unicode, and one click replaces them", async () => {
    await using visitor = await writer()
    const { counter, message } = await composes(visitor)
    await message.fill("“Now” – it’s done")
    const notice = visitor.page.getByTestId("unicode")
    await notice.getByText(words("sms:write.unicode.title"), { exact: true }).waitFor()
    const becomes = (character: string, plain: string) => words("sms:write.unicode.becomes", { character, plain })
    expect(await notice.getByRole("listitem").allTextContents()).toEqual([
      becomes("“", '"'),
      becomes("”", '"'),
      becomes("–", "-"),
      becomes("’", "'")
    ])
    expect(await notice.locator("mark").allTextContents()).toEqual(["“", "”", "–", "’"])

    await notice.getByRole("button", { name: words("sms:write.unicode.replace"), exact: true }).click()
    expect(await message.inputValue()).toBe(`"Now" - it's done`)
    await notice.waitFor({ state: "detached" })
    expect(await counter.nth(1).textContent()).toBe(words("sms:encoding.GSM-7"))
    expectClean(visitor)
  })

  it("has no plain letters for Arabic ones, which join where they are marked as they do elsewhere", async () => {
    await using visitor = await writer()
    const { message } = await composes(visitor)
    await message.fill("بتثجح")
    const notice = visitor.page.getByTestId("unicode")
    await notice.getByText(words("sms:write.unicode.stays", { characters: "ب ت ث ج ح" }), { exact: true }).waitFor()
    expect(await notice.getByRole("button").count()).toBe(0)
    const preview = notice.getByRole("group", { name: words("sms:write.unicode.preview"), exact: true })
    expect(await preview.locator("mark").count()).toBe(5)
    const marked = await widthOf(preview)
    await preview.evaluate((group: { textContent: string }) => {
      group.textContent = "بتثجح"
    })
    expect(marked).toBeCloseTo(await widthOf(preview), 1)
    expectClean(visitor)
  })

  it("goes to a country that is recognised, however the number is written", async () => {
    await using visitor = await writer()
    const { page } = visitor
    const { message, to } = await composes(visitor)
    const leadsTo = (code: keyof typeof COUNTRY) => page.getByText(COUNTRY[code], { exact: true }).waitFor()
    await to.pressSequentially("+971")
    await leadsTo("AE")
    await to.fill("+44 7400 123456")
    await leadsTo("GB")
    for (const written of ["+31 (0)6 1234 5678", "٠٠٣١ ٦ ١٢٣٤ ٥٦٧٨"]) {
      await to.fill(written)
      await leadsTo("NL")
      await message.focus()
      await eventually(() => to.inputValue()).toBe(PERSON)
    }
    expectClean(visitor)
  })

  it("survives a reload, and is gone once it is sent", async () => {
    await using visitor = await writer()
    const { page } = visitor
    const composer = await composes(visitor)
    await write(composer, "+31698765432", "نصف الرسا")
    await page.reload()
    await eventually(() => composer.message.inputValue()).toBe("نصف الرسا")
    expect(await composer.to.inputValue()).toBe("+31698765432")
    expect(await composer.from.locator("option:checked").textContent()).toBe(SENDER)

    await composer.message.fill("نصف الرسالة ثم كلها")
    await composer.send.click()
    await rowOf(page, "نصف الرسالة ثم كلها", words).waitFor()
    await openComposer(page, words)
    expect(await composer.message.inputValue()).toBe("")
    expect(await composer.to.inputValue()).toBe("")
    expectClean(visitor)
  })
})

describe("what is wrong", () => {
  it("is said beside each field before anything is sent, also how a national number is to be written", async () => {
    await using visitor = await writer()
    const { page } = visitor
    const { from, message, send, to } = await composes(visitor)
    const requests = listen(page)
    await send.click()
    await eventually(() => beside(from)).toContain(words("sms:write.noFrom"))
    expect(await beside(to)).toContain(words("sms:write.noTo"))
    expect(await beside(message)).toContain(words("sms:write.empty"))

    await from.selectOption(SENDER)
    await message.fill("مرحبا")
    await to.fill("0612345678")
    await send.click()
    await eventually(() => Promise.all([from, to, message].map(isInvalid))).toEqual([false, true, false])
    expect((await beside(to)).split("\n").toSorted()).toEqual(
      [words("sms:write.noTo"), words("sms:write.toHint")].toSorted()
    )
    expect(requests).not.toContain("POST sms/send")
    expectClean(visitor)
  })

  it.each([
    ["a number that cannot be", "+316123456789012", "invalid_destination"],
    ["a person who replied STOP", "+31611110000", "opted_out"]
  ])("with %s is said by the host beside the recipient", async (_, recipient, code) => {
    const json = { from: "+31611110000", to: "+31201234567", body: "STOP" }
    expect((await host.call("POST", "sandbox/inbound", { json })).status).toBe(202)
    await using visitor = await writer()
    const composer = await composes(visitor)
    await write(composer, recipient, "لا تصل إلى أحد")
    await composer.send.click()
    const said = `${words(`problems:${code}.title`)} ${words(`problems:${code}.help`)}`
    await eventually(() => beside(composer.to)).toContain(said)
    expect(await isInvalid(composer.to)).toBe(true)
    expect(await composer.message.inputValue()).toBe("لا تصل إلى أحد")
    expect(await sentWith("لا تصل إلى أحد")).toEqual([])

    await composer.to.fill(PERSON)
    expect(await isInvalid(composer.to)).toBe(false)
    expectClean(visitor)
  })

  it("is that the wallet does not hold the price: nothing is charged, nothing is stored", async () => {
    await holds(7_999)
    await using visitor = await writer()
    const composer = await composes(visitor)
    await write(composer, PERSON, "أغلى من اللازم")
    const notice = composer.price.getByRole("alert").filter({ hasText: words("sms:write.poor") })
    await notice.getByText(words("sms:write.poorHint"), { exact: true }).first().waitFor()
    await eventually(() => composer.price.textContent()).toContain(euros("0.007999"))
    await composer.send.click()
    await notice.getByText(words("problems:insufficient_balance.help"), { exact: true }).first().waitFor()
    const link = notice.getByRole("link", { name: words("sms:write.toWallet"), exact: true }).first()
    expect(await link.getAttribute("href")).toBe("/wallet")
    expect(await sentWith("أغلى من اللازم")).toEqual([])
    expect((await host.call("GET", "wallet")).body.wallet.balance).toBe("0.007999")
    expectClean(visitor)
  })
})

describe("with the keyboard alone", () => {
  it("one signs in, writes and sends, and sees it in the inbox", async () => {
    await using visitor = await visit(browser, host, { language: "ar", signedIn: false })
    const { page } = visitor
    const { keyboard } = page
    const tabTo = (key: string) =>
      eventually(async () => {
        await keyboard.press("Tab")
        return focused(page)
      }).toBe(words(key))
    await page.getByLabel(words("session:key"), { exact: true }).waitFor()
    await tabTo("session:key")
    await keyboard.type(LIVE_KEY)
    await keyboard.press("Enter")
    await page.getByRole("heading", { name: words("sms:title"), exact: true }).waitFor()
    await tabTo("sms:compose")
    await keyboard.press("Enter")
    const { from, message, to } = await composes(visitor)
    await tabTo("sms:write.from")
    // The first that can be chosen, as the browser has it.
    await keyboard.press("ArrowDown")
    await eventually(() => from.locator("option:checked").textContent()).toBe(SENDER)
    await keyboard.press("Tab")
    expect(await focused(page)).toBe(words("sms:write.to"))
    await keyboard.type(PERSON)
    await keyboard.press("Tab")
    expect(await focused(page)).toBe(words("sms:write.message"))
    await keyboard.type("كُتبت")
    await keyboard.press("Enter")
    await keyboard.type("على سطرين")
    expect(await message.inputValue()).toBe("كُتبت\nعلى سطرين")
    expect(await to.inputValue()).toBe(PERSON)
    await keyboard.press("Control+Enter")
    await statusOf(rowOf(page, "كُتبت", words), words("sms:status.delivered")).waitFor()
    expect(await sentWith("كُتبت\nعلى سطرين")).toHaveLength(1)
    expectClean(visitor)
  })
})

describe("two visitors, one in English and one in Arabic", () => {
  it("see at once what either of them sends, each in their own words", async () => {
    await host.send(PERSON, "The first one")
    await using english = await visit(browser, host)
    await using arabic = await visit(browser, host, { language: "ar" })
    await Promise.all([
      rowOf(english.page, "The first one").waitFor(),
      rowOf(arabic.page, "The first one", words).waitFor()
    ])
    const requests = [english, arabic].map(({ page }) => listen(page))

    const there = await openComposer(arabic.page, words)
    await write(there, PERSON, "من القارئ العربي")
    await there.send.click()
    await statusOf(rowOf(english.page, "من القارئ العربي"), "Delivered").waitFor()
    await statusOf(rowOf(arabic.page, "من القارئ العربي", words), words("sms:status.delivered")).waitFor()

    const here = await openComposer(english.page)
    await writeIn(here, "+15005550001", "From the English reader")
    await here.send.click()
    await rowOf(english.page, "From the English reader").getByText("Failed to send SMS").waitFor()
    const row = rowOf(arabic.page, "From the English reader", words)
    await row.getByText(words("sms:failed"), { exact: true }).waitFor()
    await row.getByText(words("sms:reason.invalid_destination"), { exact: true }).waitFor()
    // Each reads the list at most once more: when they are back in the inbox.
    const lists = requests.map((made) => made.filter((request) => request.startsWith("GET sms?")).length)
    expect(Math.max(...lists)).toBeLessThanOrEqual(1)
    expectClean(english)
    expectClean(arabic)
  })
})

/** Of what is drawn of an element's text. */
const widthOf = (text: Locator): Promise<number> =>
  text.evaluate((element) => {
    const range = document.createRange()
    range.selectNodeContents(element)
    return range.getBoundingClientRect().width
  })
