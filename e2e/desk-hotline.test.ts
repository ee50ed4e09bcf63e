/** Two people at two desks, in a real browser, and somebody who writes: the hotline's window from queue to answer. */
import { OPENED_ONLY } from "@kunak/core/board/part"
import { makePerson, type TestPerson } from "@kunak/desk/testing/test-person"
import { openChromium } from "@kunak/page/testing/browser"
import type { Browser } from "playwright-core"
import { afterAll, beforeAll, type ExpectStatic, it } from "vitest"
import { inOffice, type Office, type Seat } from "./desk-office.ts"
import { button, checkScreen, checkSizes, keyboard, words } from "./desk-screen-checks.ts"

const SLOW = { timeout: 20_000 }
const LONG =
  "Вы правильно сделали, что написали. Мы прочли каждое слово. Сейчас важнее всего, чтобы вас не нашли там, где ищут. ".repeat(
    16,
  )

let browser: Browser
beforeAll(async () => {
  browser = await openChromium()
})
afterAll(() => browser.close())

/** Side by side with the others: most of the time each waits for a window to ask again. */
function together(name: string, test: (office: Office, expect: ExpectStatic) => Promise<void>): void {
  it.concurrent(name, ({ expect }) => inOffice(browser, expect, (office) => test(office, expect)))
}
const row = (seat: Seat, person: TestPerson) => seat.page.locator(`a.thread[data-thread="${person.id}"]`)
const field = (seat: Seat) => seat.page.locator(".reply textarea")
const dialog = (seat: Seat) => seat.page.locator("[role=alertdialog]")
const conversation = (seat: Seat, person: TestPerson) => seat.ask("hotline/open", { id: person.id })

for (const [language, dark] of [
  ["ru", false],
  ["en", true],
] as const)
  together(
    `[K48] every state of the window passes axe with contrast, fits 320 px and 200 %: ${language}, dark: ${dark}`,
    async (office, expect) => {
      const amina = await office.sit("amina", { language, dark })
      const { page } = amina
      const look = async (name: string) => {
        await page.waitForTimeout(200)
        await checkScreen(page, name, expect)
        await checkSizes(page, name, expect, ".hotline, .shell > main")
      }
      await office.receiving()
      await amina.hotline()
      await page.locator(".queue .empty").waitFor(SLOW)
      await look("empty")

      // A desk that comes later has no key for what was written before.
      const boris = await office.sit("boris", { language, dark })
      await office.rounds(4)
      await boris.hotline()
      await boris.page.locator(".missed summary").click()
      await boris.page.waitForTimeout(200)
      await checkScreen(boris.page, "missed hours", expect)
      await checkSizes(boris.page, "missed hours", expect, ".hotline, .shell > main")

      const people = ["Меня ищут. Что мне делать?", "Это правда?", "I need to talk to somebody."]
      const [grave] = await Promise.all(people.map((text, i) => office.writes(`p${i}`, text)))
      if (!grave) throw new Error("nobody wrote")
      const eve = await makePerson(office.line, "eve", grave.threadId)
      await eve.say({ text: "Скажите, где вы?" })
      await office.rounds(3)
      await amina.ask("hotline/urgency", { id: grave.id, urgency: "danger-to-life" })
      await page.locator("a.thread").nth(2).waitFor(SLOW)
      await look("queue")
      await row(amina, grave).click()
      await field(amina).waitFor(SLOW)
      await page.locator(".said .note.problem").waitFor(SLOW)
      await page.locator("details.side-part").evaluateAll((parts) => {
        for (const part of parts) (part as HTMLDetailsElement).open = true
      })
      await look("conversation, somebody else's key")
      await button(page, language, "thread.take").click()
      await page.locator(".toast").waitFor(SLOW)
      await page.locator(".toast button").focus()
      await look("toast")
      await button(page, language, "handOver").click()
      await dialog(amina).waitFor()
      await look("hand over")
      await page.keyboard.press("Escape")
      await page.locator(".reply-actions button").first().click()
      await page.locator("[role=menu]").waitFor()
      await page.waitForTimeout(200)
      await checkScreen(page, "ready texts", expect)
      await page.keyboard.press("Escape")
      await field(amina).fill(`Вас ждёт Иван Петров, ул. Мирная, д. 5. ${LONG}`)
      await page.locator(".reply > .risks mark").first().waitFor(SLOW)
      await look("reply with risks")
      await field(amina).press("Control+Enter")
      await dialog(amina).waitFor()
      // However long the reply: why it can't go yet, and the answer to that, are in sight.
      const sure = dialog(amina).getByText(words(language, "send.sureRisk"))
      const [asks, ends] = [await sure.boundingBox(), await dialog(amina).locator(".actions").boundingBox()]
      expect((asks?.y ?? 0) + (asks?.height ?? 0)).toBeLessThanOrEqual(ends?.y ?? 0)
      await look("send")
      await page.keyboard.press("Escape")
      await page.getByRole("button", { name: words(language, "thread.more") }).click()
      await page.getByRole("menuitem", { name: words(language, "delete") }).click()
      await dialog(amina).waitFor()
      await look("delete")
      await page.keyboard.press("Escape")
      await page.goto(`${amina.desk.origin}/#/today`)
      await page.locator('.today-list [data-risk="danger-to-life"]').waitFor(SLOW)
      await look("today")
      await page.locator(".today-list a").first().click()
      await field(amina).waitFor(SLOW)
    },
  )

