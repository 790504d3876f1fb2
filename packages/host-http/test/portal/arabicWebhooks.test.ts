/** Webhooks as somebody uses them who reads Arabic. */
import { type Received, type Receiver, startReceiver } from "@cliqtel/sms-testkit/simulator"
import type { Browser, Locator, Page } from "playwright-core"
import { Webhook } from "standardwebhooks"
import { afterAll, beforeAll, describe, expect, it } from "vitest"
import { openCustomer, withAdmin } from "../host/customer.ts"
import type { TestHost } from "../host/startHost.ts"
import { launchChromium } from "./chromium.ts"
import { button, dialogOf, isolated, rowOf, says, takeSecret, visitAs, words } from "./inArabic.ts"
import { beside, eventually, expectClean, isInvalid } from "./reading.ts"
import { startPortalHost, visit } from "./visitor.ts"

let browser: Browser
let host: TestHost
let receiver: Receiver
beforeAll(async () => {
  ;[browser, host, receiver] = await Promise.all([launchChromium(), startPortalHost(withAdmin), startReceiver()])
})
afterAll(async () => {
  await browser.close()
  await host[Symbol.asyncDispose]()
  await receiver[Symbol.asyncDispose]()
})

describe("webhooks in Arabic", () => {
  const EVENT = "webhook.test"

  const deliveryOf = (page: Page) =>
    page
      .getByRole("list", { name: words("webhooks:deliveries.title"), exact: true })
      .getByRole("listitem")
      .first()

  const receivedAt = async (where: string, count: number): Promise<ReadonlyArray<Received>> => {
    const found = () => receiver.received.filter(({ url }) => url === where)
    await eventually(() => found().length).toBeGreaterThanOrEqual(count)
    return found()
  }

  const isSignedBy = (received: ReadonlyArray<Received>, secret: string) =>
    expect(
      received.map(({ body, headers }) =>
        // One value to each of these headers.
        new Webhook(secret).verify(body, headers as Record<string, string>)
      )
    ).toMatchObject(received.map(() => ({ event: EVENT })))

  const addressOf = (dialog: Locator) => dialog.getByLabel(words("webhooks:form.url"), { exact: true })

  const addWebhook = async (page: Page, url: string): Promise<string> => {
    await button(page, "webhooks:create").click()
    const dialog = dialogOf(page, "webhooks:form.createTitle")
    await addressOf(dialog).fill(url)
    await button(dialog, "webhooks:form.createSubmit").click()
    const secret = await takeSecret(page, "webhooks:secret", "webhooks:secret.madeTitle")
    await page.getByRole("link", { name: url }).click()
    await says(page, "webhooks:deliveries.empty").waitFor()
    return secret
  }

  it("are made with a secret that is shown once, are tested, show each attempt, and deliver again", async () => {
    await using visitor = await visitAs(browser, host, await openCustomer(host), "/webhooks")
    const { page } = visitor
    await says(page, "webhooks:empty.title").waitFor()
    const secret = await addWebhook(page, `${receiver.url}/made`)
    expect(await page.content()).not.toContain(secret)

    await button(page, "webhooks:one.test").click()
    await says(page, "webhooks:one.tested").waitFor()
    const delivery = deliveryOf(page)
    await says(delivery, "webhooks:deliveries.status.succeeded").waitFor()
    await says(delivery, "webhooks:deliveries.attempts_one", { count: 1 }).waitFor()
    await delivery.getByText(EVENT, { exact: true }).click()
    await says(delivery, "webhooks:deliveries.code", { code: 200 }).waitFor()
    await says(delivery, "webhooks:deliveries.body").waitFor()
    isSignedBy(await receivedAt("/hook/made", 1), secret)

    await delivery
      .getByRole("button", { name: words("webhooks:deliveries.redeliverOne", { event: EVENT, moment: "" }) })
      .click()
    await says(delivery, "webhooks:deliveries.attempts_two", { count: 2 }).waitFor()
    await says(page, "webhooks:deliveries.redelivered").waitFor({ state: "attached" })
    isSignedBy(await receivedAt("/hook/made", 2), secret)
    expectClean(visitor)
  })

  it("that fail show why and when they are tried next", async () => {
    await using failing = await startReceiver((response) => response.writeHead(500).end("قيد الصيانة"))
    await using visitor = await visitAs(browser, host, await openCustomer(host), "/webhooks")
    const { page } = visitor
    await addWebhook(page, `${failing.url}/fails`)
    await button(page, "webhooks:one.test").click()
    const delivery = deliveryOf(page)
    await says(delivery, "webhooks:deliveries.status.pending").waitFor()
    await delivery.getByText(EVENT, { exact: true }).click()
    await says(delivery, "webhooks:deliveries.code", { code: 500 }).waitFor()
    await delivery.getByText("قيد الصيانة", { exact: true }).waitFor()
    await delivery.getByText(words("webhooks:deliveries.next", { moment: "" })).waitFor()
    await says(page, "webhooks:state.failing").waitFor()
    await page.getByText(words("webhooks:failingSince", { moment: "" })).waitFor()
    expectClean(visitor)
  })

  it("get a new secret beside which the old one signs for a day", async () => {
    await using visitor = await visitAs(browser, host, await openCustomer(host), "/webhooks")
    const { page } = visitor
    const old = await addWebhook(page, `${receiver.url}/rotated`)
    await button(page, "webhooks:one.rotate").click()
    await button(dialogOf(page, "webhooks:rotate.title"), "webhooks:rotate.confirm").click()
    const fresh = await takeSecret(page, "webhooks:secret", "webhooks:secret.newTitle")
    expect(fresh).not.toBe(old)
    await page.getByText(words("webhooks:oldSecretUntil", { moment: "" })).waitFor()
    await button(page, "webhooks:one.test").click()
    const received = await receivedAt("/hook/rotated", 1)
    isSignedBy(received, old)
    isSignedBy(received, fresh)
    expectClean(visitor)
  })

  it("are edited, disabled, enabled and removed", async () => {
    const customer = await openCustomer(host)
    const one = async () => (await customer.call("GET", "webhooks")).body.webhooks[0]
    await using visitor = await visitAs(browser, host, customer, "/webhooks")
    const { page } = visitor
    const url = `${receiver.url}/edited`
    await addWebhook(page, url)
    await button(page, "webhooks:one.edit").click()
    const form = dialogOf(page, "webhooks:form.editTitle")
    await form.getByLabel(words("webhooks:form.description"), { exact: true }).fill("متجر")
    await form.getByRole("checkbox", { name: words("webhooks:allEvents"), exact: true }).uncheck()
    await button(form, "webhooks:form.editSubmit").click()
    await says(form, "webhooks:form.eventsMissing").waitFor()
    const received = form.getByRole("checkbox", { name: "sms.received", exact: true })
    expect(await beside(received)).toBe(words("webhooks:event.smsReceived"))
    await received.check()
    await form.getByRole("checkbox", { name: "sms.failed", exact: true }).check()
    await button(form, "webhooks:form.editSubmit").click()
    await form.waitFor({ state: "hidden" })
    expect(await one()).toMatchObject({ description: "متجر", events: ["sms.received", "sms.failed"] })

    await button(page, "webhooks:one.disable").click()
    const question = dialogOf(page, "webhooks:disable.title")
    await says(question, "webhooks:disable.text", { url: isolated(url) }).waitFor()
    await button(question, "webhooks:disable.confirm").click()
    await says(page, "webhooks:why.by_owner").waitFor()
    await says(page, "webhooks:state.disabled").waitFor()
    expect(await one()).toMatchObject({ enabled: false })
    expect(await button(page, "webhooks:one.test").count()).toBe(0)
    await page.getByRole("link", { name: words("webhooks:one.all"), exact: true }).click()
    await says(rowOf(page, url), "webhooks:eventCount_two", { count: 2 }).waitFor()
    await page.getByRole("link", { name: url }).click()
    await button(page, "webhooks:one.enable").click()
    await says(page, "webhooks:state.enabled").waitFor()
    expect(await one()).toMatchObject({ enabled: true })

    await button(page, "webhooks:one.remove").click()
    await button(dialogOf(page, "webhooks:remove.title"), "webhooks:remove.confirm").click()
    await says(page, "webhooks:empty.title").waitFor()
    expect(await one()).toBeUndefined()
    expectClean(visitor)
  })

  it("at an address that will not do say so beside the field, the portal's reason as the host's", async () => {
    await using strict = await startPortalHost({ webhooksAllowPrivate: false })
    await using visitor = await visit(browser, strict, { language: "ar", path: "/webhooks" })
    const { page } = visitor
    await button(page, "webhooks:create").click()
    const dialog = dialogOf(page, "webhooks:form.createTitle")
    for (const [url, reason] of [
      ["متجر", "urlWrong"],
      ["https://me:secret@shop.example/sms", "urlSecret"],
      ["https://10.0.0.1/sms", "urlRefused"]
    ] as const) {
      await addressOf(dialog).fill(url)
      await button(dialog, "webhooks:form.createSubmit").click()
      await eventually(() => beside(addressOf(dialog))).toContain(words(`webhooks:form.${reason}`))
      expect(await isInvalid(addressOf(dialog))).toBe(true)
    }
    expect((await strict.call("GET", "webhooks")).body.webhooks).toEqual([])
    expectClean(visitor)
  })
})
