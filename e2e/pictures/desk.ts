/** Every window of the desk, in the order in which an officer's day meets it. */
import { closedChain } from "@kunak/core/testing/closed-organisation"
import { enqueue } from "@kunak/desk/sync/outbox"
import { makePerson } from "@kunak/desk/testing/test-person"
import type { UiLanguage } from "@kunak/desk/view/words"
import { openChromium } from "@kunak/page/testing/browser"
import { expect } from "vitest"
import { inOffice, type Office, type Seat } from "../desk-office.ts"
import { button, words } from "../desk-screen-checks.ts"
import type { Camera } from "./camera.ts"

const HOUR = 3600
const QUESTION =
  "Здравствуйте. Меня зовут не важно как. Вчера вечером двоюродного брата увезли люди в масках, сегодня звонили мне и просили приехать «просто поговорить». Я у подруги, телефон выключен, паспорт остался дома. Что мне делать и можно ли кому-то доверять?"
const ANSWER =
  "Вы правильно сделали, что написали. Мы прочли каждое слово. Сейчас важнее всего, чтобы вас не нашли там, где ищут. ".repeat(
    12,
  )
const FREE = {
  ru: {
    headline: "Не отвечайте на звонки с незнакомых номеров",
    description: "Людям звонят и просят приехать в отделение «для беседы». Тех, кто приехал, задерживают.",
    instruction: "Не отвечайте. Не приезжайте. Предупредите тех, кому могут позвонить следующими.",
  },
  en: {
    headline: "Do not answer calls from numbers you do not know",
    description:
      "People are called and asked to come to the station “for a talk”. Whoever comes is detained.",
    instruction: "Do not answer. Do not go. Warn those who may be called next.",
  },
}

const SOURCES = Array.from({ length: 30 }, (_, i) => ({
  id: `S${i}`,
  source: "A newspaper",
  kind: "press",
  saidOn: "2019-01-11",
  where: "the Republic",
  claim: `Claim number ${i}: people are called and asked to meet.`,
}))

/** A free text of this officer, signed as the first of two. */
async function signsFirst({ ask }: { ask: (path: string, body: object) => Promise<unknown> }): Promise<void> {
  const id = await ask("drafts/start", { start: { from: "nothing" } })
  const { form } = (await ask("warnings/open", { id })) as { form: object }
  await ask("drafts/save", { id, form: { ...form, kind: "free", areas: [2], texts: FREE, note: "S1, S4." } })
  const { digest } = (await ask("drafts/prepare", { id })) as { digest: string }
  await ask("drafts/sign", { id, digest })
}

async function seeTime(office: Office, { page }: Seat): Promise<void> {
  await page.clock.setFixedTime(office.now() * 1000)
  await page.reload()
}

export async function takeDesk(camera: Camera, language: UiLanguage): Promise<void> {
  const browser = await openChromium()
  try {
    await inOffice(browser, expect, (office) => day(office, camera, language))
  } finally {
    await browser.close()
  }
}

