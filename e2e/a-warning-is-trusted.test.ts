/**
 * The whole capability on real processes and a real browser: the demonstration organisation as `npm start` runs
 * it. An officer warns; a reader without script sees it; a second person checks what was forwarded, offline.
 */
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { textBlock } from "@kunak/core/forward/text-block"
import { must } from "@kunak/core/result"
import { approvedWarning, makeOrganisation } from "@kunak/core/testing/organisation"
import { instantFromMs } from "@kunak/core/time/instant"
import { openChromium } from "@kunak/page/testing/browser"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Demonstration, kunak, runDemonstration, until } from "./demonstration/run.ts"

const HEADLINE = "Новая волна задержаний. Кто может, уезжайте"
const PATIENCE = { timeout: 60_000 }

let demo: Demonstration
let browser: Browser
/** Two officers' windows, unlocked once. */
let desks: Page[]
/** What desk 1 offers to forward. */
let message: string

beforeAll(async () => {
  demo = await runDemonstration()
  browser = await openChromium()
  desks = []
  for (const address of demo.desks) {
    const desk = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
    await desk.goto(address)
    await desk.locator("input[type=password]").fill(demo.passphrase)
    await desk.keyboard.press("Enter")
    await desk.getByRole("link", { name: "Предупреждения" }).click(PATIENCE)
    desks.push(desk)
  }
})

afterAll(async () => {
  await browser?.close()
  await demo?.stop()
})

const desk = (number: 1 | 2): Page => desks[number - 1] as Page

/** The page's HTML as a browser without script gets it, once `wanted` is in it. */
const pageWith = (wanted: string, address = demo.page): Promise<string> =>
  until(`"${wanted}" on the page`, async () => {
    const html = await (await fetch(address)).text()
    // The signed data below holds the charter's wordings in words: only what is shown counts.
    return html.replace(/<script[\s\S]*?<\/script>/g, "").includes(wanted) && html
  })

async function phone(options: Parameters<Browser["newContext"]>[0] = {}): Promise<BrowserContext> {
  return await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "ru-RU", ...options })
}

test("an officer signs an approved wording, and with the next edition it is first on the page, scripts off", async () => {
  await desk(1).getByRole("button", { name: "Новое предупреждение" }).click()
  await desk(1).getByRole("checkbox", { name: "Чечня" }).check({ force: true })
  const preview = desk(1).frameLocator("iframe")
  await preview.getByText(HEADLINE).first().waitFor(PATIENCE)
  await desk(1)
    .getByRole("button", { name: /^Подписать и опубликовать/ })
    .click()
  const question = desk(1).getByRole("alertdialog")
  await question.getByText("Чечня").first().waitFor()
  await question.getByRole("button", { name: "Подписать и опубликовать" }).click()
  await pageWith(HEADLINE)
  await pageWith(HEADLINE, demo.mirror)

  const context = await phone({ javaScriptEnabled: false })
  const page = await context.newPage()
  await page.goto(demo.page)
  const visible = async (): Promise<string> => await page.locator("h2:visible").first().innerText()
  expect(await visible()).toContain("Новая волна задержаний")
  await page.locator("label", { hasText: "English" }).first().click()
  expect(await visible()).toContain("New wave of detentions")
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await context.close()
})

test("the served page is the release's, byte for byte, on both relays; one letter added to it is found", async () => {
  const verified = await kunak(["verify", demo.page, "--json"])
  expect(JSON.parse(verified.out)).toMatchObject({
    verdict: "genuine",
    document: "same",
    freshness: "fresh",
    demonstration: true,
  })
  expect(verified.code).toBe(0)
  expect((await kunak(["verify", demo.mirror])).code).toBe(0)
  const saved = join(demo.folder, "saved.html")
  await writeFile(saved, (await pageWith(HEADLINE)).replace("<main>", "<main> "))
  const altered = await kunak(["verify", saved, "--json"])
  expect(JSON.parse(altered.out)).toMatchObject({ verdict: "not-genuine", document: "differs" })
  expect(altered.code).toBe(1)
})

