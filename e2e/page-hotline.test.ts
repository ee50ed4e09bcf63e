/** The hotline on the page, with two real relays: rules G16, G19, G20. */
import { randomBytes } from "node:crypto"
import { writeFileSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { createServer } from "node:http"
import type { AddressInfo } from "node:net"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import type { Letter } from "@kunak/core/envelope/letter"
import { makePhrase, phraseWords } from "@kunak/core/phrase/phrase"
import { openChromium, type Visit, visit } from "@kunak/page/testing/browser"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { comesInTime, eventually } from "./page-line/eventually.ts"
import { withoutNewCryptography } from "./page-line/old-phone.ts"
import { openLine, type PageLine } from "./page-line/open-line.ts"
import {
  comeBack,
  HOTLINE,
  practise,
  press,
  savedPages,
  takeWords,
  valuesOf,
  write,
} from "./page-line/steps.ts"
import { withLine } from "./page-line/with-line.ts"

const PATIENCE = { timeout: 60_000 }

/** A visit takes half a minute: most of it is waiting, so several people visit at once. */
const TICK_MS = 2_000
/** Half a tick before it leaves an envelope is closed, and nothing is taken back: a busy machine needs longer to press twice. */
const CALM_TICK_MS = 20_000

let browser: Browser
/** Of everybody to whom nobody answers, and where nothing fails. */
let line: PageLine
let calm: PageLine
beforeAll(async () => {
  ;[browser, line, calm] = await Promise.all([openChromium(), openLine(TICK_MS), openLine(CALM_TICK_MS)])
  await Promise.all([line.publish(), calm.publish()])
})
afterAll(async () => {
  await browser.close()
  await Promise.all([line.close(), calm.close()])
})

/** A line of a test's own, where somebody answers or something fails. */
const withOwnLine = (look: (own: PageLine) => Promise<void>, tickMs = TICK_MS): Promise<void> =>
  withLine(look, tickMs)

async function opened(at: PageLine = line, before?: (page: Page) => Promise<void>): Promise<Visit> {
  const open = await visit(browser, at.a.origin, {}, before)
  await open.page.locator(`${HOTLINE} button:visible`).first().waitFor()
  return open
}

const said = (page: Page): Promise<string | null> => page.locator(HOTLINE).textContent()
const focused = (page: Page): Promise<string> =>
  page.evaluate(() => `${document.activeElement?.tagName} ${document.activeElement?.textContent}`)

const MESSAGE = "Это Амина, всё придумано. Мне нужна помощь: уехать до пятницы, вдвоём. Ёлка 🌲"
const ANSWER = Array.from({ length: 60 }, (_, i) => `Строка ${i + 1}: оставайтесь у подруги.`).join("\n")

/** @returns false where the page stopped too soon. */
async function asksAndReads(own: PageLine): Promise<boolean> {
  const { page, complaints, close } = await opened(own)
  const before = await savedPages(page)
  const words = await takeWords(page)
  expect(words).toHaveLength(10)
  expect(await focused(page)).toBe("H3 Ваши десять слов")
  await page.locator("#ask-sign").waitFor()
  const sign = await page.locator("#ask-sign").inputValue()
  expect(sign.split("\n")).toHaveLength(4)
  const secrets = [...words, ...sign.split("\n").slice(0, 3), "Амина", "оставайтесь у подруги"]
  const expectNothingSaved = async (): Promise<void> => {
    const saved = await savedPages(page)
    expect(saved).toContain("Попросить о помощи")
    // Some words of the list stand in the page's own sentences.
    const more = secrets.filter((secret) => saved.split(secret).length > before.split(secret).length)
    expect(more).toEqual([])
  }
  await expectNothingSaved()
  await practise(page, words)
  expect(await focused(page)).toBe("H3 Ваша переписка")
  await write(page, MESSAGE)
  await page
    .getByText(/Ещё не отправлено.*Уйдёт через/)
    .first()
    .waitFor()
  let letter: Letter | undefined
  await eventually(async () => {
    letter = (await own.letters()).find(({ message }) => message)
    expect(letter?.message?.text).toBe(MESSAGE)
  })
  await expectNothingSaved()
  // At once: a page asks for the newest edition three times, and then stops.
  await own.publish([await own.replyTo(letter as Letter, ANSWER)])
  const answer = page.locator(".item textarea[id^=ask-reply]")
  for (const wanted of [
    page.getByText("Дошло до нас. Кто-то из нас прочтёт").first(),
    page.locator(`${HOTLINE} button:visible`, { hasText: "Я прочитал" }),
  ]) {
    if (await comesInTime(page, wanted)) continue
    await close()
    return false
  }
  expect(await answer.inputValue()).toBe(ANSWER)
  await expectNothingSaved()
  await press(page, "Забыть всё")
  expect((await valuesOf(page)).join("")).toBe("")
  expect(complaints).toEqual([])
  expect([...new Set(own.requests)].sort()).toEqual(["A GET /", "A POST /tick", "B POST /tick"])
  await close()
  return true
}

test.concurrent("[G19] [G20] somebody asks, learns ten words, writes, and reads a long answer in parts; a saved page holds none of it", async () => {
  let isRead = false
  for (let visits = 0; visits < 5 && !isRead; visits++)
    await withOwnLine(async (own) => {
      isRead = await asksAndReads(own)
    })
  expect(isRead).toBe(true)
})

test.concurrent("[G20] coming back: nine words, eleven, an unknown one, look-alikes, the other keyboard; then the same sign and the same answer", () =>
  withOwnLine(async (own) => {
    const first = await opened(own)
    const words = await takeWords(first.page)
    await first.page.locator("#ask-sign").waitFor()
    const sign = await first.page.locator("#ask-sign").inputValue()
    await first.close()
    await own.publish([await own.replyTo(await own.writerOf(words), ANSWER)])
    const { page, close } = await opened(own)
    await press(page, "У меня есть десять слов")
    expect(await focused(page)).toBe("H3 Вернуться к переписке")
    const field = page.locator("#ask-words")
    const enter = async (typed: string): Promise<void> => {
      await field.fill(typed)
      await page.keyboard.press("Enter")
    }
    await enter("")
    expect(await said(page)).toContain("Сначала введите слова")
    await enter(words.slice(0, 9).join(" "))
    expect(await said(page)).toContain("Только 9 слов, а нужно десять")
    await enter([...words, words[0]].join(" "))
    expect(await said(page)).toContain("11 слов – слишком много")
    const slip = words.map((word, i) => (i === 3 ? `${word.slice(0, -1)}ъ` : word))
    await enter(slip.join(" "))
    expect(await said(page)).toContain("Слова 4 нет в списке")
    expect(await page.locator("#ask-guess").inputValue()).toContain(words[3])
    expect(await said(page), "no word of it stands in the document").not.toContain(words[3])
    // The likeliest may be another word; the right one is among those shown.
    await press(page, "Вставить его")
    expect((await field.inputValue()).split(" ").filter((word) => word !== "")).toHaveLength(10)

    const KEYS: readonly [string, string] = [
      "йцукенгшщзхъфывапролджэячсмитьбю",
      "qwertyuiop[]asdfghjkl;'zxcvbnm,.",
    ]
    const plain = words.find((word) => !/[хъжэбю]/.test(word)) ?? ""
    const wrongKeys = Array.from(plain, (letter) => KEYS[1][KEYS[0].indexOf(letter)] ?? letter).join("")
    await enter(words.map((word) => (word === plain ? wrongKeys : word)).join(" "))
    expect(await said(page)).toMatch(/Слова \d+ нет в списке/)
    expect(await page.locator("#ask-guess").inputValue()).toContain(plain)

    // Numbered, in capitals, with Latin letters that look the same.
    const LATIN: Readonly<Record<string, string>> = {
      а: "a",
      о: "o",
      е: "e",
      с: "c",
      р: "p",
      х: "x",
      к: "k",
      м: "m",
      т: "t",
    }
    const typed = words.map(
      (word, i) =>
        `${i + 1}. ${Array.from(word.replaceAll("ё", "е"), (letter) => LATIN[letter] ?? letter)
          .join("")
          .toUpperCase()}`,
    )
    await enter(typed.join("\n"))
    await page.locator("#ask-sign").waitFor()
    expect(await focused(page)).toBe("H3 Это ваш знак?")
    expect(await page.locator("#ask-sign").inputValue()).toBe(sign)
    await press(page, "Да, мой")
    await page.locator(`${HOTLINE} button:visible`, { hasText: "Я прочитал" }).waitFor(PATIENCE)
    expect(await page.locator(".item textarea[id^=ask-reply]").inputValue()).toBe(ANSWER)
    await press(page, "Я прочитал")
    await page.getByText("Отмечен как прочитанный").waitFor()
    await eventually(async () => expect((await own.letters()).some(({ read }) => read.length > 0)).toBe(true))

    await close()
  }))

test.concurrent("[G24] whoever comes back before an answer is told that what they wrote has arrived", () =>
  withOwnLine(async (own) => {
    const words = phraseWords(makePhrase("ru", (bytes) => new Uint8Array(randomBytes(bytes))))
    await own.publish([await own.openedOf(await own.writerOf(words))])
    const { page, close } = await opened(own)
    await comeBack(page, words.join(" "))
    await page.getByText(/То, что вы написали, дошло до нас .*\d.* Ответа пока нет/).waitFor(PATIENCE)
    expect(await said(page)).not.toContain("Для этих слов пока ничего нет")
    await close()
  }))

test.concurrent("[G20] other words show another sign, open an empty conversation, and are never called wrong", async () => {
  const { page, close } = await opened()
  const words = phraseWords(makePhrase("ru", (bytes) => new Uint8Array(randomBytes(bytes))))
  await press(page, "У меня есть десять слов")
  const signFor = async (typed: readonly (string | undefined)[]): Promise<string> => {
    await page.locator("#ask-words").fill(typed.join(" "))
    await page.keyboard.press("Enter")
    await page.locator("#ask-sign").waitFor()
    return await page.locator("#ask-sign").inputValue()
  }
  const sign = await signFor(words)
  await press(page, "Нет, ввести снова")
  expect(await signFor([...words.slice(1), words[0]])).not.toBe(sign)
  await press(page, "Да, мой")
  expect(await said(page)).toContain("Ищем ответы")
  await page.getByText("Для этих слов пока ничего нет").waitFor(PATIENCE)
  expect(await said(page)).not.toMatch(/неверн|ошиб/i)
  await close()
})

test.concurrent("[G20] practice with a word wrong shows a different sign and does not let one write yet", async () => {
  const { page, close } = await opened()
  const own = await takeWords(page)
  await page.locator("#ask-sign").waitFor()
  const ownSign = await page.locator("#ask-sign").inputValue()
  await press(page, "Помню")
  await page.locator("#ask-words").fill([...own.slice(1), own[0]].join(" "))
  await page.keyboard.press("Enter")
  await page.locator("#ask-sign").waitFor()
  expect(await said(page)).toContain("Знак не тот")
  expect(await page.locator("#ask-sign").inputValue()).not.toBe(ownSign)
  expect(await page.locator(".draft").count()).toBe(0)
  await press(page, "Показать слова ещё раз")
  expect(await page.locator("#ask-phrase").inputValue()).toContain(own[9])
  await close()
})

test.concurrent("[G20] too long a text is said by how much and not sent; taken back, a message can be written on; a language chosen keeps it", async () => {
  const { page, close } = await opened(calm)
  const own = await takeWords(page)
  await practise(page, own)
  await write(page, "")
  expect(await said(page)).toContain("Сначала напишите что-нибудь")
  await write(page, `Я${"а".repeat(2_769)}`)
  expect(await page.locator(".told", { hasText: "Длиннее на 21 букву" }).count()).toBe(1)
  expect(await page.locator(".item").count()).toBe(0)
  await write(page, "Первое сообщение")
  await press(page, "Забрать назад")
  expect(await page.locator(".draft:not([readonly])").inputValue()).toBe("Первое сообщение")
  expect(await page.locator(".item").count()).toBe(0)
  await write(page, "Второе")
  await page.locator(".draft:not([readonly])").fill("третье, ещё не готово")
  await page.getByText("English", { exact: true }).click()
  expect(await page.locator(".p1 .hotline").textContent()).toMatch(/Your conversation[\s\S]*Your message/)
  expect(await page.locator(".p1 .draft:not([readonly])").inputValue()).toBe("третье, ещё не готово")
  expect(await page.locator(".p1 .item textarea").inputValue()).toBe("Второе")
  await close()
})

test.concurrent("[G27] a message that is too late to be taken back says so where it stands, and two have each a time of their own", async ({
  expect,
}) => {
  const { page, close } = await visit(browser, calm.a.origin)
  const began = Date.now()
  await page.locator(`${HOTLINE} button:visible`).first().waitFor()
  await practise(page, await takeWords(page))
  await write(page, "Первое")
  await write(page, "Второе")
  const told = page.locator(".item .told")
  const spans = async () => (await told.allTextContents()).map((one) => /через (.*)\./.exec(one)?.[1])
  await eventually(async () => expect(new Set(await spans()).size).toBe(2))
  // The first envelope is closed half an interval before it leaves.
  await page.waitForTimeout(Math.max(0, began + 15_000 - Date.now()))
  await press(page, "Забрать назад")
  expect(await told.first().textContent()).toContain("Поздно: сообщение уже уходит")
  expect(await page.locator(".item").count()).toBe(2)
  await close()
})

/** Says, in the moment in which the page is covered, what its controls still hold. */
const sayWhenLeft = async (page: Page): Promise<void> => {
  await page.addInitScript(() => {
    new MutationObserver(() => {
      if (!document.documentElement.classList.contains("left")) return
      const values = [...document.querySelectorAll<HTMLTextAreaElement>("textarea, input:not(.tab)")]
      console.log(`left with "${values.map(({ value }) => value).join("")}"`)
    }).observe(document, { attributes: true, subtree: true })
  })
}

test.concurrent("[G15] [G19] leaving quickly in the middle of a word empties everything first", async ({
  expect,
}) => {
  const { page, complaints, close } = await opened(line, sayWhenLeft)
  await page.context().route("https://ya.ru/**", () => {})
  await practise(page, await takeWords(page))
  await page.locator(".draft").click()
  await page.keyboard.type("Помогите, меня")
  for (let i = 0; i < 3; i++) await page.keyboard.press("Shift")
  await eventually(() => expect(complaints).toContain('log: left with ""'), PATIENCE.timeout)
  await close()
})

test.concurrent("[G19] a page that a browser keeps to go back to holds nothing any more", async () => {
  const { page, close } = await opened()
  await practise(page, await takeWords(page))
  await page.locator(".draft").fill("Не для других глаз")
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent("pagehide", { persisted: true })))
  expect((await valuesOf(page)).join("")).toBe("")
  await page.locator(`${HOTLINE} button:visible`, { hasText: "Написать впервые" }).waitFor()
  await close()
})

