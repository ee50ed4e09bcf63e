/** The steps of a visit in Firefox set up as Tor Browser is: an onion address, names resolved by Tor, nothing beside it. */
import { openFirefox } from "@kunak/page/testing/firefox"
import type { Browser, Page } from "puppeteer-core"

const HOTLINE = ".p0 .hotline"
const PATIENCE = { timeout: 300_000 }

/** Tor Browser's own settings for onion addresses: plain Firefox asks no proxy for them and gives their pages no cryptography. */
export const openTorFirefox = (socksPort: number): Promise<Browser> =>
  openFirefox({
    "network.proxy.type": 1,
    "network.proxy.socks": "127.0.0.1",
    "network.proxy.socks_port": socksPort,
    "network.proxy.socks_version": 5,
    "network.proxy.socks_remote_dns": true,
    "network.proxy.socks5_remote_dns": true,
    "network.proxy.failover_direct": false,
    "network.dns.blockDotOnion": false,
    "dom.securecontext.allowlist_onions": true,
    "network.dns.disablePrefetch": true,
    "network.http.speculative-parallel-limit": 0,
    "media.peerconnection.enabled": false,
    "privacy.resistFingerprinting": true,
  })

/** Something a person waits for in a visit, or the page's word that it has stopped. */
const ENDED = "Страница остановилась"

export async function open(browser: Browser, address: string): Promise<Page> {
  const page = await browser.newPage()
  page.setDefaultTimeout(PATIENCE.timeout)
  await page.setViewport({ width: 360, height: 740 })
  // A browser says that it can't find an onion address for as long as Tor finds no way there: people press "try again".
  for (let tries = 0; ; tries++) {
    const failed = await page.goto(address, PATIENCE).then(
      () => null,
      (error: unknown) => error,
    )
    if (failed === null) return page
    if (tries === 10) throw failed
    await new Promise((resolve) => setTimeout(resolve, 3_000))
  }
}

export const textOf = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (element) => element.textContent ?? "")

/** Until the page's script has said whether it can be trusted. @returns what it said. */
export async function verdict(page: Page): Promise<string> {
  const said = await page.waitForFunction(() => {
    const text = [...document.querySelectorAll(".p0 .live, .p0 .alarm")]
      .map((one) => one.textContent)
      .join(" ")
    return text.trim() !== "" && !/Страница проверяется|Через несколько секунд/.test(text) && text
  })
  return String(await said.jsonValue())
}

export async function press(page: Page, name: string): Promise<void> {
  const pressed = await page.waitForFunction(
    (wanted) => {
      const found = [...document.querySelectorAll<HTMLButtonElement>(".p0 .hotline button")].find(
        (one) => !one.hidden && one.checkVisibility() && one.textContent?.includes(wanted),
      )
      found?.click()
      return found !== undefined
    },
    {},
    name,
  )
  await pressed.dispose()
}

const valueIn = (page: Page, selector: string): Promise<string> =>
  page.$eval(selector, (one) => (one as HTMLTextAreaElement).value)

/** From the first sentence to ten words that were typed back. @returns them. */
export async function learnWords(page: Page): Promise<string> {
  await press(page, "Написать впервые")
  await page.waitForSelector("#ask-sign")
  const lines = (await valueIn(page, "#ask-phrase")).split("\n")
  const words = lines.map((one) => one.replace(/^[\s\d]+/, "")).join(" ")
  await press(page, "Помню")
  await page.type("#ask-words", words)
  await page.keyboard.press("Enter")
  await page.waitForSelector(".draft")
  return words
}

export async function comeBack(page: Page, words: string): Promise<void> {
  await press(page, "У меня есть десять слов")
  await page.type("#ask-words", words)
  await page.keyboard.press("Enter")
  await press(page, "Да, мой")
  await page.waitForSelector(".draft")
}

export async function write(page: Page, text: string): Promise<void> {
  await page.type(".draft:not([readonly])", text)
  await press(page, "Отправить")
}

/** @returns whether it came; false when the visit's ticks ended first. */
export async function waitFor(page: Page, wanted: string): Promise<boolean> {
  const found = await page.waitForFunction(
    (hotline, text, ended) => {
      const said = document.querySelector(hotline)?.textContent ?? ""
      if (said.includes(text)) return "came"
      return said.includes(ended) && "ended"
    },
    PATIENCE,
    HOTLINE,
    wanted,
    ENDED,
  )
  return (await found.jsonValue()) === "came"
}

/** The newest answer in the conversation. */
export const answerIn = (page: Page): Promise<string> => valueIn(page, ".item textarea[id^=ask-reply]")
