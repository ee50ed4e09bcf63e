/** Every state of the public page, in the order in which somebody in need meets it. */
import { textBlock } from "@kunak/core/forward/text-block"
import { ENVELOPE_BYTES } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import { approvedWarning, makeEdition, makeOrganisation } from "@kunak/core/testing/organisation"
import { DAY_SECONDS, instantFromMs, plusSeconds } from "@kunak/core/time/instant"
import { openChromium, settled, visit } from "@kunak/page/testing/browser"
import { fiveWarnings, PATIENT } from "@kunak/page/testing/five-warnings"
import { nowInstant, openPageSite } from "@kunak/page/testing/page-site"
import type { Browser, Page } from "playwright-core"
import { until } from "../demonstration/run.ts"
import { comesInTime } from "../page-line/eventually.ts"
import { openLine, type PageLine } from "../page-line/open-line.ts"
import { SAYS, type StepLanguage } from "../page-line/said.ts"
import { HOTLINE, practise, press, takeWords, write } from "../page-line/steps.ts"
import type { Camera } from "./camera.ts"

const PATIENCE = { timeout: 60_000 }
const MESSAGE = {
  ru: "Это Амина, выдуманная. Мне нужна помощь: уехать до пятницы, вдвоём, документов нет. Телефон могут проверить.",
  en: "This is Amina, who is made up. I need to leave by Friday, two of us, without papers. My phone may be searched.",
}
const ANSWER = {
  ru: "Мы вас слышим. Побудьте, пожалуйста, у подруги до вечера и никому не говорите, где вы.\n".repeat(20),
  en: "We hear you. Please stay with your friend until the evening, and tell nobody where you are.\n".repeat(
    20,
  ),
}
const localeOf = (language: StepLanguage) => (language === "ru" ? "ru-RU" : "en-GB")

export async function takePage(camera: Camera, language: StepLanguage): Promise<void> {
  const browser = await openChromium()
  try {
    await warnings(browser, camera, language)
    await asking(browser, camera, language)
    await answers(browser, camera, language)
    await troubles(browser, camera, language)
  } finally {
    await browser.close()
  }
}

async function warnings(browser: Browser, camera: Camera, language: StepLanguage): Promise<void> {
  const site = await openPageSite()
  const now = nowInstant()
  const locale = localeOf(language)
  const look = async (
    state: string,
    part?: string,
    before?: (page: Page) => Promise<void>,
  ): Promise<void> => {
    const { page, close } = await visit(browser, site.a.origin, { locale })
    await settled(page)
    await before?.(page)
    await camera.take(page, state, part)
    await close()
  }
  try {
    site.serve((await fiveWarnings(now, site.relays, "patient")).edition)
    await look("five warnings")
    await look("warning to pass on", "article", (page) =>
      page.locator(".pass summary:visible").first().click(),
    )
    const without = await visit(browser, site.a.origin, { locale, javaScriptEnabled: false })
    await camera.take(without.page, "without JavaScript")
    await without.close()
    site.b.header = null
    await look("one server is silent", ".state")
    site.a.header = null
    await look("both servers are silent", ".state")
    site.serve((await fiveWarnings(plusSeconds(now, -7500), site.relays, "patient")).edition)
    await look("an old page")

    const organisation = await makeOrganisation({ ...PATIENT, now, relays: site.relays })
    const signed = (daysAgo: number) =>
      approvedWarning(organisation, { signedAt: plusSeconds(now, -daysAgo * DAY_SECONDS) })
    const block = async (daysAgo: number) =>
      must(textBlock(await signed(daysAgo), language, organisation.chain, organisation.delegations))
    site.serve(await makeEdition(organisation, { issued: now, warnings: [await signed(0)] }))
    const genuine = await block(0)
    for (const [state, pasted] of [
      ["genuine", genuine],
      ["changed", genuine.replace(/[.!]/, ", ")],
      ["without a code", "SOS"],
    ] as const)
      await look(`check, ${state}`, "section[id^=check]", async (page) => {
        await page.locator("textarea.paste:visible").fill(pasted)
        await page.locator("button.check:visible").click()
        await page.locator(".verdict p:visible").first().waitFor()
      })
    site.serve(await makeEdition(organisation, { issued: now, warnings: [] }))
    await look("no warning in force")
  } finally {
    await site.close()
  }
}

/** A line of its own, where a message waits for so long before it leaves. */
async function onLine(tickMs: number, look: (line: PageLine) => Promise<void>): Promise<void> {
  const line = await openLine(tickMs)
  try {
    await line.publish([], { lastRead: plusSeconds(instantFromMs(Date.now()), -3 * 3600) })
    await look(line)
  } finally {
    await line.close()
  }
}

async function opened(browser: Browser, line: PageLine, language: StepLanguage) {
  const open = await visit(browser, line.a.origin, { locale: localeOf(language) })
  await open.page.locator(`${HOTLINE} button:visible`, { hasText: SAYS[language].first }).waitFor()
  return open
}