test.concurrent("[G19] words, texts and signs live in controls that no browser keeps, corrects or translates", async () => {
  const { page, close } = await opened()
  await practise(page, await takeWords(page))
  const controls = await page.$$eval(".hotline textarea", (all) =>
    all.map((one) =>
      ["autocomplete", "spellcheck", "autocorrect", "autocapitalize", "translate"]
        .map((name) => one.getAttribute(name))
        .join(),
    ),
  )
  expect(new Set(controls)).toEqual(new Set(["off,false,off,off,no"]))
  await close()
})

test.concurrent("[G20] one server down, both, and a line that does not receive: each says what to do, and the text stays", () =>
  withOwnLine(async (own) => {
    own.b.isDown = true
    const one = await opened(own)
    await practise(one.page, await takeWords(one.page))
    await one.page.getByText("Один сервер не отвечает. Сообщения идут дольше").waitFor(PATIENCE)
    own.a.isDown = true
    await write(one.page, "Остаётся здесь")
    await one.page.getByText("Оба сервера не отвечают. Проверьте сеть").waitFor(PATIENCE)
    expect(await one.page.locator(".item textarea").inputValue()).toBe("Остаётся здесь")
    own.a.isDown = false
    own.b.isDown = false
    await one.page.getByText("Передано").first().waitFor(PATIENCE)
    await one.close()

    await own.publish([], { intakeKey: new Uint8Array() })
    const two = await opened(own)
    await practise(two.page, await takeWords(two.page))
    await two.page.getByText("Сейчас линия не принимает сообщений").waitFor(PATIENCE)
    await two.close()
  }))

