/** The page in Firefox ESR, the base of Tor Browser: rules G3, G4, G9, G14, G15. */
import { writeFileSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { makePayload, toQrText } from "@kunak/core/forward/payload"
import { textBlock } from "@kunak/core/forward/text-block"
import { must } from "@kunak/core/result"
import { openFirefox } from "@kunak/page/testing/firefox"
import { fiveWarnings, type Sample } from "@kunak/page/testing/five-warnings"
import { nowInstant, openPageSite, type PageSite } from "@kunak/page/testing/page-site"
import { photograph } from "@kunak/page/testing/poster"
import type { Browser, ElementHandle, Page } from "puppeteer-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import {
  type FirefoxVisit,
  firefoxVisit,
  hears,
  pressIn,
  takeWordsIn,
  valueIn,
  writeIn,
} from "./page-line/firefox-steps.ts"
import { openLine } from "./page-line/open-line.ts"

const LONG_ANSWER = Array.from({ length: 80 }, (_, i) => `Строка ${i + 1}: оставайтесь у подруги. 🌲`).join(
  "\n",
)

let browser: Browser
let site: PageSite
let sample: Sample
let folder: string
beforeAll(async () => {
  ;[browser, site, folder] = await Promise.all([
    openFirefox(),
    openPageSite(),
    mkdtemp(join(tmpdir(), "kunak-page-")),
  ])
  sample = await fiveWarnings(nowInstant(), site.relays, "patient")
  site.serve(sample.edition)
})
afterAll(async () => {
  await browser.close()
  await site.close()
  await rm(folder, { recursive: true })
})

const textOf = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => element.textContent ?? "")

const opened = (address: string, from: Browser = browser): Promise<FirefoxVisit> =>
  firefoxVisit(from, address)

const settle = (page: Page): Promise<unknown> =>
  page.waitForFunction(() => {
    const text = [...document.querySelectorAll(".live, .alarm")].map((one) => one.textContent).join("")
    return text !== "" && !/Страница проверяется|Через несколько секунд/.test(text)
  })

async function verdictOn(page: Page, pasted: string): Promise<string> {
  await page.$eval(".p0 .verdict", (region) => region.replaceChildren())
  await page.$eval(
    ".p0 textarea.paste",
    (field, value) => {
      ;(field as HTMLTextAreaElement).value = value
    },
    pasted,
  )
  await page.$eval(".p0 button.check", (button) => (button as HTMLButtonElement).click())
  return await spoken(page)
}

async function spoken(page: Page): Promise<string> {
  await page.waitForFunction(() => {
    const text = document.querySelector(".p0 .verdict")?.textContent ?? ""
    return text !== "" && !text.includes("Картинка читается")
  })
  return await textOf(page, ".p0 .verdict")
}

const block = (): string => {
  const { organisation, edition } = sample
  const [warning] = edition.bulletin.warnings
  if (!warning) throw new TypeError("no warning")
  return must(textBlock(warning, "ru", organisation.chain, organisation.delegations))
}

const poster = (): string => {
  const { organisation, edition } = sample
  const [warning] = edition.bulletin.warnings
  if (!warning) throw new TypeError("no warning")
  const file = join(folder, "poster.png")
  const code = toQrText(makePayload(warning, "ru", organisation.delegations))
  writeFileSync(file, photograph(code, { edge: 1400, degrees: 9, noise: 12 }))
  return file
}

test("[G9] in Firefox the page verifies itself, asks two relays and violates no policy", async () => {
  site.seen.length = 0
  const { page, complaints } = await opened(site.a.origin)
  await settle(page)
  expect(await textOf(page, ".p0 .alarm")).toBe("")
  expect(await textOf(page, ".p0 .live")).toContain("Страница подписана и свежая")
  expect(complaints).toEqual([])
  const asked = site.seen.filter(({ path }) => path !== "/favicon.ico")
  expect([...new Set(asked.map(({ relay, path }) => `${relay} ${path}`))].sort()).toEqual([
    "A /",
    "A /tick",
    "B /tick",
  ])
  expect(site.seen).toHaveLength(asked.length)
  await page.close()
})

test("[G14] in Firefox a warning is checked: genuine, changed, and a poster", async () => {
  const { page } = await opened(site.a.origin)
  await settle(page)
  expect(await verdictOn(page, block())).toMatch(/^Настоящее/)
  expect(await verdictOn(page, block().replace("Уезжайте", "Приезжайте"))).toMatch(/^Изменено/)
  await page.$eval(".p0 .verdict", (region) => region.replaceChildren())
  const input = (await page.$(".p0 input.picture")) as ElementHandle<HTMLInputElement>
  await input.uploadFile(poster())
  expect(await spoken(page)).toMatch(/^Настоящее\.Код настоящий/)
  await page.close()
})

