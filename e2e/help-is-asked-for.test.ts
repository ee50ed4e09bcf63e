/**
 * The whole capability on the processes that `npm start` runs and in real browsers: two people ask on phones, one in Russian, one in
 * English, and close the page. One operator sees both, gives one to a colleague at the other desk, which is in English, who answers at
 * length; each comes back with ten words, reads the answer in its parts and replies. Then both relays' disks are searched.
 */
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { splitText } from "@kunak/core/text/split-text"
import { openChromium } from "@kunak/page/testing/browser"
import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Demonstration, runDemonstration, until } from "./demonstration/run.ts"
import { SAYS, type StepLanguage } from "./page-line/said.ts"
import { comeBack, HOTLINE, practise, press, takeWords, write } from "./page-line/steps.ts"

const PATIENCE = { timeout: 120_000 }
interface Person {
  readonly language: StepLanguage
  readonly question: string
  readonly answer: string
  readonly thanks: string
}

const AMINA: Person = {
  language: "ru",
  question: "Это Амина, выдуманная. Меня ищут, телефон забрали. Можно ли вернуться домой? Ёлка 🌲",
  answer:
    `Мы прочитали. Домой пока не возвращайтесь. ${"Побудьте там, где вы сейчас, и никому об этом не говорите. ".repeat(40)}`.trim(),
  thanks: "Поняла, остаюсь. Спасибо.",
}
const BORIS: Person = {
  language: "en",
  question: "This is Boris, who is made up. They took my passport – can I leave without it? 👋🏽",
  answer:
    `We have read it. Do not go to the border yet. ${"Stay where you are now, and do not tell anybody about this. ".repeat(40)}`.trim(),
  thanks: "Understood, I am staying. Thank you.",
}
/** On relays' disks they would stand in one encoding or the other. */
const CANARIES = [
  ...["Амина", "телефон забрали", "никому об этом", "остаюсь"],
  ...["Boris, who", "took my passport", "tell anybody about", "I am staying"],
]

let demo: Demonstration
let browser: Browser
let desks: Page[]

beforeAll(async () => {
  demo = await runDemonstration()
  browser = await openChromium()
  desks = []
  for (const [i, address] of demo.desks.entries()) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "ru-RU" })
    const page = await context.newPage()
    await page.goto(address)
    // The second officer reads English.
    if (i === 1) await page.getByText("English", { exact: true }).click(PATIENCE)
    await page.locator("input[type=password]").fill(demo.passphrase)
    await page.keyboard.press("Enter")
    // Among the windows: what Today says may lead there, too.
    await page.getByRole("link", { name: ["Линия", "Hotline"][i] ?? "", exact: true }).click(PATIENCE)
    desks.push(page)
  }
})
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

const [first, second] = [(): Page => desks[0] as Page, (): Page => desks[1] as Page]

/** A visit on a phone, once the line receives. */
async function phone({ language }: Person): Promise<Page> {
  const options = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true }
  const locale = language === "ru" ? "ru-RU" : "en-GB"
  const page = await (await browser.newContext({ ...options, locale })).newPage()
  await until(
    "a line that somebody reads",
    async () => {
      await page.goto(demo.page)
      await page.locator(`${HOTLINE} button:visible`, { hasText: SAYS[language].first }).waitFor(PATIENCE)
      return !(await page.locator(HOTLINE).textContent())?.includes(SAYS[language].notReadLong)
    },
    120,
  )
  return page
}

type Wanted = (page: Page) => Locator
const handedOver =
  ({ language }: Person): Wanted =>
  (page) =>
    page.getByText(SAYS[language].handedOver).first()
const answered =
  ({ language }: Person): Wanted =>
  (page) =>
    page.locator(`${HOTLINE} button:visible`, { hasText: SAYS[language].read }).first()
const stopped =
  ({ language }: Person): Wanted =>
  (page) =>
    page.getByText(SAYS[language].stopped).first()

/**
 * A page stops after fifteen ticks, of which a busy machine leaves some out (rule Z5), and says so. Whoever did not get what they
 * came for does as it says: begins again with the ten words.
 */