together(
  "[K44] a letter is opened, handed over with a word, answered at length in parts, and read",
  async (office, expect) => {
    const amina = await office.sit("amina", { language: "ru" })
    const boris = await office.sit("boris")
    await office.receiving()
    const quiet = await office.writes("quiet", "Это правда, что нужно уезжать?")
    const grave = await office.writes("grave", "Меня ищут. Что мне делать?")
    await amina.hotline()
    await row(amina, grave).waitFor(SLOW)
    expect(await row(amina, grave).textContent()).toContain("Меня ищут")

    // Urgency puts it first; Ctrl+Z takes it back, the button of the next does, too.
    await row(amina, grave).click()
    const urgency = amina.page.locator(".side .choice-button")
    const first = () => amina.page.locator("a.thread").first().getAttribute("data-thread")
    const setDanger = async () => {
      await urgency.click()
      await amina.page.getByRole("option", { name: words("ru", "threadUrgency.danger-to-life") }).click()
      await expect.poll(first, SLOW).toBe(grave.id)
      // The queue may hear of it before the answer is here that brings the offer to undo it.
      await amina.page.locator(".toast").waitFor(SLOW)
    }
    const shownUrgency = () => urgency.textContent()
    const isTakenBack = async () => {
      await expect.poll(async () => (await conversation(amina, grave))?.thread.urgency, SLOW).toBe("none")
      await expect.poll(shownUrgency, SLOW).not.toContain(words("ru", "threadUrgency.danger-to-life"))
    }
    await setDanger()
    await amina.page.keyboard.press("Control+z")
    await isTakenBack()
    await setDanger()
    await amina.page.locator(".toast button").click()
    await isTakenBack()
    await setDanger()

    // Handed over with a word.
    await button(amina.page, "ru", "handOver").click()
    await amina.page.getByText("officer 2", { exact: true }).last().click()
    await dialog(amina).locator("textarea").fill("Просит не писать днём.")
    await dialog(amina)
      .getByRole("button", { name: words("ru", "handOver.do") })
      .click()
    await expect.poll(async () => (await conversation(amina, grave))?.thread.assignee, SLOW).toBe("officer 2")
    await office.rounds(3)

    await boris.hotline()
    await boris.page.getByRole("radio", { name: words("en", "filter.mine") }).click()
    await expect.poll(() => boris.page.locator("a.thread").count(), SLOW).toBe(1)
    await row(boris, grave).click()
    const note = boris.page.getByLabel(words("en", "staffNote.field"), { exact: true })
    await expect.poll(() => note.inputValue(), SLOW).toBe("officer 1 → officer 2: Просит не писать днём.")
    expect(await row(boris, quiet).count()).toBe(0)

    // A long answer: parts are told while it is written; draft and window outlive a reload.
    await field(boris).fill(LONG)
    await boris.page.getByText("3 parts").waitFor(SLOW)
    await expect.poll(() => boris.page.locator(".save-state").textContent()).toBe(words("en", "save.saved"))
    await expect.poll(async () => (await conversation(boris, grave))?.draft, SLOW).toBe(LONG)
    await boris.page.reload()
    await row(boris, grave).click(SLOW)
    await expect.poll(() => field(boris).inputValue(), SLOW).toBe(LONG)
    await field(boris).press("Control+Enter")
    await dialog(boris)
      .getByRole("button", { name: words("en", "send.do"), exact: true })
      .click()
    await boris.page.getByText(words("en", "reply.sent")).waitFor(SLOW)
    expect(await field(boris).inputValue()).toBe("")
    await boris.page.locator('.reply-state[data-state="not-out"]').waitFor(SLOW)
    await office.rounds(3)
    await office.publish()
    await boris.page.locator('.reply-state[data-state="on-board"]').waitFor(SLOW)
    const parts = (await grave.look()).filter(({ sequence }) => sequence !== OPENED_ONLY)
    expect(parts.map(({ text }) => text).join("")).toBe(LONG.trim())

    await grave.say({ text: "Спасибо. Мы поняли.", read: parts.map(({ sequence }) => sequence) })
    await office.rounds(3)
    await boris.page.locator('.reply-state[data-state="read"]').waitFor(SLOW)
    await boris.page.locator(".said").getByText("Спасибо. Мы поняли.").waitFor(SLOW)
  },
)

