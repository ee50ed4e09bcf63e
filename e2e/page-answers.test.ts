/** What the hotline shows of answers, of a line that is full and of who reads, in Russian and in English: rules G20, G22, G24, G28. */
import { randomBytes } from "node:crypto"
import type { Letter } from "@kunak/core/envelope/letter"
import { ENVELOPE_BYTES, MAX_PART_TEXT_BYTES, MAX_PARTS } from "@kunak/core/parameters"
import { makePhrase, phraseWords } from "@kunak/core/phrase/phrase"
import { must } from "@kunak/core/result"
import { splitText } from "@kunak/core/text/split-text"
import { formatTime } from "@kunak/core/time/format"
import { instantFromMs, plusSeconds } from "@kunak/core/time/instant"
import { openChromium, type Visit } from "@kunak/page/testing/browser"
import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { comesInTime, eventually } from "./page-line/eventually.ts"
import type { PageLine } from "./page-line/open-line.ts"
import { SAYS, type StepLanguage } from "./page-line/said.ts"
import { comeBack, HOTLINE, practise, press, takeWords, write } from "./page-line/steps.ts"
import { openHotline, TICK_MS, withLine } from "./page-line/with-line.ts"

const PATIENCE = { timeout: 60_000 }

let browser: Browser
beforeAll(async () => {
  browser = await openChromium()
})
afterAll(() => browser.close())

const said = async (page: Page): Promise<string> => (await page.locator(HOTLINE).textContent()) ?? ""
const newWords = (language: StepLanguage): readonly string[] =>
  phraseWords(makePhrase(language, (bytes) => new Uint8Array(randomBytes(bytes))))
const shownReply = (page: Page): Promise<string> =>
  page.locator(".item:not(.mine) textarea").first().inputValue()
const readButton = (page: Page, language: StepLanguage) =>
  page.locator(`${HOTLINE} button:visible`, { hasText: SAYS[language].read })

type Wanted = (page: Page) => Locator

/** Comes back with ten words, again where a busy machine left too many ticks out (rule Z5), until what is wanted is there. */
async function returned(
  line: PageLine,
  language: StepLanguage,
  words: readonly string[],
  wanted: Wanted,
): Promise<Visit> {
  for (let visits = 0; visits < 5; visits++) {
    const open = await openHotline(browser, line, language)
    await comeBack(open.page, words.join(" "), language)
    if (await comesInTime(open.page, wanted(open.page))) return open
    await open.close()
  }
  throw new Error("five visits, and what was wanted never came")
}

/** What is said word for word, beside the buttons. */
const SENTENCES = {
  ru: {
    question: "Это Амина, выдуманная. Уехать надо до пятницы 🌲",
    answer: "Мы вас слышим. Побудьте, пожалуйста, у подруги до вечера.\n",
    notSent: "Ещё не отправлено",
    arrived: "Дошло до нас. Кто-то из нас прочтёт",
    parts: (count: number, all: number) => `Пришло частей: ${count} из ${all}. Остальные придут позже`,
    until: "Он останется здесь до",
    isRead: "Отмечен как прочитанный",
    lastRead: "Сообщения в последний раз читали",
    longAgo: "Сообщения здесь давно никто не читал",
    busy: "Линия переполнена. Ваше сообщение останется здесь",
    thanks: "Спасибо, поняла.",
  },
  en: {
    question: "This is Amina, who is made up. I must leave by Friday – “alone” 🌲",
    answer: "We hear you. Please stay with your friend until the evening, and tell nobody.\n",
    notSent: "Not sent yet",
    arrived: "It has reached us. One of us will read it",
    parts: (count: number, all: number) => `${count} of ${all} parts are here. The others come later`,
    until: "It stays here until",
    isRead: "Marked as read",
    lastRead: "Messages were last read",
    longAgo: "For a long time nobody has read the messages here",
    busy: "The line is overfull. Your message stays here",
    thanks: "Thank you, I understand.",
  },
} as const

