/** Every screen of the desk, looked at by machines: axe, contrast, zoom, overflow, keyboard, in both languages. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { closedChain } from "@kunak/core/testing/closed-organisation"
import { instantFromMs } from "@kunak/core/time/instant"
import { enqueue } from "@kunak/desk/sync/outbox"
import { type BrowserDesk, openTab, serveDesk, type Watched } from "@kunak/desk/testing/browser-desk"
import { ENROLMENT_PASSPHRASE, enrolmentFile, makeTestDesk, PASSPHRASE } from "@kunak/desk/testing/test-desk"
import { type DeskLine, makeDeskLine } from "@kunak/desk/testing/test-line"
import { openChromium } from "@kunak/page/testing/browser"
import type { Browser, Route } from "playwright-core"
import { afterAll, beforeAll, type ExpectStatic, it } from "vitest"
import { button, checkScreen, checkSizes, enrol, keyboard, words } from "./desk-screen-checks.ts"

const SOURCES = Array.from({ length: 30 }, (_, i) => ({
  id: `S${i}`,
  source: "A newspaper",
  kind: "press",
  saidOn: "2019-01-11",
  where: "the Republic",
  claim: `Claim number ${i}: people are called and asked to meet.`,
}))

let browser: Browser
beforeAll(async () => {
  browser = await openChromium()
})
afterAll(() => browser.close())

/** Amina's desk, not enrolled yet, and the line that it speaks to. */
interface Place {
  readonly line: DeskLine
  readonly desk: BrowserDesk
  /** A tab at it, closed when the test ends. */
  open(options: Parameters<typeof openTab>[2]): Promise<Watched>
}

/** Side by side with the others: most of the time each waits for a window. */
function together(name: string, test: (place: Place, expect: ExpectStatic) => Promise<void>): void {
  it.concurrent(name, async ({ expect }) => {
    const line = await makeDeskLine(() => instantFromMs(Date.now()), { demonstration: true })
    const folder = mkdtempSync(join(tmpdir(), "desk-screens-"))
    writeFileSync(join(folder, "officer.age"), await enrolmentFile(line, "amina"))
    const enrolment = join(folder, "officer.age")
    const desk = await serveDesk(folder, line, { enrolmentFile: enrolment, sources: SOURCES })
    const tabs: Watched[] = []
    const open: Place["open"] = async (options) => {
      const tab = await openTab(browser, desk, options)
      tabs.push(tab)
      return tab
    }
    try {
      await test({ line, desk, open }, expect)
    } finally {
      for (const { context } of tabs) await context.close()
      await desk.close()
      await line.close()
      rmSync(folder, { recursive: true, force: true })
    }
  })
}

const clock = { wall: () => Date.now(), monotonic: () => performance.now() }

/** A free text of Boris that waits for this desk's signature. */
async function colleagueSigns(line: DeskLine): Promise<void> {
  const boris = await makeTestDesk(line, "boris", clock)
  const { value: id } = await boris.ask<string>("drafts/start", { start: { from: "nothing" } })
  const opened = await boris.ask<{ form: object }>("warnings/open", { id })
  const text = {
    headline: "Do not answer calls",
    description: "People were called.",
    instruction: "Stay away.",
  }
  const form = {
    ...opened.value.form,
    kind: "free",
    areas: [2],
    texts: { en: text, ru: text },
    note: "From S1.",
  }
  await boris.ask("drafts/save", { id, form })
  const prepared = await boris.ask<{ digest: string }>("drafts/prepare", { id })
  await boris.ask("drafts/sign", { id, digest: prepared.value.digest })
  await boris.open().sync.tick()
  boris.remove()
}