test.concurrent("[G20] with a clock a day off the page says so, and messages leave all the same", async () => {
  const visitWith = async (days: number): Promise<void> => {
    const { page, close } = await opened(line, async (fresh) => {
      await fresh.clock.setFixedTime(new Date(Date.now() + days * 86_400_000))
    })
    await practise(page, await takeWords(page))
    await write(page, `Часы сбиты на ${days}`)
    await page.getByText("Передано").first().waitFor(PATIENCE)
    expect(await page.locator(".p0 .alarm").textContent()).toContain("Часы этого устройства")
    await close()
  }
  await Promise.all([1, -1].map(visitWith))
})

test.concurrent("[G20] every step by keyboard alone, with the focus on each step's heading", async ({
  expect,
}) => {
  const { page, close } = await opened()
  await page.locator(".index:visible a").first().press("Enter")
  const tabTo = async (name: string): Promise<void> => {
    for (let i = 0; i < 20; i++) {
      await page.keyboard.press("Tab")
      if ((await focused(page)).includes(name)) return
    }
    throw new Error(`${name} is not reached`)
  }
  await tabTo("Написать впервые")
  await page.keyboard.press("Enter")
  await page.locator("#ask-phrase").waitFor()
  const own = (await page.locator("#ask-phrase").inputValue())
    .split("\n")
    .map((one) => one.replace(/^[\s\d]+/, ""))
  await tabTo("Помню")
  await page.keyboard.press("Enter")
  expect(await focused(page)).toBe("H3 Проверьте себя")
  await page.keyboard.press("Tab")
  await page.keyboard.type(`${own.map((word) => word.slice(0, 4)).join(" ")} `)
  expect(await page.locator("#ask-words").inputValue()).toBe(`${own.join(" ")} `)
  await page.keyboard.press("Enter")
  await page.locator(".draft").waitFor()
  await page.keyboard.press("Tab")
  await page.keyboard.type("С клавиатуры")
  await tabTo("Отправить")
  await page.keyboard.press("Enter")
  await eventually(async () => expect(await page.locator(".item textarea").inputValue()).toBe("С клавиатуры"))
  await eventually(async () =>
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("TEXTAREA"),
  )
  await close()
})

