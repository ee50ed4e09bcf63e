/**
 * The whole capability on the processes that `npm start` runs and in real browsers: somebody asks on a phone, in Russian, and
 * closes the page; one operator sees it and gives it to a colleague at the other desk, who answers at length; the person
 * comes back with ten words, reads the answer in its parts and replies. Then both relays' disks are searched.
 */
import { readdir, readFile } from "node:fs/promises"
import { join } from "node:path"
import { splitText } from "@kunak/core/text/split-text"
import { type Browser, chromium, type Locator, type Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Demonstration, runDemonstration } from "./demonstration/run.ts"
import { comeBack, HOTLINE, practise, press, takeWords, write } from "./page-line/steps.ts"

const PATIENCE = { timeout: 120_000 }
const PHONE = { viewport: { width: 360, height: 740 }, locale: "ru-RU", isMobile: true, hasTouch: true }
const QUESTION = "Это Амина, выдуманная. Меня ищут, телефон забрали. Можно ли вернуться домой? Ёлка 🌲"
const ANSWER =
  `Мы прочитали. Домой пока не возвращайтесь. ${"Побудьте там, где вы сейчас, и никому об этом не говорите. ".repeat(40)}`.trim()
const THANKS = "Поняла, остаюсь. Спасибо."

let demo: Demonstration
let browser: Browser
let desks: Page[]

beforeAll(async () => {
  demo = await runDemonstration()
  browser = await chromium.launch({
    executablePath: "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
  })
  desks = []
  for (const address of demo.desks) {
    const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "ru-RU" })
    const page = await context.newPage()
    await page.goto(address)
    await page.locator("input[type=password]").fill(demo.passphrase)
    await page.keyboard.press("Enter")
    await page.getByRole("link", { name: "Линия" }).click(PATIENCE)
    desks.push(page)
  }
})
afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

const [first, second] = [(): Page => desks[0] as Page, (): Page => desks[1] as Page]

/** A visit on a phone, once the line receives. */
async function phone(): Promise<Page> {
  const page = await (await browser.newContext(PHONE)).newPage()
  await expect
    .poll(
      async () => {
        await page.goto(demo.page)
        await page.locator(`${HOTLINE} button:visible`).first().waitFor(PATIENCE)
        return (await page.locator(HOTLINE).textContent())?.includes("Сообщения здесь давно никто не читал")
      },
      { timeout: 120_000, interval: 4_000 },
    )
    .toBe(false)
  return page
}

const HANDED_OVER = (page: Page): Locator => page.getByText("Передано. Страницу можно закрыть").first()
const ANSWERED = (page: Page): Locator =>
  page.locator(`${HOTLINE} button:visible`, { hasText: "Я прочитал" }).first()

/**
 * A page stops after fifteen ticks, of which a busy machine leaves some out (rule Z5), and says so. Whoever did not get what they
 * came for does as it says: begins again with the ten words.
 */
async function visitUntil(
  wanted: (page: Page) => Locator,
  begin: (page: Page) => Promise<void>,
  beginAgain = begin,
): Promise<Page> {
  for (let visits = 0; visits < 6; visits++) {
    const page = await phone()
    await (visits === 0 ? begin : beginAgain)(page)
    const ended = page.getByText("Страница остановилась").first()
    await wanted(page).or(ended).first().waitFor(PATIENCE)
    if (await wanted(page).isVisible()) return page
    await page.context().close()
  }
  throw new Error("six visits, and none had what it came for")
}

test("somebody asks, two desks answer, and the person who comes back reads it in parts and replies", async () => {
  let words: readonly string[] = []
  const returns = (page: Page): Promise<void> => comeBack(page, words.join(" "))
  const asking = await visitUntil(
    HANDED_OVER,
    async (page) => {
      words = await takeWords(page)
      await practise(page, words)
      await write(page, QUESTION)
    },
    async (page) => {
      await returns(page)
      await write(page, QUESTION)
    },
  )
  await asking.context().close()

  await first().locator("a.thread").first().click(PATIENCE)
  await first().locator(".said").getByText(QUESTION).waitFor(PATIENCE)
  await first().getByRole("button", { name: "Передать …" }).click()
  await first().getByText("officer 2", { exact: true }).last().click()
  const question = first().locator("[role=alertdialog]")
  await question.locator("textarea").fill("Возьмёшь? Просит ответить сегодня.")
  await question.getByRole("button", { name: "Передать", exact: true }).click()

  await second().getByRole("radio", { name: "Мои" }).click()
  await second().locator("a.thread").first().click(PATIENCE)
  await second().locator(".said").getByText(QUESTION).waitFor(PATIENCE)
  await second().locator(".reply textarea").fill(ANSWER)
  await second().locator(".reply .primary").click()
  const sending = second().locator("[role=alertdialog]")
  await sending.getByRole("button", { name: "Отправить", exact: true }).click()
  await second().locator('.reply-state[data-state="on-board"]').waitFor(PATIENCE)

  const back = await visitUntil(ANSWERED, returns)
  expect(splitText(ANSWER, 900).length).toBeGreaterThan(2)
  expect(await back.locator(".item textarea[id^=ask-reply]").first().inputValue()).toBe(ANSWER)
  await back.context().close()
  const thanking = await visitUntil(HANDED_OVER, async (page) => {
    await returns(page)
    await ANSWERED(page).or(page.getByText("Страница остановилась").first()).first().waitFor(PATIENCE)
    if (!(await ANSWERED(page).isVisible())) return
    await press(page, "Я прочитал")
    await write(page, THANKS)
  })
  await thanking.context().close()

  for (const desk of [first(), second()]) await desk.locator(".said").getByText(THANKS).waitFor(PATIENCE)
  await second().locator('.reply-state[data-state="read"]').waitFor(PATIENCE)
})

test("[T4] nothing of it stands on either relay's disk, nor in the log that duty reads", async () => {
  for (const folder of ["relay-a", "relay-b", "duty-1", "duty-2"]) {
    const path = join(demo.folder, folder)
    for (const entry of await readdir(path, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const bytes = await readFile(join(entry.parentPath, entry.name))
      for (const canary of ["Амина", "телефон забрали", "никому об этом", "остаюсь"])
        for (const encoding of ["utf8", "utf16le"] as const)
          expect(bytes.includes(Buffer.from(canary, encoding)), `${folder}/${entry.name}`).toBe(false)
    }
  }
})