for (const [language, dark] of [
  ["ru", false],
  ["en", true],
] as const) {
  together(
    `[K24] every screen passes axe with contrast, fits 320 px and 200 %, and complains of nothing: ${language}, dark: ${dark}`,
    async (place, expect) => {
      const { desk, line } = place
      const tab = await place.open({ width: 1280, dark, locale: language === "ru" ? "ru-RU" : "en-GB" })
      const { page } = tab
      const look = async (name: string) => {
        await page.waitForTimeout(150)
        await checkScreen(page, name, expect)
        await checkSizes(page, name, expect)
      }
      await page.waitForSelector("form")
      await look("create")
      await enrol(page)
      await page.goto(`${desk.origin}/#/settings`)
      await page.waitForSelector(".switch")
      await look("settings")
      await page.goto(`${desk.origin}/#/today`)
      await page.waitForSelector(".outside")
      await look("today")
      await page.goto(`${desk.origin}/#/help`)
      await page.waitForSelector(".help article")
      await look("help")
      await page.goto(`${desk.origin}/#/warnings`)
      await page.waitForSelector(".empty")
      await look("warnings, empty")
      await button(page, language, "sources").click()
      await page.waitForSelector(".source")
      await look("sources")

      await button(page, language, "warnings.new").click()
      await page.waitForSelector(".editor")
      await page.waitForSelector("iframe")
      await look("editor, approved")
      await button(page, language, "draft.sign").click()
      await page.waitForSelector(".note.problem")
      await look("editor with problems")
      await page.locator(".area-list label").nth(1).click()
      await expect.poll(() => page.locator(".save-state").textContent()).toBe(words(language, "save.saved"))
      await button(page, language, "draft.sign").click()
      await page.waitForSelector("[role=alertdialog]")
      await look("sign")
      await button(page, language, "sign.publish").click()
      await page.waitForSelector(".item")

      await button(page, language, "warnings.new").click()
      await page.waitForSelector(".editor")
      await page.getByText(words(language, "kind.free")).click()
      await page.locator("fieldset.language textarea").first().fill("ы".repeat(3000))
      await page.waitForSelector(".lengths [data-over=true]")
      await look("editor, free text, too long")
      await button(page, language, "draft.discard").click()
      await page.waitForSelector("[role=alertdialog]")
      await look("discard")
      await page.locator("[role=alertdialog] .grave").click()

      await colleagueSigns(line)
      await page.waitForSelector('[data-group="mine"] .item')
      await page.locator('[data-group="mine"] .item').click()
      await page.waitForSelector(".with-phone .shown")
      await look("waiting")
      await page.goto(`${desk.origin}/#/today`)
      await page.waitForSelector(".today-list")
      await look("today with something to do")

      await line.publish()
      await page.goto(`${desk.origin}/#/warnings`)
      await page.locator('[data-group="live"] .item').first().click()
      await page.waitForSelector(".forward textarea")
      await look("signed")
      expect(tab.complaints).toEqual([])
      await page.locator(".lock-button").click()
      await page.waitForSelector(".lock")
      await look("locked")
      await page.getByRole("link", { name: words(language, "help.fromLock") }).click()
      await page.waitForSelector(".help article")
      await look("help, locked")
      // What the window was asking in the moment in which its desk locked is refused; the browser reports that, and nothing else.
      expect(tab.complaints.filter((one) => !one.includes("status of 423"))).toEqual([])
      expect(tab.strays).toEqual([])
      expect(desk.mistakes).toEqual([])
    },
  )
}

/** The last charter in the log and at both relays, and the edition that says so. */
async function closeLine({ line, desk }: Place, expect: ExpectStatic): Promise<void> {
  const open = desk.desk.host.open()
  if (!open) throw new TypeError("locked")
  const chain = await closedChain(line.organisation, instantFromMs(Date.now()))
  open.vault.change((change) => enqueue(change, { kind: "charter", chain: chain.bytes }))
  await expect.poll(() => open.chain().current.charter.closed).toBe(true)
  line.restart(chain)
  await line.publish()
}

for (const [language, dark] of [
  ["ru", true],
  ["en", false],
] as const) {
  together(
    `[K32] every window says so, passes axe with contrast, fits 320 px and 200 %, and offers nothing that is over: ${language}, dark: ${dark}`,
    async (place, expect) => {
      const { desk } = place
      const tab = await place.open({ width: 1280, dark, locale: language === "ru" ? "ru-RU" : "en-GB" })
      const { page } = tab
      await page.waitForSelector("form")
      await enrol(page)
      await page.goto(`${desk.origin}/#/today`)
      await page.waitForSelector(".outside")
      expect(await page.locator(".closed").count()).toBe(0)
      await closeLine(place, expect)
      await page.getByText(words(language, "closed.text")).waitFor()
      expect(await page.locator(".closed li").count()).toBe(4)
      await checkScreen(page, "today, closed", expect)
      await checkSizes(page, "today, closed", expect)
      const strip = page.locator(".closed-line").getByText(words(language, "closed.line"))
      for (const [window, said] of [
        ["hotline", "closed.hotline"],
        ["warnings", "closed.choose"],
        ["settings", "settings.safety"],
      ] as const) {
        await page.goto(`${desk.origin}/#/${window}`)
        await page.getByText(words(language, said)).waitFor()
        await strip.waitFor()
        await checkScreen(page, `${window}, closed`, expect)
        await checkSizes(page, `${window}, closed`, expect)
      }
      await page.goto(`${desk.origin}/#/warnings`)
      await page.waitForSelector("#warnings-title")
      expect(await button(page, language, "warnings.new").count()).toBe(0)
      await page.getByRole("link", { name: words(language, "closed.toToday") }).click()
      await page.getByRole("link", { name: words(language, "help.closing") }).click()
      await page.locator("#help-closing").waitFor()
      expect(tab.complaints).toEqual([])
      expect(desk.mistakes).toEqual([])
    },
  )
}