test.concurrent("[G16] it all works where the platform has no Ed25519, X25519 or ML-KEM, and the language's newer functions are missing: asking, coming back, reading, replying", ({
  expect,
}) =>
  withOwnLine(async (own) => {
    const asking = await opened(own, withoutNewCryptography)
    const words = await takeWords(asking.page)
    await practise(asking.page, words)
    await write(asking.page, "Со старого телефона")
    await asking.page.getByText("Передано").first().waitFor(PATIENCE)
    const letter = (await own.letters()).find(({ message }) => message?.text === "Со старого телефона")
    if (!letter) throw new TypeError("nothing has come")
    expect(asking.complaints).toEqual([])
    await asking.close()

    await own.publish([await own.replyTo(letter, ANSWER)])
    const { page, complaints, close } = await opened(own, withoutNewCryptography)
    await comeBack(page, words.join(" "))
    await page.locator(`${HOTLINE} button:visible`, { hasText: "Я прочитал" }).waitFor(PATIENCE)
    expect(await page.locator(".item textarea[id^=ask-reply]").inputValue()).toBe(ANSWER)
    await press(page, "Я прочитал")
    await write(page, "Прочла на старом телефоне")
    await eventually(async () => {
      const thanks = (await own.letters()).find(({ message }) => message?.text.startsWith("Прочла"))
      expect(thanks?.read).toHaveLength(3)
    })
    expect(complaints).toEqual([])
    await close()
  }))

