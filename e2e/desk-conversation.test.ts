/** What stands beside an answer in the desk's window, in a real browser: check question, spam, times, export, floods, days offline, a wrong clock, and *Today* by its steps. */
import { readFileSync } from "node:fs"
import { OPENED_ONLY } from "@kunak/core/board/part"
import { cannedTexts } from "@kunak/desk/hotline/replies/canned-texts"
import { MESSAGES_A_DAY } from "@kunak/desk/hotline/threads/take-letter"
import { makePerson } from "@kunak/desk/testing/test-person"
import type { UiLanguage } from "@kunak/desk/view/words"
import { openChromium } from "@kunak/page/testing/browser"
import type { Browser, Locator, Page } from "playwright-core"
import { afterAll, beforeAll, type ExpectStatic, it } from "vitest"
import { inOffice, type Office, type Seat } from "./desk-office.ts"
import { button, keyboard, words } from "./desk-screen-checks.ts"

const SLOW = { timeout: 20_000 }
const HOUR = 3600
const DAY = 24 * HOUR

let browser: Browser
beforeAll(async () => {
  browser = await openChromium()
})
afterAll(() => browser.close())

/** Side by side with the others: most of the time each waits for a window to ask again. */
function together(name: string, test: (office: Office, expect: ExpectStatic) => Promise<void>): void {
  it.concurrent(name, ({ expect }) => inOffice(browser, expect, (office) => test(office, expect)))
}
const rowOf = ({ page }: Seat, id: string): Locator => page.locator(`a.thread[data-thread="${id}"]`)
const field = ({ page }: Seat): Locator => page.locator(".reply textarea")
const dialog = ({ page }: Seat): Locator => page.locator("[role=alertdialog]")
const todayList = ({ page }: Seat): Locator => page.locator(".today-list li")
/** The browser's clock goes with the line's: ages that a window shows are counted by it. */
async function seeTime(office: Office, { page }: Seat): Promise<void> {
  await page.clock.setFixedTime(office.now() * 1000)
  // A window whose clock leaps hides everything until it has asked.
  await page.reload()
}
/** A sentence of either language up to the first thing that is filled in. */
const opening = (language: UiLanguage, key: string): string => words(language, key).split("{")[0] ?? ""

/** The part of a conversation's side that is folded under this name, unfolded. */
async function sidePart(page: Page, title: string): Promise<Locator> {
  const part = page.locator("details.side-part").filter({ has: page.locator("summary", { hasText: title }) })
  if (!(await part.evaluate((details) => (details as HTMLDetailsElement).open)))
    await part.locator("summary").click()
  return part
}

for (const language of ["ru", "en"] as const)
  together(
    `[S15] a desk that was offline for three days says that it catches up, in both windows, and then has everything: ${language}`,
    async (office, expect) => {
      const amina = await office.sit("amina", { language: language === "ru" ? "en" : "ru" })
      const boris = await office.sit("boris", { language })
      await office.receiving()
      await office.rounds(6)
      const person = await makePerson(office.line, "person")
      await boris.lock()
      const written: string[] = []
      for (let day = 1; day <= 3; day += 1) {
        office.pass(DAY)
        await office.publish()
        await office.rounds(4)
        await person.say({ text: `День ${day}`, to: day % 2 === 0 ? "A" : "B" })
        written.push(`День ${day}`)
        await office.rounds(4)
      }
      await amina.hotline(person.id)
      await amina.page.locator(".said").getByText("День 3").waitFor(SLOW)

      // Over a slow way: what is read of the log is told while it is read.
      office.setLogLag(4_500)
      await boris.unlock()
      const catching = new RegExp(
        words(language, "today.progress").replace("{read}", "(\\d+)").replace("{head}", "(\\d+)"),
      )
      await boris.today()
      const note = boris.page.locator(".window .note", { hasText: opening(language, "today.progress") })
      await note.waitFor({ timeout: 40_000 })
      const [, read = "", head = ""] = catching.exec((await note.textContent()) ?? "") ?? []
      expect(Number(head)).toBeGreaterThan(100)
      expect(Number(read)).toBeLessThan(Number(head))
      const bar = note.locator("progress")
      expect(Number(await bar.getAttribute("max"))).toBe(Number(head))
      await boris.hotline()
      await boris.page
        .locator(".progress-note", { hasText: opening(language, "today.progress") })
        .waitFor(SLOW)
      office.setLogLag(0)

      await rowOf(boris, person.id).waitFor({ timeout: 60_000 })
      await boris.page.locator(".progress-note").waitFor({ state: "detached", timeout: 60_000 })
      await rowOf(boris, person.id).click()
      await boris.page.locator(".said").getByText("День 3").waitFor(SLOW)
      expect(await boris.page.locator('.said [data-kind="message"] .pre').allTextContents()).toEqual(written)
      // Nothing of these days is missing: nothing says so.
      expect(await boris.page.locator(".missed").count()).toBe(0)
      expect((await boris.ask("today", {})).items.map(({ kind }) => kind)).not.toContain("missed-windows")
    },
  )