// It takes longest, and most of that is waiting: the others run beside it.
/** Lines, each told from all others. */
const LINES = Array.from({ length: 1_000 }, (_, i) => `Строка ${i + 1}: ждите.\n`)
const longest = (): string => {
  const text = LINES.join("")
  const pieces = splitText(text, MAX_PART_TEXT_BYTES).slice(0, MAX_PARTS)
  return pieces.join("").trim()
}

test.concurrent("[G28] [O3] an answer of sixteen parts is read in two visits or more: what came is marked, and the next brings the rest", ({
  expect,
}) =>
  withLine(async (line) => {
    const text = longest()
    expect(splitText(text, MAX_PART_TEXT_BYTES)).toHaveLength(MAX_PARTS)
    const words = newWords("ru")
    const writer = await line.writerOf(words)
    const left = async (): Promise<readonly number[]> => {
      const read = new Set((await line.letters()).flatMap((letter) => letter.read))
      return Array.from({ length: MAX_PARTS }, (_, place) => place).filter(
        (place) => !read.has(16 * (place + 1)),
      )
    }
    /** As a duty does, every five ticks; desks have taken down what was read. */
    const publish = async (): Promise<void> => line.publish([await line.replyTo(writer, text, await left())])
    await publish()
    const publishing = setInterval(() => void publish(), 5 * TICK_MS)
    const linesRead = new Set<string>()
    const counts: number[] = []
    try {
      for (let visits = 0; visits < 6 && (await left()).length > 0; visits++) {
        const { page, close } = await openHotline(browser, line, "ru")
        await comeBack(page, words.join(" "))
        const marks = page.locator(`${HOTLINE} button:visible`, { hasText: "Эти части прочитаны" })
        await marks.waitFor(PATIENCE)
        // Whoever reads on to the end has more of it.
        await page.waitForTimeout(2.5 * TICK_MS)
        const [, count] = /\((\d+)\/16\).*Остальные могут не успеть/.exec(await said(page)) ?? []
        counts.push(Number(count))
        await marks.click()
        for (const shown of (await shownReply(page)).split("[ … ]"))
          for (const one of shown.split("\n").filter((any) => any !== "")) linesRead.add(one)
        const before = (await left()).length
        await eventually(async () => expect((await left()).length).toBeLessThan(before), PATIENCE.timeout)
        await close()
        await publish()
      }
    } finally {
      clearInterval(publishing)
    }
    expect(counts.length).toBeGreaterThan(1)
    expect(await left()).toEqual([])
    expect([...linesRead].sort()).toEqual(text.split("\n").sort())
  }))

interface Asked {
  readonly words: readonly string[]
  readonly letter: Letter
}

/** Somebody new asks, and a desk has it. @returns null where the page stopped before it could say so. */
async function asks(line: PageLine, language: StepLanguage): Promise<Asked | null> {
  const { question, notSent, arrived } = SENTENCES[language]
  const { page, complaints, close } = await openHotline(browser, line, language)
  const words = await takeWords(page, language)
  expect(new Set(words).size).toBeGreaterThan(7)
  await practise(page, words, language)
  const { threadId } = await line.writerOf(words, language)
  await write(page, question, language)
  await page.getByText(notSent).first().waitFor(PATIENCE)
  let letter: Letter | undefined
  await eventually(async () => {
    const own = (await line.letters()).filter((one) => String(one.threadId) === String(threadId))
    letter = own.find(({ message }) => message)
    expect(letter?.message?.text).toBe(question)
  })
  if (!letter) throw new TypeError("nobody asked")
  // At once: a page asks for the newest edition three times, and then stops.
  await line.publish([await line.openedOf(letter)])
  const isTold = await comesInTime(page, page.getByText(arrived).first())
  expect(complaints).toEqual([])
  await close()
  return isTold ? { words, letter } : null
}

