/** The queue of the desk's window in a real browser: how long somebody has waited, and what becomes of closed conversations and spam when they go on. */

import type { UiLanguage } from "@kunak/desk/view/words"
import { openChromium } from "@kunak/page/testing/browser"
import type { Browser, Locator } from "playwright-core"
import { afterAll, beforeAll, type ExpectStatic, it } from "vitest"
import { inOffice, type Office, type Seat } from "./desk-office.ts"
import { button, words } from "./desk-screen-checks.ts"

const SLOW = { timeout: 20_000 }
const HOUR = 3600

let browser: Browser
beforeAll(async () => {
  browser = await openChromium()
})
afterAll(() => browser.close())

function together(name: string, test: (office: Office, expect: ExpectStatic) => Promise<void>): void {
  it.concurrent(name, ({ expect }) => inOffice(browser, expect, (office) => test(office, expect)))
}
const rowOf = ({ page }: Seat, id: string): Locator => page.locator(`a.thread[data-thread="${id}"]`)
const filter = ({ page }: Seat, language: UiLanguage, name: string): Locator =>
  page.getByRole("radio", { name: new RegExp(`^${words(language, name)}`) })
const groupOf = ({ page }: Seat, language: UiLanguage, title: string): Locator =>
  page.locator("section.group").filter({ has: page.locator("h2", { hasText: words(language, title) }) })
const opening = (language: UiLanguage, key: string): string => words(language, key).split("{")[0] ?? ""
/** The browser's clock goes with the line's: ages that a window shows are counted by it. */
async function seeTime(office: Office, { page }: Seat): Promise<void> {
  await page.clock.setFixedTime(office.now() * 1000)
  await page.reload()
}

together(
  "[K41] [K44] a row says how long its person has waited, the longest first among equal urgencies, in both languages",
  async (office, expect) => {
    const amina = await office.sit("amina", { language: "ru" })
    const boris = await office.sit("boris")
    await office.receiving()
    const first = await office.writes("first", "Я пишу первой")
    office.pass(2 * HOUR)
    const second = await office.writes("second", "А я второй")
    office.pass(HOUR + 120)
    await office.rounds(2)
    for (const [seat, language, ages] of [
      [amina, "ru", [/3 часа/, /6\d мин/]],
      [boris, "en", [/3 hours/, /6\d min/]],
    ] as const) {
      await seat.hotline()
      await seeTime(office, seat)
      await rowOf(seat, second.id).waitFor(SLOW)
      const rows = groupOf(seat, language, "hotline.unanswered").locator("a.thread")
      const ids = await rows.evaluateAll((all) => all.map((one) => (one as HTMLElement).dataset.thread))
      expect(ids).toEqual([first.id, second.id])
      const waits = await rows.locator(".waits").allTextContents()
      expect(waits.every((text) => text.startsWith(opening(language, "thread.unanswered")))).toBe(true)
      for (const [i, age] of ages.entries()) expect(waits[i]).toMatch(age)
    }
  },
)

together(
  "[K54] a conversation is closed and opened again in the window; whoever writes to a closed one is unanswered at both desks and in Today; spam that goes on says so in its place",
  async (office, expect) => {
    const amina = await office.sit("amina", { language: "ru" })
    const boris = await office.sit("boris")
    await office.receiving()
    const person = await office.writes("person", "Спасибо, всё хорошо")
    const spam = await office.writes("spam", "Купите наши часы")
    const said = (text: string) => amina.page.locator(".toast", { hasText: words("ru", text) }).waitFor(SLOW)
    await amina.hotline(person.id)
    await button(amina.page, "ru", "thread.close").click()
    await said("toast.state.closed")
    await rowOf(amina, person.id).waitFor({ state: "detached", ...SLOW })
    await amina.page.locator(".conversation-state", { hasText: words("ru", "state.closed") }).waitFor(SLOW)
    await button(amina.page, "ru", "thread.reopen").click()
    await said("toast.state.open")
    await rowOf(amina, person.id).waitFor(SLOW)
    await button(amina.page, "ru", "thread.close").click()
    await rowOf(amina, person.id).waitFor({ state: "detached", ...SLOW })
    await amina.hotline(spam.id)
    await amina.page.getByRole("button", { name: words("ru", "thread.more") }).click()
    await amina.page.getByRole("menuitem", { name: words("ru", "thread.spam") }).click()
    await said("toast.state.spam")
    await office.rounds(3)
    await boris.hotline()
    await filter(boris, "en", "filter.closed").click()
    await rowOf(boris, person.id).waitFor(SLOW)
    expect((await boris.ask("hotline/queue", {})).counts).toMatchObject({ unanswered: 0, closed: 1, spam: 1 })

    await person.say({ text: "Они у двери" })
    await spam.say({ text: "Скидка только сегодня" })
    await office.rounds(3)
    for (const [seat, language] of [
      [amina, "ru"],
      [boris, "en"],
    ] as const) {
      await seat.hotline()
      await filter(seat, language, "filter.all").click()
      const row = groupOf(seat, language, "hotline.unanswered").locator(
        `a.thread[data-thread="${person.id}"]`,
      )
      await row.waitFor(SLOW)
      expect(await row.textContent()).toContain("Они у двери")
      expect(await rowOf(seat, spam.id).count()).toBe(0)
      await row.click()
      await seat.page
        .locator(".conversation-state", { hasText: words(language, "thread.reopened") })
        .waitFor(SLOW)
      expect(await filter(seat, language, "filter.spam").textContent()).toContain(
        words(language, "filter.new").replace("{count}", "1"),
      )
      await filter(seat, language, "filter.spam").click()
      await rowOf(seat, spam.id)
        .getByText(opening(language, "thread.wroteAgain"), { exact: false })
        .waitFor(SLOW)
      await seat.today()
      await seat.page.locator(".today-list li").first().waitFor(SLOW)
      const asked = (await seat.ask("today", {})).items.flatMap((item) =>
        item.kind === "unanswered" ? [item.id] : [],
      )
      expect(asked).toEqual([person.id])
    }
  },
)
