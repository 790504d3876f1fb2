/** The compose window, by what is written on it. */
import type { Locator, Page } from "playwright-core"
import { type Words, wordsOf } from "./words.ts"

const english = wordsOf("en")

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

export const composerOf = (page: Page, words: Words = english): Composer => ({
  from: page.getByLabel(words("sms:write.from"), { exact: true }),
  to: page.getByLabel(words("sms:write.to"), { exact: true }),
  message: page.getByLabel(words("sms:write.message"), { exact: true }),
  counter: page.getByTestId("counter").locator("> span"),
  price: page.getByTestId("price"),
  send: page.getByRole("button", { name: words("sms:write.send") })
})

/** From the inbox, as anybody would. */
export const openComposer = async (page: Page, words: Words = english): Promise<Composer> => {
  await page
    .getByRole("link", { name: words("sms:compose") })
    .first()
    .click()
  const composer = composerOf(page, words)
  await composer.send.waitFor()
  return composer
}

/** `sender`: as the From field names it in the page's language. */
export const write = async (
  { from, message, to }: Composer,
  recipient: string,
  text: string,
  sender = SENDER
): Promise<void> => {
  await from.selectOption(sender)
  await to.fill(recipient)
  await message.fill(text)
}

/** A message of the list, by its text. */
export const rowOf = (page: Page, text: string, words: Words = english): Locator =>
  page
    .getByRole("list", { name: words("sms:list.label") })
    .getByRole("listitem")
    .filter({ hasText: text })

/** Is there once the message has that status. */
export const statusOf = (row: Locator, status: string): Locator => row.getByText(status, { exact: true })