for (const language of ["ru", "en"] as const) {
  const sentences = SENTENCES[language]
  const answer = sentences.answer.repeat(38).trim()

  test.concurrent(`[G20] somebody asks, practises, writes and closes the page; comes back with the words, reads the answer as its parts come, and replies: ${language}`, () =>
    withLine(async (line) => {
      let asked: Asked | null = null
      for (let visits = 0; visits < 5 && !asked; visits++) asked = await asks(line, language)
      if (!asked) throw new Error("five visits, and the question never arrived")
      const { words, letter } = asked

      const pieces = splitText(answer, MAX_PART_TEXT_BYTES)
      const all = pieces.length
      expect(all).toBeGreaterThan(2)
      const back = (wanted: Wanted): Promise<Visit> => returned(line, language, words, wanted)
      const title = (page: Page) => page.locator(".item:not(.mine) label").textContent()
      await line.publish([await line.replyTo(letter, answer, [0])])
      const first = await back((page) => page.locator(".item .told").getByText(sentences.parts(1, all)))
      expect(await shownReply(first.page)).toBe(`${pieces[0]}\n[ … ]\n`)
      expect(await title(first.page)).toMatch(RegExp(` \\(1/${all}\\)$`))
      expect(await readButton(first.page, language).count(), "not before it is whole").toBe(0)
      await line.publish([await line.replyTo(letter, answer)])
      const whole = readButton(first.page, language)
      if (await comesInTime(first.page, whole)) expect(await shownReply(first.page)).toBe(answer)
      await first.close()

      const { page, complaints, close } = await back((again) => readButton(again, language))
      expect(await shownReply(page)).toBe(answer)
      expect(await title(page)).not.toContain("(")
      expect(await said(page)).toContain(sentences.until)
      await press(page, SAYS[language].read)
      await write(page, sentences.thanks, language)
      expect(await said(page)).toContain(sentences.isRead)
      await eventually(async () =>
        expect((await line.letters()).map(({ message }) => message?.text)).toContain(sentences.thanks),
      )
      const { read } = (await line.letters()).find(({ message }) => message?.text === sentences.thanks) ?? {}
      expect(read).toHaveLength(all)
      expect(complaints).toEqual([])
      await close()
    }))

  test.concurrent(`[G20] before anybody writes the page says when an officer last read, and when nobody has for a long time: ${language}`, () =>
    withLine(async (line) => {
      const without = await openHotline(browser, line, language)
      expect(await said(without.page)).toContain(sentences.longAgo)
      expect(await said(without.page)).not.toContain(sentences.lastRead)
      await without.close()
      const lastRead = plusSeconds(instantFromMs(Date.now()), -3 * 3_600)
      await line.publish([], { lastRead })
      const { page, close } = await openHotline(browser, line, language)
      const time = formatTime(lastRead, language, line.organisation.chain.current.charter)
      expect(await said(page)).toContain(`${sentences.lastRead} ${time}.`)
      expect(await said(page)).not.toContain(sentences.longAgo)
      await close()
    }))

  test.concurrent(`[G20] [Z8] a line whose rings are full says so, keeps the message, and hands it over once there is room: ${language}`, () =>
    withLine(async (line) => {
      for (const { store } of [line.a, line.b]) {
        const { slots } = must(await store.ringState())
        must(await store.postAll(Array.from({ length: slots }, () => new Uint8Array(ENVELOPE_BYTES))))
      }
      const { page, close } = await openHotline(browser, line, language)
      await practise(page, await takeWords(page, language), language)
      await write(page, sentences.question, language)
      await page.locator(".trouble").getByText(sentences.busy).waitFor(PATIENCE)
      expect(await page.locator(".item textarea").inputValue()).toBe(sentences.question)
      expect(await said(page)).not.toContain(SAYS[language].handedOver)
      for (const { store } of [line.a, line.b])
        must(await store.acknowledge(must(await store.ringState()).head))
      await page.getByText(SAYS[language].handedOver).first().waitFor(PATIENCE)
      expect(await page.locator(".trouble").textContent()).toBe("")
      await close()
    }))
}