together(
  "[K25] a warning is written, signed and published by keyboard alone, with the focus always to be seen",
  async (place, expect) => {
    const { desk } = place
    const tab = await place.open({ width: 1280, locale: "en-GB" })
    const { page } = tab
    await page.waitForSelector("form")
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    const tabTo = keyboard(page)
    const type = (text: string) => page.keyboard.type(text)
    await tabTo(words("en", "create.enrolment"))
    await type(ENROLMENT_PASSPHRASE)
    await tabTo(words("en", "create.passphrase"))
    await type(PASSPHRASE)
    await tabTo(words("en", "create.again"))
    await type(PASSPHRASE)
    await press("Enter")
    await page.waitForSelector(".shell")
    await tabTo("To the content")
    await tabTo(words("en", "warnings"))
    await press("Enter")
    await tabTo(words("en", "warnings.new"))
    await press("Enter")
    await page.waitForSelector(".editor")
    await tabTo("An approved wording")
    await tabTo("Chechnya")
    await press("Space")
    await expect.poll(() => page.locator(".save-state").textContent()).toBe(words("en", "save.saved"))
    await tabTo("Sign and publish")
    await press("Enter")
    await page.waitForSelector("[role=alertdialog]")
    // The first stop changes nothing; Escape closes and gives the focus back.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(words("en", "cancel"))
    await press("Escape")
    await page.waitForSelector("[role=alertdialog]", { state: "detached" })
    await tabTo("Sign and publish")
    await press("Enter")
    await page.waitForSelector("[role=alertdialog]")
    await tabTo("Sign and publish")
    await press("Enter")
    await page.waitForSelector('[data-group="live"] .item')
    await expect.poll(() => desk.desk.host.open()?.sync.line().warnings.length, { timeout: 10_000 }).toBe(1)
  },
)

together(
  "[K27] help is read from the lock screen by keyboard, chapter by chapter, and a lock leaves it where it was",
  async (place, expect) => {
    const tab = await place.open({ width: 1280, locale: "ru-RU" })
    const { page } = tab
    await page.waitForSelector("form")
    const tabTo = keyboard(page)
    const title = (id: string) => page.locator(`#help-${id}`)
    await tabTo(words("ru", "help.fromLock"))
    await page.keyboard.press("Enter")
    await title("detained").waitFor()
    await tabTo("Если задержали коллегу")
    await page.keyboard.press("Enter")
    await expect
      .poll(() => title("detained").evaluate((heading) => heading === document.activeElement))
      .toBe(true)
    expect(
      await title("detained").evaluate((heading) => Math.round(heading.getBoundingClientRect().top)),
    ).toBeLessThan(200)
    await page.locator(".switch").getByText("English").click()
    await expect.poll(() => title("detained").textContent()).toContain("When a colleague is detained")
    await page.getByRole("link", { name: words("en", "help.back"), exact: true }).click()
    await page.waitForSelector("form")

    await enrol(page)
    await page.getByRole("link", { name: words("en", "help.detained") }).click()
    await title("detained").waitFor()
    await page.locator(".lock-button").click()
    await page.waitForSelector(".shell .to-lock")
    await expect.poll(() => title("detained").isVisible()).toBe(true)
    expect(await page.content()).not.toMatch(/officer 1|Mountain|Горная/)
  },
)

together(
  "[K9] a lock takes every word of content out of the tab, in the other tab too",
  async (place, expect) => {
    const { desk, line } = place
    const tab = await place.open({ width: 1280, locale: "en-GB" })
    const { page } = tab
    await page.waitForSelector("form")
    await enrol(page)
    await colleagueSigns(line)
    const second = await place.open({ width: 360, locale: "en-GB" })
    await second.page.goto(`${desk.origin}/#/warnings`)
    for (const one of [page, second.page]) {
      await one.goto(`${desk.origin}/#/warnings`)
      await one.waitForSelector(".item")
      expect(await one.content()).toContain("Do not answer calls")
    }
    await page.locator(".lock-button").click()
    for (const one of [page, second.page]) {
      await one.waitForSelector(".lock")
      expect(await one.content()).not.toMatch(/Do not answer|officer 1|Mountain|Горная/)
      expect(one.url()).toBe(`${desk.origin}/`)
    }
  },
)