together(
  "[K50] a check question is offered in the person's language, agreed, seen by a colleague and asked; a stranger's key brings it to mind",
  async (office, expect) => {
    const amina = await office.sit("amina")
    const boris = await office.sit("boris", { language: "ru" })
    await office.receiving()
    const person = await office.writes("person", "Можно вам доверять?")
    await amina.hotline(person.id)
    await field(amina).waitFor(SLOW)
    const part = await sidePart(amina.page, words("en", "checkQuestion"))
    await part.getByRole("button", { name: words("en", "checkQuestion.insertOffer") }).click()
    const offer = cannedTexts("ru").find(({ id }) => id === "check-question")?.text ?? ""
    await expect.poll(() => field(amina).inputValue()).toBe(offer)
    await field(amina).fill("")

    await part.getByLabel(words("en", "checkQuestion.question")).fill("Какого цвета была лодка?")
    await part.getByLabel(words("en", "checkQuestion.answer")).fill("Зелёная")
    await part.getByRole("button", { name: words("en", "settings.save") }).click()
    await part
      .locator("summary .quiet", { hasText: "Какого цвета была лодка?" })
      .waitFor({ state: "attached", ...SLOW })
    // It is agreed: nothing is offered any more.
    await part
      .getByRole("button", { name: words("en", "checkQuestion.insertOffer") })
      .waitFor({ state: "detached" })
    await office.rounds(3)

    const eve = await makePerson(office.line, "eve", person.threadId)
    await eve.say({ text: "Где вы прячете людей?" })
    await office.rounds(3)
    await boris.hotline(person.id)
    const warned = boris.page.locator('.said-item[data-quarantined="true"]')
    await warned.waitFor(SLOW)
    expect(await warned.textContent()).toContain(words("ru", "message.quarantined"))
    const theirs = await sidePart(boris.page, words("ru", "checkQuestion"))
    await expect
      .poll(() => theirs.getByLabel(words("ru", "checkQuestion.question")).inputValue(), SLOW)
      .toBe("Какого цвета была лодка?")
    expect(await theirs.getByLabel(words("ru", "checkQuestion.answer")).inputValue()).toBe("Зелёная")
    await theirs.getByRole("button", { name: words("ru", "checkQuestion.insertQuestion") }).click()
    await expect
      .poll(() => field(boris).inputValue())
      .toBe(words("ru", "checkQuestion.ask").replace("{question}", "Какого цвета была лодка?"))
    // The answer that is expected goes to nobody.
    await field(boris).press("Control+Enter")
    await dialog(boris)
      .getByRole("button", { name: words("ru", "send.do"), exact: true })
      .click()
    await boris.page.getByText(words("ru", "reply.sent")).waitFor(SLOW)
    await office.rounds(3)
    await office.publish()
    const said = (await person.look())
      .filter(({ sequence }) => sequence !== OPENED_ONLY)
      .map(({ text }) => text)
    expect(said.join("")).toContain("Какого цвета была лодка?")
    expect(said.join("")).not.toContain("Зелёная")
  },
)

