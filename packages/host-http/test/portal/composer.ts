/** The compose window, by what is written on it. */
import type { Locator, Page } from "playwright-core"

/** The demo's number that sends in these tests, as the From field names it. */
export const SENDER = "+31201234567 (Netherlands)"

export interface Composer {
  readonly from: Locator
  readonly to: Locator
  readonly message: Locator
  /** Characters, encoding, segments, and what is left. */
  readonly counter: Locator
  readonly price: Locator
  readonly send: Locator
}

export const composerOf = (page: Page): Composer => ({
  from: page.getByLabel("From", { exact: true }),
  to: page.getByLabel("To", { exact: true }),
  message: page.getByLabel("Message", { exact: true }),
  counter: page.getByTestId("counter").locator("> span"),
  price: page.getByTestId("price"),
  send: page.getByRole("button", { name: "Send SMS" })
})

/** From the inbox, as anybody would. */
export const openComposer = async (page: Page): Promise<Composer> => {
  await page.getByRole("link", { name: "Compose" }).first().click()
  const composer = composerOf(page)
  await composer.send.waitFor()
  return composer
}

export const write = async ({ from, message, to }: Composer, recipient: string, text: string): Promise<void> => {
  await from.selectOption(SENDER)
  await to.fill(recipient)
  await message.fill(text)
}

/** A message of the list, by its text. */
export const rowOf = (page: Page, text: string): Locator =>
  page.getByRole("list", { name: "Messages" }).getByRole("listitem").filter({ hasText: text })

/** Is there once the message has that status. */
export const statusOf = (row: Locator, status: string): Locator => row.getByText(status, { exact: true })