together(
  "[K19] with a full disk the editor keeps what was typed, says so, and saves when there is space",
  async (place, expect) => {
    const { desk } = place
    const tab = await place.open({ width: 1280, locale: "en-GB" })
    const { page } = tab
    await page.waitForSelector("form")
    await enrol(page)
    await page.goto(`${desk.origin}/#/warnings`)
    await page.locator(".warnings-list .primary").first().click()
    await page.waitForSelector(".editor")
    const vault = desk.desk.host.open()?.vault
    if (!vault) throw new TypeError("locked")
    const most = (pages: number) =>
      vault.first({ text: `pragma max_page_count = ${pages}`, values: [] }, () => null)
    const pages = vault.first({ text: "select page_count as n from pragma_page_count", values: [] }, (row) =>
      row.number("n"),
    )
    most(pages ?? 0)
    const note = page.locator(".editor textarea").last()
    await note.fill("n".repeat(15_000))
    await page.waitForSelector(".save-state.failed")
    expect(await page.locator("[role=alert]").allTextContents()).toContainEqual(
      expect.stringMatching(/Диск полон|disk is full/),
    )
    expect(await note.inputValue()).toHaveLength(15_000)
    most(100_000)
    await expect
      .poll(() => page.locator(".save-state").textContent(), { timeout: 15_000 })
      .toMatch(/Saved|Сохранено/)
  },
)

together(
  "[K6] what was asked of a desk that stood still, and fails all at once, does not make the window say that the program has ended",
  async (place, expect) => {
    const { page } = await place.open({ width: 1280, locale: "en-GB" })
    await page.waitForSelector("form")
    await enrol(page)
    const held: Route[] = []
    await page.route("**/api/state", (route) => {
      held.push(route)
    })
    await page.evaluate(
      (sentence) => {
        new MutationObserver(() => {
          if (document.body.textContent.includes(sentence)) document.documentElement.dataset.ended = "yes"
        }).observe(document.body, { subtree: true, childList: true, characterData: true })
      },
      words("en", "gone.title"),
    )
    // Five times as long as the window waits between two questions.
    await page.waitForTimeout(15_500)
    for (const route of held) await route.abort()
    await page.unroute("**/api/state")
    await page.waitForSelector(".lock")
    await page.waitForSelector(".shell", { timeout: 15_000 })
    expect(await page.evaluate(() => document.documentElement.dataset.ended)).toBeUndefined()
    expect(held.length).toBeGreaterThan(0)
  },
)

together(
  "[K24] under a thumb whatever is pressed in any window is at least 44 px high",
  async (place, expect) => {
    const { desk } = place
    const { page } = await place.open({ width: 360, height: 740, locale: "ru-RU" })
    const session = await page.context().newCDPSession(page)
    await session.send("Emulation.setTouchEmulationEnabled", { enabled: true })
    const low = async (name: string): Promise<void> => {
      const found = await page
        .locator("button, nav a, summary, input:not([type=checkbox], [type=radio]), label:has(input)")
        .filter({ visible: true })
        .evaluateAll((all) =>
          all
            .filter((one) => !one.matches(".skip") && one.getBoundingClientRect().height < 44)
            .map((one) => one.outerHTML.slice(0, 100)),
        )
      expect.soft([name, found]).toEqual([name, []])
    }
    await page.waitForSelector("form")
    await low("create")
    await enrol(page)
    for (const [window, thing] of [
      ["today", ".outside"],
      ["hotline", ".queue .empty"],
      ["settings", ".switch"],
      ["help", ".help article"],
      ["warnings", "#warnings-title"],
    ] as const) {
      await page.goto(`${desk.origin}/#/${window}`)
      await page.waitForSelector(thing)
      await low(window)
    }
    await button(page, "ru", "sources").click()
    await page.waitForSelector(".source")
    await low("sources")
    await button(page, "ru", "warnings.new").click()
    await page.waitForSelector(".editor")
    await low("editor")
    await page.locator(".lock-button").click()
    await page.waitForSelector(".lock form")
    await low("locked")
  },
)

for (const language of ["ru", "en"] as const) {
  const locale = language === "ru" ? "ru-RU" : "en-GB"

  together(
    `[K24] a tab that is not signed in, and one whose program has ended, are accessible and fit: ${language}`,
    async (place, expect) => {
      const { desk } = place
      const tab = await place.open({ width: 1280, dark: language === "en", locale })
      const { page } = tab
      const stranger = await tab.context.newPage()
      await stranger.goto(desk.origin)
      await stranger.getByText(words(language, "noSession.title")).waitFor()
      await checkScreen(stranger, "not signed in", expect)
      await checkSizes(stranger, "not signed in", expect)
      await page.waitForSelector("input[type=password]")
      await desk.close()
      await page.getByText(words(language, "gone.title")).waitFor({ timeout: 20_000 })
      await checkScreen(page, "program ended", expect)
      await checkSizes(page, "program ended", expect)
    },
  )
}