async function day(office: Office, camera: Camera, language: UiLanguage): Promise<void> {
  const amina = await office.sit("amina", {
    language,
    sources: SOURCES,
    before: (page) => camera.take(page, "first start"),
  })
  const { page, desk } = amina
  const take = (state: string) => camera.take(page, state)
  const to = (place: string) => page.goto(`${desk.origin}/#/${place}`)
  const dialog = page.locator("[role=alertdialog]")
  const closeIt = () => page.keyboard.press("Escape")

  await page.waitForSelector(".outside")
  await take("today, nothing yet")
  await to("hotline")
  await page.locator(".queue .empty").waitFor()
  await take("hotline, nobody has written")
  await office.receiving()

  // A warning: begun, not complete, signed.
  await to("warnings")
  await page.waitForSelector(".empty")
  await take("warnings, none")
  await button(page, language, "sources").click()
  await page.waitForSelector(".source")
  await take("public sources")
  await button(page, language, "warnings.new").click()
  await page.waitForSelector("iframe")
  await take("editor, approved wording")
  await button(page, language, "draft.sign").click()
  await page.waitForSelector(".note.problem")
  await take("editor, something is missing")
  await page.locator(".area-list label").nth(1).click()
  await page.getByText(words(language, "save.saved")).waitFor()
  await button(page, language, "draft.sign").click()
  await dialog.waitFor()
  await take("sign and publish")
  await button(page, language, "sign.publish").click()
  await page.waitForSelector('[data-group="live"] .item')
  await button(page, language, "warnings.new").click()
  await page.getByText(words(language, "kind.free")).click()
  await page.locator("fieldset.language textarea").first().fill("ы".repeat(3000))
  await page.waitForSelector(".lengths [data-over=true]")
  await take("editor, free text, too long")
  await button(page, language, "draft.discard").click()
  await dialog.waitFor()
  await take("discard a draft")
  await dialog.locator(".grave").click()
  await dialog.waitFor({ state: "detached" })

  // A colleague, who came later and has no key for what was written before.
  const early = await office.writes("early", "Есть здесь кто-нибудь?")
  const boris = await office.sit("boris", { language })
  await office.rounds(4)
  await boris.hotline()
  await boris.page.locator(".missed summary").click()
  await camera.take(boris.page, "hotline, hours without a key")
  await signsFirst(boris as never)
  await office.rounds(3)
  await page.locator('[data-group="mine"] .item').click()
  await page.waitForSelector(".with-phone .shown")
  await take("a colleague's draft waits for a signature")
  await office.publish()
  await to("warnings")
  await page.locator('[data-group="live"] .item').first().click()
  await page.waitForSelector(".forward textarea")
  await take("signed warning, forward")

  // Several people, one of them in danger, and Eve, who knows of a conversation and not its words.
  const grave = await office.writes("grave", QUESTION)
  office.pass(2 * HOUR)
  await office.writes("asks", "Это правда, что нужно уезжать?")
  office.pass(HOUR)
  await office.receiving()
  await office.writes("english", "I need to talk to somebody.")
  const eve = await makePerson(office.line, "eve", grave.threadId)
  await eve.say({ text: "Скажите, где вы?" })
  await office.rounds(3)
  await amina.ask("hotline/urgency", { id: grave.id, urgency: "danger-to-life" })
  await amina.hotline()
  await seeTime(office, amina)
  await page.locator("a.thread").nth(2).waitFor()
  await take("hotline, queue")
  await page.locator(`a.thread[data-thread="${grave.id}"]`).click()
  const field = page.locator(".reply textarea")
  await field.waitFor()
  await page.locator(".said .note.problem").waitFor()
  await take("conversation, somebody else's key")
  await page.locator("details.side-part").evaluateAll((parts) => {
    for (const part of parts) (part as HTMLDetailsElement).open = true
  })
  await button(page, language, "thread.take").click()
  await page.locator(".toast").waitFor()
  await take("conversation taken, what can be undone, every side part open")
  await page.locator(".side .choice-button").click()
  await page.locator("[role=listbox]").waitFor()
  await take("how urgent it is")
  await closeIt()
  await button(page, language, "handOver").click()
  await dialog.waitFor()
  await take("hand over")
  await closeIt()
  await page.locator(".reply-actions button").first().click()
  await page.locator("[role=menu]").waitFor()
  await take("ready texts")
  await closeIt()
  await field.fill(`Вас ждёт Иван Петров, ул. Мирная, д. 5. ${ANSWER}`)
  await page.locator(".reply > .risks mark").first().waitFor()
  await take("reply with what may give somebody away")
  await field.press("Control+Enter")
  await dialog.waitFor()
  await take("send with what may give somebody away")
  await closeIt()
  await field.fill(ANSWER)
  await page.locator(".reply > .risks mark").first().waitFor({ state: "detached" })
  await field.press("Control+Enter")
  await dialog.waitFor()
  await take("send")
  await button(page, language, "send.do").click()
  await page.getByText(words(language, "reply.sent")).waitFor()
  await office.rounds(3)
  await office.publish()
  await page.locator('.reply-state[data-state="on-board"]').waitFor()
  await take("conversation answered")
  await page.getByRole("button", { name: words(language, "thread.more") }).click()
  await page.locator("[role=menu]").waitFor()
  await take("what else can be done")
  await page.getByRole("menuitem", { name: words(language, "delete") }).click()
  await dialog.waitFor()
  await take("delete")
  await closeIt()
  await amina.hotline(early.id)
  await field.waitFor()
  await button(page, language, "thread.close").click()
  await page.locator(".conversation-state").waitFor()
  await take("conversation closed")

  await to("today")
  await page.locator(".today-list").waitFor()
  await take("today, something to do")
  office.line.down.add("B")
  await office.rounds(2)
  office.pass(2 * HOUR)
  await office.rounds(2)
  await seeTime(office, amina)
  await page.locator(".today-list").waitFor()
  await page.waitForTimeout(6_000)
  await take("today, a relay is down and the page is old")
  office.line.down.clear()

  await to("settings")
  await page.waitForSelector(".switch")
  await take("settings")
  await page.locator("input[type=number]").fill("0")
  await take("settings, not to be saved")
  await to("help")
  await page.waitForSelector(".help article")
  await take("handbook")
  await to("help/first-shift")
  await page.waitForTimeout(300)
  await take("handbook, first shift")

  await to("settings")
  await page.waitForSelector(".switch")
  await amina.lock()
  await take("locked")
  await page.locator("input[type=password]").fill("wrong words")
  await page.keyboard.press("Enter")
  await page.waitForSelector(".note.problem")
  await take("locked, wrong passphrase")
  await page.getByRole("link", { name: words(language, "help.fromLock") }).click()
  await page.waitForSelector(".help article")
  await take("handbook, locked")
  const stranger = await page.context().newPage()
  await stranger.goto(desk.origin)
  await stranger.getByText(words(language, "noSession.title")).waitFor()
  await camera.take(stranger, "not signed in")
  await stranger.close()

  await closes(office, boris, language)
  await seeTime(office, boris)
  await boris.page.waitForSelector(".closed")
  await camera.take(boris.page, "today, closed for good")
  for (const window of ["hotline", "warnings"]) {
    await boris.page.goto(`${boris.desk.origin}/#/${window}`)
    await boris.page.waitForSelector(".closed-line")
    await camera.take(boris.page, `${window}, closed for good`)
  }
}

async function closes(office: Office, { desk, page }: Seat, language: UiLanguage): Promise<void> {
  const open = desk.desk.host.open()
  if (!open) throw new TypeError("locked")
  const chain = await closedChain(office.line.organisation, office.now())
  open.vault.change((change) => enqueue(change, { kind: "charter", chain: chain.bytes }))
  await office.rounds(3)
  office.line.restart(chain)
  await office.publish()
  await page.goto(`${desk.origin}/#/today`)
  await page.getByText(words(language, "closed.text")).waitFor()
}