together(
  "[K42] a colleague's answer is said before one's own goes, and neither is lost",
  async (office, expect) => {
    const amina = await office.sit("amina")
    const boris = await office.sit("boris")
    await office.receiving()
    const person = await office.writes("person", "Что мне делать?")
    for (const seat of [amina, boris]) {
      await seat.hotline(person.id)
      await field(seat).waitFor(SLOW)
    }
    await boris.ask("hotline/assign", { id: person.id, to: "officer 2" })
    await office.rounds(3)
    await amina.page.getByText(/officer 2 has this conversation/).waitFor(SLOW)
    await field(amina).fill("Оставайтесь там, где вы сейчас.")
    await field(boris).fill("Мы ответим сегодня.")
    await field(boris).press("Control+Enter")
    await dialog(boris)
      .getByRole("button", { name: words("en", "send.do"), exact: true })
      .click()
    await boris.page.getByText(words("en", "reply.sent")).waitFor(SLOW)
    await office.rounds(3)

    await amina.page.getByText(/officer 2 has answered since you opened this/).waitFor(SLOW)
    await field(amina).press("Control+Enter")
    const send = dialog(amina).getByRole("button", { name: words("en", "send.do"), exact: true })
    await send.waitFor()
    expect(await dialog(amina).textContent()).toContain("officer 2 has answered")
    expect(await send.isDisabled()).toBe(true)
    await dialog(amina).getByText(words("en", "send.sureNews")).click()
    await send.click()
    await amina.page.getByText(words("en", "reply.sent")).waitFor(SLOW)
    await office.rounds(3)
    for (const seat of [amina, boris]) {
      const items = (await conversation(seat, person))?.items ?? []
      const replies = items.flatMap((item) => (item.kind === "reply" ? [item.text] : []))
      expect(replies.sort()).toEqual(["Мы ответим сегодня.", "Оставайтесь там, где вы сейчас."])
    }
  },
)

together(
  "[K49] a desk that was away says what it still has to open, and then shows it",
  async (office, expect) => {
    const amina = await office.sit("amina")
    await office.receiving()
    office.line.down.add("A").add("B")
    const visitor = await makePerson(office.line, "visitor")
    await visitor.say({ text: null, times: 600, to: "both" })
    const person = await makePerson(office.line, "person")
    await person.say({ text: "Вы ещё здесь?" })
    await amina.hotline()
    office.setLag(700)
    office.line.down.clear()
    await amina.page.locator(".progress-note progress").waitFor({ timeout: 40_000 })
    expect(await amina.page.locator(".progress-note").textContent()).toMatch(
      /Opening what has come: \d+ left/,
    )
    office.setLag(0)
    await row(amina, person).waitFor({ timeout: 60_000 })
    await amina.page.locator(".progress-note").waitFor({ state: "detached", timeout: 60_000 })
  },
)