test.concurrent("[G20] a browser that can't encrypt here is told so, and nothing is called spoilt", async () => {
  const { page, close } = await visit(browser, line.a.origin, {}, async (fresh) => {
    await fresh.addInitScript(() => Object.defineProperty(Crypto.prototype, "subtle", { value: undefined }))
  })
  await eventually(async () =>
    expect(await page.locator(".p0 .alarm").textContent()).toContain("ни проверить подписи, ни шифровать"),
  )
  expect(await page.locator(`${HOTLINE} button:visible`).count()).toBe(0)
  await close()
})

test.concurrent("[G20] a saved copy sends nobody's words: it names the page's own address", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kunak-page-"))
  const file = join(folder, "copy.html")
  writeFileSync(file, await (await fetch(line.a.origin)).text())
  const { page, close } = await visit(browser, pathToFileURL(file).href)
  await eventually(async () => expect(await said(page)).toContain(`откройте саму страницу: ${line.a.origin}`))
  expect(await page.locator(`${HOTLINE} button:visible`).count()).toBe(0)
  await close()
  await rm(folder, { recursive: true })
})

test.concurrent("[G20] from a partner's host, which neither relay serves, somebody can write all the same", async () => {
  const text = await (await fetch(line.a.origin)).text()
  const asked: string[] = []
  const partner = createServer((request, response) => {
    asked.push(`${request.method} ${request.url}`)
    response.writeHead(200, { "Content-Type": "text/html; charset=utf-8" }).end(text)
  })
  await new Promise<void>((listening) => partner.listen(0, "127.0.0.1", listening))
  const { page, close } = await visit(browser, `http://127.0.0.1:${(partner.address() as AddressInfo).port}`)
  await page.locator(`${HOTLINE} button:visible`).first().waitFor()
  await practise(page, await takeWords(page))
  await write(page, "Со страницы партнёра")
  await page.getByText("Передано. Страницу можно закрыть").first().waitFor(PATIENCE)
  expect((await line.letters()).map(({ message }) => message?.text)).toContain("Со страницы партнёра")
  expect(asked, "the partner sees that the page was opened, and nothing after").toEqual(["GET /"])
  await close()
  partner.closeAllConnections()
  await new Promise((closed) => partner.close(closed))
})

test.concurrent("[G20] after the last tick the page says that it has stopped, and what is lost", () =>
  withOwnLine(async (quick) => {
    const { page, close } = await visit(browser, quick.a.origin)
    await practise(page, await takeWords(page))
    await page.getByText("Страница остановилась. Чтобы продолжить, обновите её").waitFor(PATIENCE)
    expect(await page.locator(`${HOTLINE} button:visible`, { hasText: "Отправить" }).count()).toBe(0)
    await press(page, "Обновить")
    await page.locator(`${HOTLINE} button:visible`, { hasText: "Написать впервые" }).waitFor()
    await close()
  }, 300))