test("what is forwarded is genuine offline; one changed letter: changed; past its time: expired; another's: unknown", async () => {
  await desk(1)
    .getByRole("link", { name: new RegExp(`^${HEADLINE} истекает`) })
    .first()
    .click(PATIENCE)
  message = await desk(1)
    .getByRole("textbox", { name: "Сообщение для любого мессенджера" })
    .inputValue(PATIENCE)
  expect(message.length).toBeLessThanOrEqual(4096)
  const saved = join(demo.folder, "page.html")
  await writeFile(saved, await pageWith(HEADLINE))

  const verdict = async (pasted: string, at?: Date): Promise<string> => {
    const context = await phone({ offline: true })
    const page = await context.newPage()
    if (at) await page.clock.setFixedTime(at)
    await page.goto(`file://${saved}`)
    await page.locator("textarea:visible").fill(pasted)
    await page.getByRole("button", { name: "Проверить" }).first().click()
    await expect.poll(() => page.locator(".verdict:visible").innerText(), PATIENCE).toMatch(/\S/)
    const text = await page.locator(".verdict:visible").innerText()
    await context.close()
    return text
  }
  expect(await verdict(message)).toMatch(/настоящ/i)
  expect(await verdict(message.replace("уезжайте", "уежайте"))).toMatch(/изменен/i)
  expect(await verdict(message, new Date(Date.now() + 4 * 86_400_000))).toMatch(/истек/i)
  const now = instantFromMs(Date.now())
  const other = await makeOrganisation({ seed: "another organisation", now })
  const theirs = must(
    textBlock(await approvedWarning(other, { signedAt: now }), "ru", other.chain, other.delegations),
  )
  expect(await verdict(theirs)).toMatch(/неизвестн/i)
})

test("the same verdicts from the command, with nothing but the charter", async () => {
  const charter = join(demo.folder, "public", "charter.kunak")
  const verify = async (text: string, ...rest: string[]) => {
    const { out, code } = await kunak(["verify", "-", "--charter", charter, "--json", ...rest], text)
    return { verdict: (JSON.parse(out) as { verdict: string }).verdict, code }
  }
  expect(await verify(message)).toEqual({ verdict: "genuine", code: 0 })
  expect(await verify(message.replace("уезжайте", "уежайте"))).toEqual({ verdict: "changed", code: 1 })
  expect(await verify(message, "--at", "2099-01-01T00:00:00Z")).toEqual({ verdict: "expired", code: 1 })
  expect(await verify("Уезжайте!")).toEqual({ verdict: "unknown", code: 1 })
})

test("a poster printed by the desk is read from its picture and is genuine", async () => {
  const download = desk(1).waitForEvent("download", PATIENCE)
  await desk(1).getByRole("button", { name: "Плакат картинкой (PNG)" }).click()
  const poster = join(demo.folder, "poster.png")
  await (await download).saveAs(poster)
  expect((await readFile(poster)).subarray(1, 4).toString()).toBe("PNG")
  const context = await phone()
  const page = await context.newPage()
  await page.goto(demo.page)
  await page.locator("input[type=file]").first().setInputFiles(poster)
  await expect.poll(() => page.locator(".verdict:visible").innerText(), PATIENCE).toMatch(/настоящ/i)
  await context.close()
})

test("free words wait for a second officer on the other desk, and only then reach the page", async () => {
  const words = "Не ходите в отделение по вызову без адвоката"
  await desk(1).getByRole("button", { name: "Новое предупреждение" }).click()
  await desk(1).getByText("Свободный текст: должен подписать и коллега").click()
  await fillText(desk(1), words)
  await desk(1).getByRole("checkbox", { name: "Ингушетия" }).check({ force: true })
  await desk(1)
    .getByRole("button", { name: /^Подписать/ })
    .click()
  await desk(1)
    .getByRole("alertdialog")
    .getByRole("button", { name: /^Подписать/ })
    .click()
  const waiting = desk(2)
    .getByRole("link", { name: new RegExp(words) })
    .first()
  await waiting.click(PATIENCE)
  expect(await (await fetch(demo.page)).text()).not.toContain(words)
  await desk(2)
    .getByRole("button", { name: /^Подписать/ })
    .first()
    .click(PATIENCE)
  await desk(2)
    .getByRole("alertdialog")
    .getByRole("button", { name: /^Подписать/ })
    .click()
  await pageWith(words)
})

/** Headline, what happens and what to do, in each language that the editor shows. */
async function fillText(window: Page, words: string): Promise<void> {
  const languages = window.locator("fieldset.language")
  await languages.first().waitFor(PATIENCE)
  for (let i = 0; i < (await languages.count()); i++) {
    const fields = languages.nth(i).getByRole("textbox")
    await fields.nth(0).fill(words)
    await fields.nth(1).fill("Людей вызывают повесткой и задерживают.")
    await fields.nth(2).fill("Сначала позвоните адвокату.")
  }
}