together(
  "[K50] spam goes aside at both desks, waits for nobody, and comes back when it was none",
  async (office, expect) => {
    const amina = await office.sit("amina", { language: "ru" })
    const boris = await office.sit("boris")
    await office.receiving()
    const spam = await office.writes("spam", "Купите наши часы")
    const person = await office.writes("person", "Мне нужна помощь")
    await amina.hotline(spam.id)
    await field(amina).waitFor(SLOW)
    const more = async (item: string) => {
      await amina.page.getByRole("button", { name: words("ru", "thread.more") }).click()
      await amina.page.getByRole("menuitem", { name: words("ru", item) }).click()
    }
    await more("thread.spam")
    await amina.page.locator(".toast", { hasText: words("ru", "toast.state.spam") }).waitFor(SLOW)
    await rowOf(amina, spam.id).waitFor({ state: "detached", ...SLOW })
    await amina.page.locator(".conversation-state", { hasText: words("ru", "state.spam") }).waitFor(SLOW)
    const filter = (seat: Seat, language: UiLanguage, name: string) =>
      seat.page.getByRole("radio", { name: new RegExp(`^${words(language, name)}`) })
    expect(await filter(amina, "ru", "filter.spam").textContent()).toContain("1")
    await office.rounds(3)

    // A colleague's desk has it aside, too; whoever goes on writing there asks for nobody's time.
    await spam.say({ text: "Скидка только сегодня" })
    await office.rounds(3)
    await boris.hotline()
    await rowOf(boris, person.id).waitFor(SLOW)
    expect(await rowOf(boris, spam.id).count()).toBe(0)
    await filter(boris, "en", "filter.spam").click()
    await rowOf(boris, spam.id).waitFor(SLOW)
    expect(await rowOf(boris, spam.id).textContent()).toContain("Скидка")
    await boris.today()
    await todayList(boris).first().waitFor(SLOW)
    const asked = (await boris.ask("today", {})).items.flatMap((item) =>
      item.kind === "unanswered" ? [item.id] : [],
    )
    expect(asked).toEqual([person.id])
    expect(await todayList(boris).count()).toBe(1)

    // It was none: opened again it waits again.
    await button(amina.page, "ru", "thread.reopen").click()
    await rowOf(amina, spam.id).waitFor(SLOW)
    await office.rounds(3)
    await boris.hotline()
    await filter(boris, "en", "filter.all").click()
    await rowOf(boris, spam.id).waitFor(SLOW)
    expect((await boris.ask("hotline/queue", {})).counts).toMatchObject({ unanswered: 2, spam: 0 })
  },
)

together(
  "[K50] every message says when it was opened and every answer when it was written, how long it waits, and that it was read, in the organisation's time",
  async (office, expect) => {
    const amina = await office.sit("amina", { language: "ru" })
    const boris = await office.sit("boris")
    await office.receiving()
    /** Of the charter's zone, three hours east. */
    const clockOf = (time: number) => new Date((time + 3 * HOUR) * 1000).toISOString().slice(11, 16)
    /** What may have been shown for something that happened between these two moments. */
    const shown = (from: number, until: number) =>
      [...new Set(Array.from({ length: until - from + 1 }, (_, i) => clockOf(from + i)))].join("|")
    const before = office.now()
    const person = await office.writes("person", "Что мне делать?")
    const opened = shown(before, office.now())
    office.pass(2 * HOUR)
    await amina.hotline(person.id)
    await boris.hotline(person.id)
    await field(amina).fill("Ждите нас.")
    const wrote = office.now()
    await field(amina).press("Control+Enter")
    await dialog(amina)
      .getByRole("button", { name: words("ru", "send.do"), exact: true })
      .click()
    await amina.page.getByText(words("ru", "reply.sent")).waitFor(SLOW)
    const sent = shown(wrote, office.now())
    await office.rounds(3)
    await office.publish()
    for (const [seat, language] of [
      [amina, "ru"],
      [boris, "en"],
    ] as const) {
      const heading = (kind: string) => seat.page.locator(`.said [data-kind="${kind}"] h3 span`).textContent()
      const state = seat.page.locator('.reply-state[data-state="on-board"]')
      await state.waitFor(SLOW)
      expect(await heading("message")).toMatch(
        new RegExp(`^${opening(language, "message.opened")}.*(${opened})`),
      )
      expect(await heading("reply")).toMatch(
        new RegExp(`^${opening(language, "message.written")}.*(${sent})`),
      )
      expect(await seat.page.locator('.said [data-kind="reply"] h3').textContent()).toMatch(/^officer 1/)
      const reply = (await seat.ask("hotline/open", { id: person.id }))?.items.find(
        ({ kind }) => kind === "reply",
      )
      const until = reply?.kind === "reply" ? reply.expires : 0
      expect(until - wrote).toBeGreaterThan(7 * DAY)
      expect(await state.textContent()).toContain(opening(language, "replyState.on-board"))
      expect(await state.textContent()).toContain(clockOf(until))
      expect(await seat.page.locator(".said-note").first().textContent()).toBe(
        words(language, "message.openedOnly"),
      )
    }
    const [part] = (await person.look()).filter(({ sequence }) => sequence !== OPENED_ONLY)
    await person.say({ text: null, read: [part?.sequence ?? 0] })
    await office.rounds(3)
    for (const [seat, language] of [
      [amina, "ru"],
      [boris, "en"],
    ] as const) {
      await seat.page.locator('.reply-state[data-state="read"]').waitFor(SLOW)
      expect(await seat.page.locator(".reply-state").textContent()).toBe(words(language, "replyState.read"))
    }
  },
)

