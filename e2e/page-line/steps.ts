/** The steps of the hotline as a person takes them, in Russian or English, in a driven Chromium. */
import type { Page } from "playwright-core"
import { SAYS, type StepLanguage } from "./said.ts"

/** It stands in the place of the language that is shown, and nowhere else. */
export const HOTLINE = ".hotline"

export const press = (page: Page, name: string): Promise<void> =>
  page.locator(`${HOTLINE} button:visible`, { hasText: name }).first().click()

/** From the first sentence to ten words. @returns them. */
export async function takeWords(page: Page, language: StepLanguage = "ru"): Promise<readonly string[]> {
  await press(page, SAYS[language].first)
  return wordsIn(await page.locator("#ask-phrase").inputValue())
}

/** As they are shown: numbered, one in a line. */
export const wordsIn = (shown: string): readonly string[] =>
  shown.split("\n").map((line) => line.replace(/^[\s\d]+/, ""))

/** Types them back. */
export async function practise(
  page: Page,
  words: readonly string[],
  language: StepLanguage = "ru",
): Promise<void> {
  await press(page, SAYS[language].known)
  await page.locator("#ask-words").fill(words.join(" "))
  await page.keyboard.press("Enter")
  await page.locator(".draft").waitFor()
}

export async function write(page: Page, text: string, language: StepLanguage = "ru"): Promise<void> {
  await page.locator(".draft:not([readonly])").fill(text)
  await press(page, SAYS[language].send)
}

/** With ten words, over their sign, into the conversation. */
export async function comeBack(page: Page, typed: string, language: StepLanguage = "ru"): Promise<void> {
  await press(page, SAYS[language].back)
  await page.locator("#ask-words").fill(typed)
  await page.keyboard.press("Enter")
  await page.locator("#ask-sign").waitFor()
  await press(page, SAYS[language].mine)
  await page.locator(".draft").waitFor()
}

/** What stands in every control, in document order. */
export const valuesOf = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll<HTMLTextAreaElement | HTMLInputElement>("textarea, input:not(.tab)")].map(
      ({ value }) => value,
    ),
  )

/** What "save page" writes out: the document, and Chromium's own archive of it. */
export async function savedPages(page: Page): Promise<string> {
  const session = await page.context().newCDPSession(page)
  const { data } = await session.send("Page.captureSnapshot", { format: "mhtml" })
  await session.detach()
  const quoted = data
    .replace(/=\r?\n/g, "")
    .replace(/(?:=[0-9A-F]{2})+/g, (bytes) => Buffer.from(bytes.replaceAll("=", ""), "hex").toString("utf8"))
  return `${await page.content()}\n${quoted}`
}
