/** A person who asks for help, step by step as a person does it, in Russian. */
import { setTimeout as sleep } from "node:timers/promises"
import type { Page } from "playwright-core"
import { Failure } from "../../failure.ts"
import type { PersonsPhrase } from "../canaries/phrase-canaries.ts"

const HOTLINE = ".p0 .hotline"
const PATIENCE = { timeout: 600_000 }
/** A page without the hotline (no edition yet) shows no button, however long one waits. */
const REACH_MS = 900_000
const A_LOOK = { timeout: 20_000 }
const A_VISIT = { timeout: 60_000 }

const press = (page: Page, name: string): Promise<void> =>
  page.locator(`${HOTLINE} button:visible`, { hasText: name }).first().click(PATIENCE)

/** Loads the page until it receives: the desks have made keys, and an edition carries one. */
export async function reachLine(page: Page): Promise<void> {
  const buttons = page.locator(`${HOTLINE} button:visible`)
  for (const end = Date.now() + REACH_MS; Date.now() < end; ) {
    const isThere = await buttons
      .first()
      .waitFor(A_LOOK)
      .then(
        () => true,
        () => false,
      )
    const text = isThere ? ((await page.locator(HOTLINE).textContent()) ?? "") : ""
    if (isThere && !text.includes("Сообщения здесь давно никто не читал")) return
    await sleep(2_000)
    await page.reload(PATIENCE)
  }
  throw new Failure("the week stood still: the public page does not receive", "stuck", 3)
}

/** Takes ten words, types them back as practice. @returns them, and how they were shown. */
export async function takeWords(page: Page): Promise<PersonsPhrase> {
  await press(page, "Написать впервые")
  const phrase = phraseShown(await page.locator("#ask-phrase").inputValue())
  const { words } = phrase
  await press(page, "Помню")
  await page.locator("#ask-words").fill(words.join(" "))
  await page.keyboard.press("Enter")
  await page.locator(".draft").waitFor(PATIENCE)
  return phrase
}

/** The words in a field's value: each on a line of its own, behind its number. */
export const phraseShown = (shown: string): PersonsPhrase => ({
  shown,
  words: shown.split("\n").map((line) => line.replace(/^[\s\d]+/, "")),
})

export async function comeBack(page: Page, words: readonly string[]): Promise<void> {
  await press(page, "У меня есть десять слов")
  await page.locator("#ask-words").fill(words.join(" "))
  await page.keyboard.press("Enter")
  await page.locator("#ask-sign").waitFor(PATIENCE)
  await press(page, "Да, мой")
  await page.locator(".draft").waitFor(PATIENCE)
}

/**
 * Writes, and stays until it has been handed over. A visit ends after fifteen ticks: then the page is loaded again, and
 * whoever has ten words writes once more.
 */
export async function writeLetter(page: Page, text: string, words: readonly string[]): Promise<void> {
  for (;;) {
    await page.locator(".draft:not([readonly])").fill(text)
    await press(page, "Отправить")
    const isHandedOver = await page
      .getByText("Передано. Страницу можно закрыть")
      .first()
      .waitFor(A_VISIT)
      .then(
        () => true,
        () => false,
      )
    if (isHandedOver) return
    await page.reload(PATIENCE)
    await reachLine(page)
    await comeBack(page, words)
  }
}

/** Comes back with ten words as often as it takes: a visit ends by itself after fifteen ticks. @returns the reply. */
export async function readReply(page: Page, words: readonly string[]): Promise<string> {
  const read = page.locator(`${HOTLINE} button:visible`, { hasText: "Я прочитал" })
  for (;;) {
    await reachLine(page)
    await comeBack(page, words)
    const isThere = await read.waitFor(A_VISIT).then(
      () => true,
      () => false,
    )
    if (isThere) break
    await page.reload(PATIENCE)
  }
  const text = await page.locator(".item textarea[id^=ask-reply]").first().inputValue()
  await press(page, "Я прочитал")
  return text
}