together(
  "[K44] the newest word stays in sight while what is below it grows with the answer, until somebody reads further up",
  async (office, expect) => {
    const amina = await office.sit("amina")
    await office.receiving()
    const person = await office.writes("person", "Здравствуйте. ".repeat(90))
    await person.say({ text: "Вы здесь?" })
    await office.rounds(2)
    await amina.ask("hotline/assign", { id: person.id, to: "officer 2" })
    await amina.hotline(person.id)
    await field(amina).waitFor(SLOW)
    const list = amina.page.locator(".said")
    const below = () => list.evaluate((at) => Math.round(at.scrollHeight - at.scrollTop - at.clientHeight))
    const height = () => list.evaluate((at) => at.clientHeight)
    await expect.poll(below, SLOW).toBeLessThanOrEqual(1)
    expect(await list.evaluate((at) => at.scrollTop)).toBeGreaterThan(0)
    const before = await height()
    await field(amina).fill("Приходите к Ивану Петрову, ул. Мирная, д. 5, телефон 8 900 123-45-67.")
    await amina.page.locator(".reply > .risks mark").first().waitFor(SLOW)
    expect(await height()).toBeLessThan(before)
    await expect.poll(below, SLOW).toBeLessThanOrEqual(1)
    // Whoever reads further up stays there.
    await list.evaluate((at) => {
      at.scrollTop = 0
    })
    await field(amina).fill("Ждите.")
    await amina.page.locator(".reply > .risks").waitFor({ state: "detached", ...SLOW })
    expect(await list.evaluate((at) => at.scrollTop)).toBe(0)
  },
)

together(
  "[K47] check question, spam and export by keyboard alone, with the focus always to be seen",
  async (office, expect) => {
    const amina = await office.sit("amina")
    await office.receiving()
    const person = await office.writes("person", "Здравствуйте")
    const { page } = amina
    await amina.hotline(person.id)
    await field(amina).waitFor(SLOW)
    const tabTo = keyboard(page)
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    await tabTo(words("en", "checkQuestion"))
    await press("Enter")
    await tabTo(words("en", "checkQuestion.question"))
    await page.keyboard.type("Какого цвета лодка?")
    await tabTo(words("en", "checkQuestion.answer"))
    await page.keyboard.type("Зелёная")
    await tabTo(words("en", "settings.save"))
    await press("Enter")
    await expect
      .poll(async () => (await amina.ask("hotline/open", { id: person.id }))?.checkQuestion?.answer, SLOW)
      .toBe("Зелёная")
    await tabTo(words("en", "checkQuestion.insertQuestion"))
    await press("Enter")
    await expect.poll(() => field(amina).inputValue()).toContain("Какого цвета лодка?")

    // The queue stands before the conversation: Tab goes round.
    await tabTo(words("en", "thread.more"))
    await press("Enter")
    await page.locator("[role=menu]").waitFor()
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(words("en", "thread.spam"))
    await press("Enter")
    await page.locator(".toast").waitFor(SLOW)
    await tabTo(words("en", "undo"))
    await press("Enter")
    await rowOf(amina, person.id).waitFor(SLOW)
    await page.locator("body").evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await tabTo(words("en", "hotline.export"))
    await press("Enter")
    await dialog(amina).waitFor()
    // The first stop gives nothing away.
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(words("en", "cancel"))
    const download = page.waitForEvent("download")
    await press("Tab", "Enter")
    expect((await download).suggestedFilename()).toBe("list.csv")
  },
)