together(
  "[K45] words that may give somebody away are named, and go only after one more yes",
  async (office, expect) => {
    const amina = await office.sit("amina")
    await office.receiving()
    const person = await office.writes("person", "Куда мне ехать?")
    await amina.hotline(person.id)
    await field(amina).fill("Приходите к Ивану Петрову, ул. Мирная, д. 5, телефон 8 900 123-45-67.")
    const marks = amina.page.locator(".reply > .risks mark")
    await marks.first().waitFor(SLOW)
    const named = (await marks.allTextContents()).join(" | ")
    for (const word of ["Ивану Петрову", "Мирная", "123-45-67"]) expect(named).toContain(word)

    await field(amina).press("Control+Enter")
    const send = dialog(amina).getByRole("button", { name: words("en", "send.do"), exact: true })
    await send.waitFor()
    expect(await send.isDisabled()).toBe(true)
    expect(await dialog(amina).locator("mark").count()).toBeGreaterThan(2)
    // Escape sends nothing and leaves the words where they were.
    await amina.page.keyboard.press("Escape")
    await dialog(amina).waitFor({ state: "detached" })
    expect(await field(amina).inputValue()).toContain("Ивану")
    await field(amina).press("Control+Enter")
    await dialog(amina).getByText(words("en", "send.sureRisk")).click()
    await send.click()
    await amina.page.getByText(words("en", "reply.sent")).waitFor(SLOW)

    // Without such words nothing more is asked.
    await field(amina).fill("Побудьте пока там, где безопасно.")
    await field(amina).press("Control+Enter")
    await send.waitFor()
    expect(await send.isDisabled()).toBe(false)
    expect(await dialog(amina).locator("[type=checkbox]").count()).toBe(0)
  },
)

together("[K45] a text over the limit says by how many letters, and does not go", async (office, expect) => {
  const amina = await office.sit("amina")
  await office.receiving()
  const person = await office.writes("person", "Здравствуйте")
  await amina.hotline(person.id)
  await field(amina).fill("Да. ".repeat(3_625))
  await amina.page.getByText(/^\d[\d,]* letters too many/).waitFor(SLOW)
  expect(
    await button(amina.page, "en", "reply.send").or(amina.page.locator(".reply .primary")).isDisabled(),
  ).toBe(true)
  await field(amina).press("Control+Enter")
  await amina.page.waitForTimeout(500)
  expect(await dialog(amina).count()).toBe(0)
  await field(amina).fill("Да. ".repeat(15_125))
  await amina.page.getByText(words("en", "error.too-large")).waitFor(SLOW)
  expect((await field(amina).inputValue()).length).toBe(60_500)
})

together(
  "[K43] a ready text goes in at the caret, is marked as unreviewed, and can be changed",
  async (office, expect) => {
    const amina = await office.sit("amina")
    await office.receiving()
    const person = await office.writes("person", "Здравствуйте. Можно спросить?")
    await amina.hotline(person.id)
    await field(amina).fill("Здравствуйте.")
    const canned = await amina.ask("hotline/canned", { language: "ru" })
    const [text] = canned
    if (!text) throw new Error("no ready text")
    await button(amina.page, "en", "canned")
      .or(amina.page.locator(".reply-actions button").first())
      .first()
      .click()
    // The person's language comes first, whatever the desk speaks.
    expect(
      await amina.page.locator("[role=menu] header, [role=menu] .react-aria-Header").first().textContent(),
    ).toBe("Русский")
    await amina.page.getByRole("menuitem", { name: text.title }).first().click()
    await expect.poll(() => field(amina).inputValue()).toBe(`Здравствуйте.\n\n${text.text}`)
    await amina.page.getByText(words("en", "canned.unreviewedIn")).waitFor(SLOW)
    await amina.page.keyboard.type(" Ждите.")
    await expect.poll(() => field(amina).inputValue()).toBe(`Здравствуйте.\n\n${text.text} Ждите.`)
  },
)

together(
  "[K46] deleting says what goes, asks once, and leaves nothing at either desk",
  async (office, expect) => {
    const amina = await office.sit("amina")
    const boris = await office.sit("boris")
    await office.receiving()
    const person = await office.writes("person", "Сотрите это, пожалуйста.")
    await person.say({ text: "И это." })
    await office.rounds(3)
    await boris.hotline(person.id)
    await boris.page.locator(".said").getByText("И это.").waitFor(SLOW)
    await amina.hotline(person.id)
    await field(amina).fill("Хорошо.")
    await amina.page.getByRole("button", { name: words("en", "thread.more") }).click()
    await amina.page.getByRole("menuitem", { name: words("en", "delete") }).click()
    const said = await dialog(amina).textContent()
    expect(said).toContain("2 messages")
    expect(said).toContain(words("en", "delete.final"))
    await dialog(amina)
      .getByRole("button", { name: words("en", "cancel") })
      .click()
    expect(await conversation(amina, person)).not.toBeNull()
    await amina.page.getByRole("button", { name: words("en", "thread.more") }).click()
    await amina.page.getByRole("menuitem", { name: words("en", "delete") }).click()
    await dialog(amina)
      .getByRole("button", { name: words("en", "delete.do") })
      .click()
    await amina.page.locator(".queue .empty").waitFor(SLOW)
    expect(amina.page.url()).toBe(`${amina.desk.origin}/#/hotline`)
    await office.rounds(4)
    expect(await conversation(boris, person)).toBeNull()
    await boris.page.getByText(words("en", "hotline.gone")).waitFor(SLOW)
    for (const seat of [amina, boris])
      await expect.poll(() => seat.page.content(), SLOW).not.toMatch(/Сотрите|И это\./)
  },
)

