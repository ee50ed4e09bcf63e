/** The steps of the hotline as a person takes them, in a driven Firefox. */
import type { Browser, Page } from "puppeteer-core"
import { SAYS, type StepLanguage } from "./said.ts"
import { wordsIn } from "./steps.ts"

const PATIENCE = { timeout: 60_000 }

export interface FirefoxVisit {
  readonly page: Page
  /** Console messages and errors, violations of the policy among them. */
  readonly complaints: string[]
}

/** A phone held upright. */
export async function firefoxVisit(
  browser: Pick<Browser, "newPage">,
  address: string,
): Promise<FirefoxVisit> {
  const page = await browser.newPage()
  const complaints: string[] = []
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`))
  page.on("pageerror", (error) => complaints.push(String(error)))
  await page.setViewport({ width: 360, height: 740 })
  await page.goto(address)
  return { page, complaints }
}

/** As soon as there is such a button. */
export async function pressIn(page: Page, name: string): Promise<void> {
  const pressed = await page.waitForFunction(
    (wanted) => {
      const found = [...document.querySelectorAll<HTMLButtonElement>(".hotline button")].find(
        (one) => !one.hidden && one.textContent?.includes(wanted),
      )
      found?.click()
      return found !== undefined
    },
    PATIENCE,
    name,
  )
  await pressed.dispose()
}

export const valueIn = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (one) => (one as HTMLTextAreaElement).value)

/** Until the hotline says it. */
export async function hears(page: Page, sentence: string): Promise<void> {
  const heard = await page.waitForFunction(
    (wanted) => document.querySelector(".hotline")?.textContent?.includes(wanted) === true,
    PATIENCE,
    sentence,
  )
  await heard.dispose()
}

export async function takeWordsIn(page: Page, language: StepLanguage = "ru"): Promise<readonly string[]> {
  await pressIn(page, SAYS[language].first)
  await page.waitForSelector("#ask-phrase")
  return wordsIn(await valueIn(page, "#ask-phrase"))
}

/** Four letters of each are enough. */
async function typeWords(page: Page, words: readonly string[]): Promise<void> {
  await page.waitForSelector("#ask-words")
  await page.type("#ask-words", `${words.map((word) => word.slice(0, 4)).join(" ")} `)
  await page.keyboard.press("Enter")
}

export async function practiseIn(
  page: Page,
  words: readonly string[],
  language: StepLanguage = "ru",
): Promise<void> {
  await pressIn(page, SAYS[language].known)
  await typeWords(page, words)
  await page.waitForSelector(".draft")
}

export async function writeIn(page: Page, text: string, language: StepLanguage = "ru"): Promise<void> {
  await page.type(".draft:not([readonly])", text)
  await pressIn(page, SAYS[language].send)
}

export async function comeBackIn(
  page: Page,
  words: readonly string[],
  language: StepLanguage = "ru",
): Promise<void> {
  await pressIn(page, SAYS[language].back)
  await typeWords(page, words)
  await page.waitForSelector("#ask-sign")
  await pressIn(page, SAYS[language].mine)
  await page.waitForSelector(".draft")
}