together(
  "[K50] the list is exported only after a yes that says what it gives away, and holds nothing that people wrote",
  async (office, expect) => {
    const amina = await office.sit("amina")
    await office.receiving()
    const person = await office.writes("person", "Это Амина, я у реки")
    await amina.hotline()
    await rowOf(amina, person.id).waitFor(SLOW)
    const saved: string[] = []
    amina.page.on("download", (download) => saved.push(download.suggestedFilename()))
    await button(amina.page, "en", "hotline.export").click()
    expect(await dialog(amina).textContent()).toContain(words("en", "hotline.exportText"))
    await dialog(amina)
      .getByRole("button", { name: words("en", "cancel") })
      .click()
    await dialog(amina).waitFor({ state: "detached" })
    await amina.page.waitForTimeout(300)
    expect(saved).toEqual([])
    await button(amina.page, "en", "hotline.export").click()
    const download = amina.page.waitForEvent("download")
    await dialog(amina)
      .getByRole("button", { name: words("en", "hotline.exportDo"), exact: true })
      .click()
    const table = readFileSync((await (await download).path()) ?? "", "utf8")
    expect((await download).suggestedFilename()).toBe("list.csv")
    const [head, row, ...rest] = table.split("\r\n")
    expect(head).toBe("label,state,urgency,assignee,unanswered_since,last_reply,messages,put_aside")
    const label = (await amina.ask("hotline/queue", {})).threads[0]?.label
    expect(row).toMatch(new RegExp(`^${label},open,none,,\\d{4}-\\d\\d-\\d\\d \\d\\dh,,1,0$`))
    expect(rest).toEqual([""])
    expect(table).not.toMatch(new RegExp(`Амина|реки|${person.id}`))
  },
)

together(
  "[S12] of a conversation that floods the window shows two hundred a day, folds the others, says what to do, and others are answered",
  async (office, expect) => {
    const amina = await office.sit("amina", { language: "ru" })
    await office.receiving()
    const flood = await makePerson(office.line, "flood")
    for (let i = 0; i < MESSAGES_A_DAY + 25; i += 1) await flood.say({ text: `снова и снова ${i}` })
    const person = await office.writes("person", "Одно среди многих")
    await office.rounds(8)
    const note = amina.page.locator(".said > .said-note").last()
    await amina.hotline(flood.id)
    const folded = amina.page.locator(".said details.put-aside")
    await folded.getByText("Ещё 25 сообщений сверх двухсот в день отложено").waitFor(SLOW)
    expect(await note.textContent()).toContain("отложите разговор как спам")
    expect(await amina.page.getByText(`снова и снова ${MESSAGES_A_DAY + 24}`).count()).toBe(0)
    await folded.locator("summary").press("Enter")
    await folded.getByText(`снова и снова ${MESSAGES_A_DAY + 24}`).waitFor(SLOW)
    expect(await folded.locator("li").count()).toBe(25)
    expect(await amina.page.locator('.said [data-kind="message"]').count()).toBe(MESSAGES_A_DAY)

    await amina.page.goto(`${amina.desk.origin}/#/settings`)
    await amina.page.locator(".switch").getByText("English").click()
    await button(amina.page, "en", "lock.do").waitFor(SLOW)
    await amina.hotline(flood.id)
    await folded.getByText("25 more messages than two hundred in a day, put aside").waitFor(SLOW)
    expect(await note.textContent()).toContain("set it aside as spam")

    await rowOf(amina, person.id).click()
    await amina.page.locator(".said").getByText("Одно среди многих").waitFor(SLOW)
    await field(amina).fill("Мы читаем вас.")
    await field(amina).press("Control+Enter")
    await dialog(amina)
      .getByRole("button", { name: words("en", "send.do"), exact: true })
      .click()
    await amina.page.getByText(words("en", "reply.sent")).waitFor(SLOW)
    await office.rounds(3)
    await office.publish()
    const said = (await person.look())
      .filter(({ sequence }) => sequence !== OPENED_ONLY)
      .map(({ text }) => text)
    expect(said).toEqual(["Мы читаем вас."])
  },
)