together(
  "[K47] by keyboard alone: from the queue to an answer and back, with the focus always to be seen",
  async (office, expect) => {
    const amina = await office.sit("amina")
    await office.receiving()
    for (const name of ["one", "two", "three"]) await office.writes(name, `Здравствуйте. ${name}`)
    const { page } = amina
    await amina.hotline()
    await page.locator("a.thread").nth(2).waitFor(SLOW)
    const press = async (...keys: readonly string[]) => {
      for (const key of keys) await page.keyboard.press(key)
    }
    const order = await page
      .locator("a.thread")
      .evaluateAll((all) => all.map((one) => one.getAttribute("data-thread")))
    const label = async (at: number) =>
      (await page.locator(`a.thread[data-thread="${order[at]}"] strong`).textContent()) ?? ""
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute("data-thread"))
    const tabTo = keyboard(page)
    await tabTo(await label(0))
    // One stop for the whole list; arrows and letters go along it.
    await press("ArrowDown")
    expect(await focused()).toBe(order[1])
    await press("j")
    expect(await focused()).toBe(order[2])
    await press("k", "Home")
    expect(await focused()).toBe(order[0])
    await press("End", "Enter")
    await page.locator(".conversation h2").waitFor(SLOW)
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("H2")
    await press("Escape")
    expect(await focused()).toBe(order[2])
    await press("Enter")
    await expect.poll(() => page.evaluate(() => document.activeElement?.tagName)).toBe("H2")
    await tabTo(words("en", "thread.take"))
    await press("Enter")
    await page.locator(".toast").waitFor(SLOW)
    await tabTo(words("en", "undo"))
    await press("Enter")
    await expect
      .poll(async () => (await amina.ask("hotline/open", { id: order[2] ?? "" }))?.thread.assignee, SLOW)
      .toBe("")
    await page.locator("body").evaluate(() => (document.activeElement as HTMLElement | null)?.blur())
    await tabTo(words("en", "reply"))
    await page.keyboard.type("Мы прочли. Подождите нас.")
    await press("Control+Enter")
    await dialog(amina).waitFor(SLOW)
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe(words("en", "send.back"))
    await press("Tab", "Enter")
    await page.getByText(words("en", "reply.sent")).waitFor(SLOW)
    await tabTo(words("en", "reply"))
    await press("Escape")
    expect(await focused()).toBe(order[2])
  },
)

together(
  "[K41] hundreds of conversations stay quick, all of them within reach of the keyboard",
  async (office, expect) => {
    const amina = await office.sit("amina")
    await office.receiving()
    const many = 300
    for (let i = 0; i < many; i += 1) {
      const person = await makePerson(office.line, `person ${i}`)
      await person.say({ text: `Сообщение номер ${i}`, to: i % 2 === 0 ? "A" : "B" })
    }
    await office.rounds(4)
    const { page } = amina
    await amina.hotline()
    await page.locator("a.thread").nth(49).waitFor({ timeout: 60_000 })
    await expect
      .poll(async () => (await amina.ask("hotline/queue", {})).threads.length, { timeout: 60_000 })
      .toBe(many)
    await expect.poll(() => page.locator(".chips button").first().textContent(), SLOW).toContain(String(many))
    expect(await page.locator("a.thread").count()).toBe(50)
    await page.locator("a.thread").first().focus()
    const began = Date.now()
    await page.keyboard.press("End")
    await expect.poll(() => page.locator("a.thread").count()).toBe(many)
    expect(
      await page.evaluate(() => document.activeElement === [...document.querySelectorAll("a.thread")].at(-1)),
    ).toBe(true)
    expect(Date.now() - began).toBeLessThan(3000)
    await page.getByLabel(words("en", "hotline.search")).fill("номер 217")
    await expect.poll(() => page.locator("a.thread").count(), SLOW).toBe(1)
    await page.locator("a.thread").click()
    await page.locator(".said").getByText("Сообщение номер 217", { exact: true }).waitFor(SLOW)
  },
)