const asking = (browser: Browser, camera: Camera, language: StepLanguage): Promise<void> =>
  onLine(40_000, async (line) => {
    const { page, close } = await opened(browser, line, language)
    const take = (state: string) => camera.take(page, state, HOTLINE)
    const enter = async (typed: string): Promise<void> => {
      await page.locator("#ask-words").fill(typed)
      await page.keyboard.press("Enter")
    }
    await take("ask, the first sentences")
    const words = await takeWords(page, language)
    await page.locator("#ask-sign").waitFor()
    await take("ten words")
    await press(page, SAYS[language].known)
    await page.locator("#ask-words").fill(words.slice(0, 4).join(" "))
    await take("practise")
    await enter(words.map((word, i) => (i === 3 ? `${word.slice(0, -1)}q` : word)).join(" "))
    await take("practise, an unknown word")
    await enter([...words.slice(1), words[0]].join(" "))
    await page.locator("#ask-sign").waitFor()
    await take("practise, another order")
    await page.locator("#ask-words").fill(words.join(" "))
    await page.keyboard.press("Enter")
    await page.locator(".draft").waitFor()
    await take("write")
    await write(page, "", language)
    await take("write, nothing typed")
    await write(page, "а".repeat(2_780), language)
    await take("write, too long")
    await write(page, MESSAGE[language], language)
    await page.locator(".item .told").waitFor()
    await take("message waits")
    await camera.take(page, "message waits, whole page")
    await page.context().route(/ya\.ru|wikipedia/, (route) => route.fulfill({ body: "*" }))
    for (let i = 0; i < 3; i++) await page.keyboard.press("Shift")
    await page.waitForURL(/ya\.ru|wikipedia/)
    await camera.take(page, "left quickly")
    await close()
  })

const answers = (browser: Browser, camera: Camera, language: StepLanguage): Promise<void> =>
  onLine(3_000, async (line) => {
    const first = await opened(browser, line, language)
    const words = await takeWords(first.page, language)
    await practise(first.page, words, language)
    await write(first.page, MESSAGE[language], language)
    await first.page.getByText(SAYS[language].handedOver).first().waitFor(PATIENCE)
    await camera.take(first.page, "message handed over", HOTLINE)
    await first.close()
    const letter = await until("a letter", async () => (await line.letters()).find(({ message }) => message))

    const back = async (
      state: string,
      wanted: string,
      after?: (page: Page) => Promise<void>,
    ): Promise<void> => {
      for (let visits = 0; visits < 5; visits++) {
        const { page, close } = await opened(browser, line, language)
        await press(page, SAYS[language].back)
        await page.locator("#ask-words").fill(words.join(" "))
        await page.keyboard.press("Enter")
        await page.locator("#ask-sign").waitFor()
        if (visits === 0 && state === "nothing there yet")
          await camera.take(page, "come back, is this the sign", HOTLINE)
        await press(page, SAYS[language].mine)
        const isThere = await comesInTime(page, page.locator(wanted).first())
        if (isThere) await camera.take(page, state, HOTLINE)
        if (isThere) await after?.(page)
        await close()
        if (isThere) return
      }
      throw new Error(`five visits, and never: ${state}`)
    }
    await line.publish()
    await back("nothing there yet", `${HOTLINE} .draft`)
    await line.publish([await line.openedOf(letter)])
    await back("what was written has arrived", `${HOTLINE} >> text=/дошло до нас|reached us/`)
    await line.publish([await line.replyTo(letter, ANSWER[language], [0])])
    await back("answered, one part is here", ".item:not(.mine) textarea")
    await line.publish([await line.replyTo(letter, ANSWER[language])])
    await back("answered", `${HOTLINE} button:has-text("${SAYS[language].read}")`, async (page) => {
      await press(page, SAYS[language].read)
      await camera.take(page, "answer marked as read", HOTLINE)
      await page.getByText(SAYS[language].stopped).first().waitFor(PATIENCE)
      await camera.take(page, "the page has stopped", HOTLINE)
    })
  })

const troubles = (browser: Browser, camera: Camera, language: StepLanguage): Promise<void> =>
  onLine(3_000, async (line) => {
    for (const { store } of [line.a, line.b]) {
      const { slots } = must(await store.ringState())
      must(await store.postAll(Array.from({ length: slots }, () => new Uint8Array(ENVELOPE_BYTES))))
    }
    const { page, close } = await opened(browser, line, language)
    await practise(page, await takeWords(page, language), language)
    await write(page, MESSAGE[language], language)
    await page.locator(".trouble p").first().waitFor(PATIENCE)
    await camera.take(page, "the line is overfull", HOTLINE)
    line.a.isDown = true
    line.b.isDown = true
    await close()
    const second = await opened(browser, line, language)
    await practise(second.page, await takeWords(second.page, language), language)
    await write(second.page, MESSAGE[language], language)
    await second.page.locator(".trouble p").first().waitFor(PATIENCE)
    await camera.take(second.page, "neither server answers", HOTLINE)
    await second.close()
  })