together(
  "[K51] Today and the queue go by risk and by age: soon becomes now at the fourth hour, eight stand there and the rest is folded, and a line that nobody attends says so",
  async (office, expect) => {
    const amina = await office.sit("amina")
    await office.receiving()
    const people: string[] = []
    for (let i = 0; i < 10; i += 1) {
      people.push((await office.writes(`person ${i}`, `Сообщение ${i}`)).id)
      office.pass(60)
    }
    const grave = people[7] as string
    await amina.ask("hotline/urgency", { id: grave, urgency: "danger-to-life" })
    await amina.ask("hotline/urgency", { id: people[4] as string, urgency: "high" })
    const order = [grave, people[4], ...people.filter((_, i) => i !== 7 && i !== 4)]
    await seeTime(office, amina)
    await amina.hotline()
    await expect
      .poll(
        () =>
          amina.page
            .locator("a.thread")
            .evaluateAll((all) => all.map((one) => one.getAttribute("data-thread"))),
        SLOW,
      )
      .toEqual(order)

    await amina.today()
    await expect.poll(() => todayList(amina).count(), SLOW).toBe(9)
    const lines = () => todayList(amina).allTextContents()
    const tags = () =>
      todayList(amina).evaluateAll((all) => all.map((one) => one.getAttribute("data-urgency")))
    const [first = "", second = ""] = await lines()
    expect(first).toContain(words("en", "threadUrgency.danger-to-life"))
    expect(second).toContain(words("en", "threadUrgency.high"))
    expect((await lines()).at(-1)).toContain("2 more are unanswered")
    expect((await tags()).slice(0, 8)).toEqual(["now", "now", "soon", "soon", "soon", "soon", "soon", "soon"])
    // The fold is as urgent as what stands in it.
    expect((await tags()).at(-1)).toBe("soon")

    office.pass(4 * HOUR)
    await office.publish()
    await seeTime(office, amina)
    await expect.poll(async () => new Set(await tags()).size, SLOW).toBe(1)
    expect(await tags()).toEqual(Array.from({ length: 9 }, () => "now"))
    expect((await lines())[2]).toContain("4 hours")

    // Relay A is down: no receipt leaves, and after twelve hours the page says that nobody is there.
    office.line.down.add("A")
    office.pass(13 * HOUR)
    await seeTime(office, amina)
    await amina.page.locator(".today-list").getByText(opening("en", "today.receiptDue")).waitFor(SLOW)
    const due = (await lines()).find((line) => line.includes(opening("en", "today.receiptDue")))
    expect(due).toMatch(/given 1[345] hours ago: the page calls the line unattended/)
    office.line.down.clear()
  },
)

for (const [language, seconds] of [
  ["ru", DAY],
  ["en", -DAY],
] as const)
  together(
    `[S16] a clock that is a day ${seconds > 0 ? "ahead" : "behind"} is said with what to do, and what people write is read all the same: ${language}`,
    async (office, expect) => {
      const amina = await office.sit("amina", { language })
      await office.receiving()
      await office.rounds(4)
      amina.setClock(seconds)
      // A clock that jumps may have slept: it locks.
      await amina.page.waitForSelector(".lock", SLOW)
      await amina.unlock()
      const person = await office.writes("person", "Вы здесь?")
      await office.rounds(2)
      await amina.today()
      const key = seconds > 0 ? "today.clockAhead" : "today.clockBehind"
      const sentence = words(language, key).replace("{span}", language === "ru" ? "24 часа" : "24 hours")
      await amina.page.locator(".today-list").getByText(sentence).waitFor(SLOW)
      const kinds = (await amina.ask("today", {})).items.map(({ kind }) => kind)
      expect(kinds).toContain("unanswered")
      expect(kinds).not.toContain("edition-stale")
      await amina.hotline(person.id)
      await amina.page.locator(".said").getByText("Вы здесь?").waitFor(SLOW)

      amina.setClock(0)
      await amina.page.waitForSelector(".lock", SLOW)
      await amina.unlock()
      await office.rounds(2)
      await expect
        .poll(async () => (await amina.ask("today", {})).items.map(({ kind }) => kind), SLOW)
        .not.toContain("clock-wrong")
      await amina.hotline(person.id)
      await amina.page.locator(".said").getByText("Вы здесь?").waitFor(SLOW)
    },
  )
