/** Somebody who writes once, in Firefox ESR, the base of Tor Browser, with the profile on that person's disk. */
import { mkdirSync } from "node:fs"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import type { Page } from "puppeteer-core"
import type { PersonsPhrase } from "../canaries/phrase-canaries.ts"
import type { DrillClock } from "../clock/drill-clock.ts"
import type { Place } from "../places/place.ts"
import { FIREFOX } from "./browser.ts"
import { phraseShown } from "./help-seeker.ts"

const HOTLINE = ".p0 .hotline"
const PATIENCE = { timeout: 600_000 }

/** @param before what is done in the page before it is closed. @returns the ten words, and how they were shown. */
export async function writeInFirefox(
  place: Place,
  clock: DrillClock,
  address: string,
  text: string,
  before: (page: Page, phrase: PersonsPhrase) => Promise<void>,
): Promise<PersonsPhrase> {
  const { default: puppeteer } = await import("puppeteer-core")
  const inside = (folder: string): string => {
    mkdirSync(join(place.folder, folder), { recursive: true, mode: 0o700 })
    return join(place.folder, folder)
  }
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: FIREFOX,
    headless: true,
    userDataDir: inside("firefox"),
    env: { PATH: process.env.PATH, HOME: place.folder, TMPDIR: inside("tmp"), LANG: "ru_RU.UTF-8" },
    extraPrefsFirefox: {
      "intl.accept_languages": "ru-RU, ru, en",
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
    },
  })
  try {
    const page = await browser.newPage()
    await page.evaluateOnNewDocument(clock.script())
    await page.goto(address)
    await receiving(page)
    await press(page, "Написать впервые")
    const phrase = phraseShown(await valueIn(page, "#ask-phrase"))
    await press(page, "Помню")
    await fill(page, "#ask-words", phrase.words.join(" "))
    await page.keyboard.press("Enter")
    await page.waitForSelector(".draft", { visible: true, ...PATIENCE })
    await fill(page, ".draft:not([readonly])", text)
    await press(page, "Отправить")
    await page.waitForFunction(
      (where) =>
        [...document.querySelectorAll<HTMLElement>(`${where} *`)].some(
          (element) =>
            element.offsetParent !== null &&
            element.childElementCount === 0 &&
            element.textContent?.includes("Передано. Страницу можно закрыть"),
        ),
      PATIENCE,
      HOTLINE,
    )
    await before(page, phrase)
    return phrase
  } finally {
    await browser.close()
  }
}

async function receiving(page: Page): Promise<void> {
  for (;;) {
    const isThere = await page.waitForSelector(`${HOTLINE} button`, { visible: true, timeout: 20_000 }).then(
      () => true,
      () => false,
    )
    const text = isThere ? await page.$eval(HOTLINE, (element) => element.textContent ?? "") : ""
    if (isThere && !text.includes("Сообщения здесь давно никто не читал")) return
    await sleep(2_000)
    await page.reload()
  }
}

const valueIn = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => (element as HTMLTextAreaElement).value)

async function fill(page: Page, selector: string, text: string): Promise<void> {
  await page.waitForSelector(selector, { visible: true, ...PATIENCE })
  await page.focus(selector)
  await page.keyboard.type(text)
}

async function press(page: Page, name: string): Promise<void> {
  await page.waitForFunction(
    (where, wanted) => {
      const shown = [...document.querySelectorAll<HTMLButtonElement>(`${where} button`)].find(
        (button) => button.offsetParent !== null && button.textContent?.includes(wanted),
      )
      shown?.click()
      return shown !== undefined
    },
    PATIENCE,
    HOTLINE,
    name,
  )
}
