/** What the hotline says of its limits and of what goes wrong, where somebody meets it: rules G17, G20, G29. */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { MAX_PART_TEXT_BYTES } from "@kunak/core/parameters"
import { makePhrase, phraseWords } from "@kunak/core/phrase/phrase"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { LAPTOP, openChromium, PHONE } from "@kunak/page/testing/browser"
import type { App } from "@kunak/relay/app"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, test } from "vitest"
import { eventually } from "./page-line/eventually.ts"
import { SAYS } from "./page-line/said.ts"
import { comeBack, HOTLINE, press, takeWords, write } from "./page-line/steps.ts"
import { openHotline, withLine } from "./page-line/with-line.ts"

const PATIENCE = { timeout: 60_000 }

let browser: Browser
beforeAll(async () => {
  browser = await openChromium()
})
afterAll(() => browser.close())

const says = (page: Page, sentence: string) =>
  page.locator(HOTLINE).getByText(sentence, { exact: false }).first().waitFor(PATIENCE)
const answered =
  (app: App, change: (body: Uint8Array) => Uint8Array): App =>
  async (request) => {
    const answer = await app(request)
    return request.target === "/tick" && answer.status === 200
      ? { ...answer, body: change(answer.body) }
      : answer
  }
/** Some bits of the rows, none of the header's. */
const garbled = (body: Uint8Array): Uint8Array =>
  body.map((byte, i) => (i % 97 === 1 && i < 2_400 ? byte ^ 1 : byte))

const SENTENCES = {
  ru: {
    stay: "долгое пребывание заметно",
    learns: "Кто их узнает, прочтёт все ответы",
    letters: "Введите русские или английские буквы",
    broken: "Один из серверов ответил неверно",
    disagree: "Серверы показывают разное",
    asks: "спросить о том, что знаете только вы",
  },
  en: {
    stay: "a long stay shows",
    learns: "Whoever learns them reads all answers",
    letters: "Type Russian or English letters",
    broken: "A server gave a wrong answer",
    disagree: "The two servers show different things",
    asks: "ask something that only you can know",
  },
} as const

for (const language of ["ru", "en"] as const) {
  const expected = SENTENCES[language]

  test.concurrent(`[G29] [G20] its limits stand before the first step, and words in digits or a third script are told apart from unknown ones: ${language}`, ({
    expect,
  }) =>
    withLine(async (line) => {
      const { page, close } = await openHotline(browser, line, language)
      await says(page, expected.stay)
      await says(page, expected.learns)
      await press(page, SAYS[language].back)
      const typed = page.locator("#ask-words")
      const told = page.locator(`${HOTLINE} .told:visible`).first()
      for (const foreign of ["1 2 3 4 5 6 7 8 9 10", Array(10).fill("բարև").join(" ")]) {
        await typed.fill("")
        await typed.fill(foreign)
        await page.keyboard.press("Enter")
        await eventually(async () => expect(await told.textContent()).toContain(expected.letters))
        expect(await page.evaluate(() => document.activeElement?.id)).toBe("ask-words")
      }
      await close()
    }))

  test.concurrent(`[G20] a server that answers wrongly, and two that show different things, are told in the conversation, which says that we may ask who writes: ${language}`, ({
    expect,
  }) =>
    withLine(async (line) => {
      const honest = [line.a.app, line.b.app] as const
      line.b.app = answered(honest[1], garbled)
      const { page, close } = await openHotline(browser, line, language)
      const words = await takeWords(page, language)
      expect(words).toHaveLength(10)
      await page.reload()
      await comeBack(page, words.join(" "), language)
      await says(page, expected.broken)
      // Beside the field: a check question later is no surprise.
      await says(page, expected.asks)
      await close()

      line.b.app = honest[1]
      // Relay B is kept at the edition that it has; A goes on, three numbers ahead.
      const still = honest[1]
      line.b.app = async (request) =>
        request.target === "/publish" ? { status: 200, headers: {}, body: new Uint8Array() } : still(request)
      for (let i = 0; i < 3; i += 1) await line.publish()
      const second = await openHotline(browser, line, language)
      await comeBack(second.page, words.join(" "), language)
      await says(second.page, expected.disagree)
      await second.close()
    }))
}

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")
interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string }[]
}
async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const found = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe.run(),
  )
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(" ")}`)
}

for (const colorScheme of ["light", "dark"] as const)
  test.concurrent(`[G17] [G20] axe finds nothing in a conversation with an answer that has half come, an own message and an obstacle, nor with the whole: ${colorScheme}`, ({
    expect,
  }) =>
    withLine(async (line) => {
      const words = phraseWords(makePhrase("ru", seededRandom(`axe ${colorScheme}`)))
      const writer = await line.writerOf(words)
      const answer = "Мы рядом. ".repeat(Math.ceil((2.5 * MAX_PART_TEXT_BYTES) / 10))
      await line.publish([await line.replyTo(writer, answer, [0, 2])])
      for (const viewport of [PHONE, LAPTOP]) {
        const { page, close } = await openHotline(browser, line, "ru", {
          colorScheme,
          viewport,
          bypassCSP: true,
        })
        await comeBack(page, words.join(" "))
        await says(page, "Пришло частей: 2 из 3")
        await write(page, "Спасибо")
        expect(await violations(page), "half").toEqual([])
        line.b.isDown = true
        await says(page, "Один сервер не отвечает")
        expect(await violations(page), "obstacle").toEqual([])
        line.b.isDown = false
        await close()
      }
      await line.publish([await line.replyTo(writer, answer)])
      const { page, close } = await openHotline(browser, line, "ru", {
        colorScheme,
        viewport: PHONE,
        bypassCSP: true,
      })
      await comeBack(page, words.join(" "))
      await page.locator(`${HOTLINE} button:visible`, { hasText: SAYS.ru.read }).waitFor(PATIENCE)
      expect(await violations(page), "whole").toEqual([])
      await press(page, SAYS.ru.read)
      expect(await violations(page), "read").toEqual([])
      await close()
    }))
