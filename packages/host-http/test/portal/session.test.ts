/** Coming in, staying in and going out. */
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { LIVE_KEY, TEST_KEY, type TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { beside, eventually, expectClean, isInvalid } from "./reading.ts"
import { startPortalHost, visit, type Visitor } from "./visitor.ts"

let browser: Browser
let host: TestHost
beforeAll(async () => {
  ;[browser, host] = await Promise.all([launchChromium(), startPortalHost()])
})
afterAll(async () => {
  await browser.close()
  await host[Symbol.asyncDispose]()
})

const stranger = () => visit(browser, host, { signedIn: false })

const keyField = ({ page }: Visitor) => page.getByLabel("API key", { exact: true })

const signInWith = async (visitor: Visitor, key: string) => {
  await keyField(visitor).fill(key)
  await visitor.page.getByRole("button", { name: "Sign in", exact: true }).click()
}

const isIn = ({ page }: Visitor) => page.getByRole("heading", { name: "SMS", exact: true }).waitFor()

const cookieOf = async ({ context }: Visitor) => {
  const cookies = await context.cookies()
  return cookies.find(({ name }) => name === "cliqtel_session")
}

const messageCount = async () => (await host.call("GET", "sms")).body.messages.length

describe("whoever comes to the portal", () => {
  it("is told beside the field that a key is wrong, and is let in with the right one", async () => {
    await using visitor = await stranger()
    const { page } = visitor
    const field = keyField(visitor)
    await page.getByRole("button", { name: "Sign in", exact: true }).click()
    await eventually(() => beside(field)).toContain("Enter an API key.")

    await signInWith(visitor, LIVE_KEY.replace("TestOK", "Wrong1"))
    await eventually(() => beside(field)).toContain("This API key is not valid.")
    expect(await isInvalid(field)).toBe(true)
    expect(await cookieOf(visitor)).toBeUndefined()

    await signInWith(visitor, ` ${LIVE_KEY} `)
    await isIn(visitor)
    expect(await page.getByTestId("balance").textContent()).toMatch(/^€\d+\.\d\d/)
    expect(await page.getByText("Test mode", { exact: true }).count()).toBe(0)
    expectClean(visitor)
  })

  it("is in the demo with one click, and sees the page they came for", async () => {
    await using visitor = await visit(browser, host, { signedIn: false, path: "/keys" })
    const { page } = visitor
    await page.getByRole("button", { name: "Open the demo", exact: true }).click()
    await page.getByRole("heading", { name: "API Keys" }).waitFor()
    expect(new URL(page.url()).pathname).toBe("/keys")
    expectClean(visitor)
  })

  it("sees in test mode that nothing is real", async () => {
    await using visitor = await stranger()
    const { page } = visitor
    await page.getByRole("button", { name: "Open the demo in test mode" }).click()
    await isIn(visitor)
    const badge = page.getByText("Test mode", { exact: true })
    await badge.waitFor()
    expect(await page.getByTitle("Simulated carriers and play money: nothing reaches a phone.").count()).toBe(1)

    await page.reload()
    await badge.waitFor()
    await page.getByRole("button", { name: "Sign out" }).click()
    await signInWith(visitor, TEST_KEY)
    await badge.waitFor()
    expectClean(visitor)
  })
})

describe("a session", () => {
  it("is a cookie that no script reads and no other site sends, and no key is kept in the browser", async () => {
    await using visitor = await stranger()
    const { page } = visitor
    await signInWith(visitor, LIVE_KEY)
    await isIn(visitor)
    expect(await cookieOf(visitor)).toMatchObject({ httpOnly: true, sameSite: "Strict", path: "/" })
    expect(await page.evaluate("document.cookie")).toBe("")
    const kept = await page.evaluate<string>("JSON.stringify([{ ...localStorage }, { ...sessionStorage }])")
    expect(kept).not.toContain("sk_live_")
    await page.reload()
    await isIn(visitor)
    expectClean(visitor)
  })

  it("is over once it is signed out, also for whoever has kept the cookie", async () => {
    await using visitor = await visit(browser, host)
    const { page } = visitor
    await isIn(visitor)
    const cookie = `cliqtel_session=${(await cookieOf(visitor))?.value}`
    const asBefore = () => host.call("GET", "wallet", { key: null, headers: { cookie } })
    expect((await asBefore()).status).toBe(200)

    await page.getByRole("button", { name: "Sign out" }).click()
    await keyField(visitor).waitFor()
    expect(await page.getByText("Your session has ended").count()).toBe(0)
    expect((await asBefore()).status).toBe(401)

    await page.goBack()
    await keyField(visitor).waitFor()
    expect(await page.getByTestId("balance").count()).toBe(0)
    expectClean(visitor)
  })

  it("that is signed out in one tab leaves no text behind in another", async () => {
    await using visitor = await visit(browser, host)
    const { context, page } = visitor
    const other = await context.newPage()
    await other.goto("/sms/compose")
    await other.getByLabel("Message", { exact: true }).fill("Between us")
    const kept = () => other.evaluate<string>("JSON.stringify({ ...sessionStorage })")
    await eventually(kept).toContain("Between us")
    await page.getByRole("button", { name: "Sign out" }).click()
    await keyField(visitor).waitFor()
    await other.getByLabel("API key", { exact: true }).waitFor()
    expect(await kept()).not.toContain("Between us")
    expectClean(visitor)
  })

  it("ends by itself when its key is revoked, and the page says so", async () => {
    const { api_key } = (await host.call("POST", "api_keys", { json: { name: "for a browser" } })).body
    await using visitor = await stranger()
    const { page } = visitor
    await signInWith(visitor, api_key.key)
    await isIn(visitor)
    expect((await host.call("DELETE", `api_keys/${api_key.id}`)).status).toBe(200)

    await page.getByText("Your session has ended. Sign in again.").waitFor()
    await signInWith(visitor, api_key.key)
    await eventually(() => beside(keyField(visitor))).toContain("This API key is not valid.")
    await signInWith(visitor, LIVE_KEY)
    await isIn(visitor)
    expectClean(visitor)
  })

  it("is not lent to pages of others", async () => {
    await using visitor = await visit(browser, host)
    await isIn(visitor)
    const before = await messageCount()
    const data = { from_number_id: 1, to: "+31612345678", body: "Not asked for" }
    for (const origin of ["https://elsewhere.example", host.url.replace(/\d+$/, "9"), "null"]) {
      const answer = await visitor.context.request.post("/api/v1/portal/sms/send", { data, headers: { origin } })
      expect(answer.status(), origin).toBe(403)
      expect(await answer.json()).toMatchObject({ code: "forbidden" })
    }
    const without = await visitor.context.request.post("/api/v1/portal/sms/send", { data })
    expect(without.status()).toBe(403)
    expect(await messageCount()).toBe(before)

    const own = await visitor.context.request.post("/api/v1/portal/sms/send", { data, headers: { origin: host.url } })
    expect(own.status()).toBe(201)
    expectClean(visitor)
  })
})