test("[G14] in Firefox a saved copy works from a file", async () => {
  const file = join(folder, "copy.html")
  writeFileSync(file, site.a.page)
  const down = [site.a.header, site.b.header]
  site.a.header = null
  site.b.header = null
  const { page } = await opened(pathToFileURL(file).href)
  await settle(page)
  expect(await textOf(page, ".p0 .alarm")).toContain("Это сохранённая копия без сети")
  expect(await verdictOn(page, block())).toMatch(/^Настоящее/)
  expect(await verdictOn(page, block().replace("Уезжайте", "Приезжайте"))).toMatch(/^Изменено/)
  await page.close()
  site.a.header = down[0] ?? null
  site.b.header = down[1] ?? null
})

/** A driven Firefox can't be asked anything with script off altogether: here the relay forbids the page's script. */
test("[G3] in Firefox without script the newest warning is first, in both languages", async () => {
  site.a.policy = "script-src 'none'"
  site.seen.length = 0
  const { page } = await opened(site.a.origin)
  const headings = (): Promise<readonly string[]> =>
    page.$$eval(".w h2, .w h3", (all) =>
      all.filter((one) => one.checkVisibility()).map((one) => one.textContent ?? ""),
    )
  expect((await headings())[0]).toBe("Новая волна задержаний. Уезжайте как можно скорее")
  await page.click("label[for=language-1]")
  expect((await headings())[0]).toBe("New wave of detentions. Leave as soon as possible")
  expect(await headings()).toHaveLength(5)
  expect(
    await page.$$eval("button, textarea", (all) => all.filter((one) => one.checkVisibility()).length),
  ).toBe(0)
  expect(site.seen.map(({ path }) => path)).not.toContain("/tick")
  await page.close()
  site.a.policy = "frame-ancestors 'none'"
})

test("[G14] a browser that hands out noise for pixels, as Tor Browser does, is told apart from a missing code", async () => {
  const resisting = await openFirefox({ "privacy.resistFingerprinting": true })
  try {
    const { page } = await opened(site.a.origin, resisting)
    await settle(page)
    const input = (await page.$(".place:not([hidden]) input.picture")) as ElementHandle<HTMLInputElement>
    await input.uploadFile(poster())
    await page.waitForFunction(() => {
      const text = document.querySelector(".p0 .verdict")?.textContent ?? ""
      return text !== "" && !/Картинка читается/.test(text)
    })
    expect(await textOf(page, ".p0 .verdict")).toContain("Этот браузер не даёт странице читать картинки")
    expect(await verdictOn(page, block()), "text still works").toMatch(/^Настоящее/)
  } finally {
    await resisting.close()
  }
})

test("[G19] [G20] in Firefox somebody asks, practises, writes, is told that it was handed over; comes back with the words, reads a long answer and replies; a saved page holds none of it", async () => {
  const line = await openLine(2_000)
  await line.publish()
  const { page, complaints } = await firefoxVisit(browser, line.a.origin)
  const words = await takeWordsIn(page)
  await page.waitForSelector("#ask-sign")
  const sign = await valueIn(page, "#ask-sign")
  await pressIn(page, "Помню")
  await page.type("#ask-words", `${words.map((word) => word.slice(0, 4)).join(" ")} `)
  expect(await valueIn(page, "#ask-words")).toBe(`${words.join(" ")} `)
  await page.keyboard.press("Enter")
  await page.waitForSelector(".draft")
  await writeIn(page, "Пишу из Firefox")
  await hears(page, "Передано")
  const letter = (await line.letters()).find(({ message }) => message?.text === "Пишу из Firefox")
  if (!letter) throw new TypeError("nothing has come")
  const expectNotSaved = async (secrets: readonly string[]): Promise<void> => {
    const saved = await page.content()
    for (const secret of secrets) expect(saved).not.toContain(secret)
  }
  await expectNotSaved(["Пишу из Firefox", sign, words.join(" ")])
  expect(complaints).toEqual([])

  // Away, and back by the browser's own button: kept or loaded anew, nothing is left.
  await line.publish([await line.replyTo(letter, LONG_ANSWER)])
  await page.goto("about:blank")
  await page.goBack()
  await page.waitForSelector(".p0 .hotline button")
  const values = await page.$$eval("textarea, input:not(.tab)", (all) =>
    all.map((one) => (one as HTMLTextAreaElement).value).join(""),
  )
  expect(values).toBe("")

  await page.goto(line.a.origin)
  await pressIn(page, "У меня есть десять слов")
  await page.waitForSelector("#ask-words")
  await page.type("#ask-words", words.join(" "))
  await page.keyboard.press("Enter")
  await page.waitForSelector("#ask-sign")
  expect(await valueIn(page, "#ask-sign")).toBe(sign)
  await pressIn(page, "Да, мой")
  await hears(page, "Он останется здесь до")
  expect(await valueIn(page, ".item textarea[id^=ask-reply]")).toBe(LONG_ANSWER)
  await pressIn(page, "Я прочитал")
  await writeIn(page, "Прочла в Firefox")
  await expect
    .poll(
      async () => (await line.letters()).find(({ message }) => message?.text === "Прочла в Firefox")?.read,
    )
    .toEqual([16, 32, 48, 64])
  await expectNotSaved(["Прочла в Firefox", "оставайтесь у подруги", sign])
  expect(complaints).toEqual([])
  await page.close()
  await line.close()
})