async function visitUntil(
  person: Person,
  wanted: Wanted,
  begin: (page: Page) => Promise<void>,
  beginAgain = begin,
): Promise<Page> {
  for (let visits = 0; visits < 6; visits++) {
    const page = await phone(person)
    await (visits === 0 ? begin : beginAgain)(page)
    await wanted(page).or(stopped(person)(page)).first().waitFor(PATIENCE)
    if (await wanted(page).isVisible()) return page
    await page.context().close()
  }
  throw new Error("six visits, and none had what it came for")
}

/** @returns the ten words, once the question is handed over and the page closed. */
async function ask(person: Person): Promise<readonly string[]> {
  const { language, question } = person
  let words: readonly string[] = []
  const page = await visitUntil(
    person,
    handedOver(person),
    async (fresh) => {
      words = await takeWords(fresh, language)
      await practise(fresh, words, language)
      await write(fresh, question, language)
    },
    async (fresh) => {
      await comeBack(fresh, words.join(" "), language)
      await write(fresh, question, language)
    },
  )
  await page.context().close()
  return words
}

async function readAndThank(person: Person, words: readonly string[]): Promise<void> {
  const { language, answer, thanks } = person
  const returns = (page: Page): Promise<void> => comeBack(page, words.join(" "), language)
  expect(splitText(answer, 900).length).toBeGreaterThan(2)
  const back = await visitUntil(person, answered(person), returns)
  expect(await back.locator(".item textarea[id^=ask-reply]").first().inputValue()).toBe(answer)
  await back.context().close()
  const thanking = await visitUntil(person, handedOver(person), async (page) => {
    await returns(page)
    await answered(person)(page).or(stopped(person)(page)).first().waitFor(PATIENCE)
    if (!(await answered(person)(page).isVisible())) return
    await press(page, SAYS[language].read)
    await write(page, thanks, language)
  })
  await thanking.context().close()
}

/** Opens somebody's conversation: its row shows the newest that they wrote. */
async function openThread(desk: Page, { question, thanks }: Person): Promise<void> {
  await desk
    .locator("a.thread", { hasText: new RegExp(`${question.slice(0, 12)}|${thanks.slice(0, 12)}`) })
    .first()
    .click(PATIENCE)
  await desk.locator(".said").getByText(question).waitFor(PATIENCE)
}

async function answerAt(desk: Page, { answer }: Person, send: string): Promise<void> {
  await desk.locator(".reply textarea").fill(answer)
  await desk.locator(".reply .primary").click()
  await desk.locator("[role=alertdialog]").getByRole("button", { name: send, exact: true }).click()
  await desk.locator('.reply-state[data-state="on-board"]').waitFor(PATIENCE)
}

test("two people ask, one in Russian, one in English; two desks answer; who comes back reads it in parts and replies", async () => {
  const [aminasWords, borisWords] = await Promise.all([AMINA, BORIS].map(ask))

  await openThread(first(), AMINA)
  await first().getByRole("button", { name: "Передать …" }).click()
  await first().getByText("officer 2", { exact: true }).last().click()
  const question = first().locator("[role=alertdialog]")
  await question.locator("textarea").fill("Возьмёшь? Просит ответить сегодня.")
  await question.getByRole("button", { name: "Передать", exact: true }).click()

  await second().getByRole("radio", { name: "Mine" }).click()
  await openThread(second(), AMINA)
  await answerAt(second(), AMINA, "Send")
  await openThread(first(), BORIS)
  await answerAt(first(), BORIS, "Отправить")

  await Promise.all([readAndThank(AMINA, aminasWords ?? []), readAndThank(BORIS, borisWords ?? [])])

  await first().locator(".said").getByText(BORIS.thanks).waitFor(PATIENCE)
  await second().locator(".said").getByText(AMINA.thanks).waitFor(PATIENCE)
  for (const desk of [first(), second()])
    await desk.locator('.reply-state[data-state="read"]').waitFor(PATIENCE)
  await openThread(first(), AMINA)
  await first().locator(".said").getByText(AMINA.thanks).waitFor(PATIENCE)
})

test("[T4] nothing of it stands on either relay's disk, nor in the log that duty reads", async () => {
  for (const folder of ["relay-a", "relay-b", "duty-1", "duty-2"]) {
    const path = join(demo.folder, folder)
    for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const bytes = await readFile(join(entry.parentPath, entry.name))
      for (const canary of CANARIES)
        for (const encoding of ["utf8", "utf16le"] as const)
          expect(bytes.includes(Buffer.from(canary, encoding)), `${folder}/${entry.name}`).toBe(false)
    }
  }
})
