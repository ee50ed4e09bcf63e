/** "Check a warning": rule G14. */
import { readFileSync, writeFileSync } from "node:fs"
import { mkdtemp, rm } from "node:fs/promises"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { pathToFileURL } from "node:url"
import { makePayload, toQrText } from "@kunak/core/forward/payload"
import { textBlock } from "@kunak/core/forward/text-block"
import { must } from "@kunak/core/result"
import {
  approvedWarning,
  freeWarning,
  makeEdition,
  makeOrganisation,
  type Organisation,
} from "@kunak/core/testing/organisation"
import { DAY_SECONDS, type Instant, plusSeconds } from "@kunak/core/time/instant"
import type { Warning } from "@kunak/core/warning/warning"
import { openChromium, settled, type Visit, visit } from "@kunak/page/testing/browser"
import { PATIENT } from "@kunak/page/testing/five-warnings"
import { nowInstant, openPageSite, type PageSite } from "@kunak/page/testing/page-site"
import { photograph } from "@kunak/page/testing/poster"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"

let browser: Browser
let site: PageSite
let organisation: Organisation
let warning: Warning
let open: Visit
const now: Instant = nowInstant()

beforeAll(async () => {
  ;[browser, site] = await Promise.all([openChromium(), openPageSite()])
  organisation = await makeOrganisation({ ...PATIENT, now, relays: site.relays })
  warning = await approvedWarning(organisation, { signedAt: now })
  site.serve(await makeEdition(organisation, { issued: now, warnings: [warning] }))
  open = await visit(browser, site.a.origin)
  await settled(open.page)
})
afterAll(async () => {
  await open.close()
  await browser.close()
  await site.close()
})

const blockOf = (of: Organisation, one: Warning, language = "ru"): string =>
  must(textBlock(one, language, of.chain, of.delegations))

/** What the page says to a pasted text, in Russian. */
async function verdictOn(pasted: string, page: Page = open.page): Promise<string> {
  await page.locator("textarea.paste:visible").fill(pasted)
  await page.locator("button.check:visible").click()
  const verdict = page.locator(".p0 .verdict")
  await expect.poll(() => verdict.locator("p").count()).toBeGreaterThan(0)
  return (await verdict.textContent()) ?? ""
}

async function verdictOnPicture(png: Buffer, page: Page = open.page): Promise<string> {
  await page.locator("button.clear:visible").click()
  await page
    .locator("input.picture:visible")
    .setInputFiles({ name: "poster.png", mimeType: "image/png", buffer: png })
  const verdict = page.locator(".p0 .verdict")
  await expect
    .poll(async () => (await verdict.textContent()) ?? "", { timeout: 30_000 })
    .toMatch(/^(?!Картинка читается).+/)
  return (await verdict.textContent()) ?? ""
}

test("[G14] a forwarded warning, unchanged, is genuine, and its words are shown", async () => {
  const verdict = await verdictOn(blockOf(organisation, warning))
  expect(verdict).toMatch(/^Настоящее\.Это предупреждение подписано: Горная линия/)
  expect(verdict).toContain("Уезжайте как можно скорее")
})

test("[G14] a messenger's quotation marks and line breaks make no difference", async () => {
  const quoted = blockOf(organisation, warning)
    .split("\n")
    .map((line) => `> ${line}`)
    .join("\r\n")
  expect(await verdictOn(quoted)).toMatch(/^Настоящее/)
})

test("[G14] one changed letter is changed, and the signed words are shown instead", async () => {
  const altered = blockOf(organisation, warning).replace("Уезжайте", "Приезжайте")
  const verdict = await verdictOn(altered)
  expect(verdict).toMatch(/^Изменено\.Слова кто-то изменил/)
  expect(verdict).toContain("Уезжайте")
  expect(verdict, "nothing that was pasted is repeated").not.toContain("Приезжайте")
})

test("[G14] a look-alike letter of another alphabet is changed", async () => {
  // Latin "a" for Cyrillic "а".
  expect(await verdictOn(blockOf(organisation, warning).replace("задержаний", "зaдержаний"))).toMatch(
    /^Изменено/,
  )
})

test("[G14] added words are told apart, and not repeated", async () => {
  const verdict = await verdictOn(`Срочно! Сбор у вокзала в семь.\n${blockOf(organisation, warning)}`)
  expect(verdict).toMatch(/^Изменено\.К настоящему предупреждению кто-то добавил слова/)
  expect(verdict).not.toContain("вокзала")
})

test("[G14] a damaged code is changed, a missing one unknown", async () => {
  const block = blockOf(organisation, warning)
  const at = block.indexOf("KUNAK1[") + 60
  const damaged = block.slice(0, at) + (block[at] === "a" ? "b" : "a") + block.slice(at + 1)
  expect(await verdictOn(damaged)).toMatch(/^Изменено\.Код повреждён/)
  expect(await verdictOn(block.slice(0, at))).toMatch(/^Изменено\.Код повреждён/)
  expect(await verdictOn("Уезжайте как можно скорее!")).toMatch(/^Неизвестно\.Здесь нет кода/)
})

test("[G14] another organisation's warning is unknown, whatever name it gives itself", async () => {
  const eve = await makeOrganisation({ now, relays: site.relays, seed: "Eve" })
  const forged = blockOf(eve, await approvedWarning(eve, { signedAt: now }))
  expect(await verdictOn(forged)).toMatch(/^Неизвестно\.Подписи «Горная линия» здесь нет/)
})

test("[G14] past its time it is expired, and that is no all-clear", async () => {
  const before = plusSeconds(now, -3 * DAY_SECONDS)
  const old = await approvedWarning(organisation, { signedAt: before, expires: plusSeconds(now, -60) })
  const verdict = await verdictOn(blockOf(organisation, old))
  expect(verdict).toMatch(/^Истекло/)
  expect(verdict).toContain("Это не отбой")
})

test("[G14] a warning that the page knows to be replaced is replaced", async () => {
  const newer = await approvedWarning(organisation, {
    id: warning.core.id,
    sequence: 1,
    supersedes: warning.hash,
    signedAt: now,
    areas: [1],
    expires: plusSeconds(warning.core.expires, 3600),
  })
  site.serve(await makeEdition(organisation, { issued: now, warnings: [warning, newer] }))
  const { page, close } = await visit(browser, site.a.origin)
  await settled(page)
  expect(await verdictOn(blockOf(organisation, warning), page)).toMatch(/^Заменено/)
  expect(await verdictOn(blockOf(organisation, newer), page)).toMatch(/^Настоящее/)
  await close()
  site.serve(await makeEdition(organisation, { issued: now, warnings: [warning] }))
})

test("[G14] nothing entered, and too much, are said with what to do", async () => {
  expect(await verdictOn("  ")).toContain("Сначала вставьте сообщение")
  expect(await verdictOn("а".repeat(8192 + 21))).toContain("на 21 букву длиннее")
})

const posters: readonly (readonly [string, Parameters<typeof photograph>[1]])[] = [
  ["straight", {}],
  ["turned by 17 degrees", { edge: 1400, degrees: 17 }],
  ["upside down and small", { edge: 640, degrees: 180 }],
  ["in perspective", { edge: 1600, perspective: 0.18 }],
  ["noisy and badly lit", { edge: 1400, noise: 22, shade: 60 }],
  [
    "large, as a phone takes it, turned, in perspective and noisy",
    { edge: 3000, degrees: -8, perspective: 0.12, noise: 15, shade: 40 },
  ],
]

for (const [how, photo] of posters) {
  test(`[G14] a picture of the poster, ${how}, is read in the page`, async () => {
    const code = toQrText(makePayload(warning, "ru", organisation.delegations))
    const verdict = await verdictOnPicture(photograph(code, photo))
    expect(verdict).toMatch(/^Настоящее\.Код настоящий/)
    expect(verdict).toContain("Уезжайте как можно скорее")
  })
}

test("[G14] a poster with two officers' free text is read too", async () => {
  const free = await freeWarning(organisation, undefined, {
    signedAt: now,
    effective: now,
    expires: plusSeconds(now, 3600),
  })
  const code = toQrText(makePayload(free, "ru", organisation.delegations))
  expect(await verdictOnPicture(photograph(code, { edge: 1600, degrees: 5, noise: 10 }))).toMatch(
    /^Настоящее/,
  )
})

test("[G14] a poster whose code was altered before printing is not genuine", async () => {
  const payload = makePayload(warning, "ru", organisation.delegations)
  const body = payload.warning.body.slice()
  body[100] = (body[100] as number) ^ 1
  const forged = toQrText({ ...payload, warning: { ...payload.warning, body } })
  expect(await verdictOnPicture(photograph(forged))).toMatch(/^(Изменено|Неизвестно)/)
})

test("[G14] a picture without a code, and a file that is no picture, are told apart", async () => {
  expect(await verdictOnPicture(photograph("https://example.org/"))).toMatch(/^Неизвестно\.Здесь нет кода/)
  expect(await verdictOnPicture(Buffer.from("no picture"))).toContain("не картинка")
})

test("[G14] the message that the page offers to pass on is checked as genuine", async () => {
  await open.page.locator(".pass:visible summary").first().click()
  const message = await open.page.locator("textarea.message:visible").inputValue()
  expect(message).toBe(blockOf(organisation, warning))
  expect(await verdictOn(message)).toMatch(/^Настоящее/)
})

test("[G14] in English the same outcomes are said in English", async () => {
  const { page, close } = await visit(browser, site.a.origin, { locale: "en-GB" })
  await settled(page)
  await page.locator("textarea.paste:visible").fill(blockOf(organisation, warning, "en"))
  await page.locator("button.check:visible").click()
  await expect.poll(() => page.locator(".p1 .verdict").textContent()).toMatch(/^Genuine\./)
  await close()
})

test("[G14] what a person entered stands nowhere in the document", async () => {
  await verdictOn(`Тайное слово ромашка\n${blockOf(organisation, warning)}`)
  const saved = await open.page.evaluate(() => document.documentElement.outerHTML)
  expect(saved).not.toContain("ромашка")
  for (const [name, value] of [
    ["autocomplete", "off"],
    ["spellcheck", "false"],
  ] as const) {
    expect(await open.page.locator("textarea.paste:visible").getAttribute(name)).toBe(value)
  }
})

test("[G14] a saved copy checks text and posters offline, from a file, and says how old it is", async () => {
  const folder = await mkdtemp(join(tmpdir(), "kunak-page-"))
  const saved = await visit(browser, site.a.origin)
  await settled(saved.page)
  // As it was served, and as a browser writes out the document after the script has run.
  const copies = [
    Buffer.from(site.a.page).toString(),
    `<!doctype html>${await saved.page.evaluate(() => document.documentElement.outerHTML)}`,
  ]
  await saved.close()
  for (const [i, copy] of copies.entries()) {
    const file = join(folder, `copy-${i}.html`)
    writeFileSync(file, copy)
    expect(readFileSync(file, "utf8")).toBe(copy)
    const context = await browser.newContext({
      offline: true,
      locale: "ru-RU",
      viewport: { width: 360, height: 740 },
    })
    const page = await context.newPage()
    await page.clock.setFixedTime(new Date((now + 3 * 3600) * 1000))
    await page.goto(pathToFileURL(file).href)
    await settled(page)
    expect(await page.locator(".p0 .alarm").textContent()).toContain(
      "сохранённая копия без сети, выпущена 3 часа назад",
    )
    const genuine = await verdictOn(blockOf(organisation, warning), page)
    expect(genuine).toMatch(/^Настоящее/)
    expect(genuine).toContain("Сама эта страница старая")
    expect(await verdictOn(blockOf(organisation, warning).replace("Уезжайте", "Приезжайте"), page)).toMatch(
      /^Изменено/,
    )
    const poster = photograph(toQrText(makePayload(warning, "ru", organisation.delegations)), { degrees: 3 })
    expect(await verdictOnPicture(poster, page)).toMatch(/^Настоящее/)
    expect(await page.locator(".p0 .alarm p").count(), "nothing is said twice").toBe(1)
    await context.close()
  }
  await rm(folder, { recursive: true })
})

test("[G16] it all works where WebCrypto has no Ed25519 and the language's newer functions are missing", async () => {
  const { page, complaints, close } = await visit(browser, site.a.origin, {}, async (fresh) => {
    await fresh.addInitScript(() => {
      const refuse = () => Promise.reject(new DOMException("unsupported", "NotSupportedError"))
      const { importKey } = SubtleCrypto.prototype
      SubtleCrypto.prototype.importKey = function (this: SubtleCrypto, ...args: unknown[]) {
        const algorithm = args[2] as string | { readonly name: string }
        const name = typeof algorithm === "string" ? algorithm : algorithm.name
        return name === "Ed25519" ? refuse() : Reflect.apply(importKey, this, args)
      } as typeof importKey
      for (const [owner, name] of [
        [String.prototype, "isWellFormed"],
        [String.prototype, "toWellFormed"],
        [Array.prototype, "at"],
        [Object, "hasOwn"],
        [URL, "parse"],
        [Object, "groupBy"],
      ] as const) {
        Reflect.deleteProperty(owner, name)
      }
    })
  })
  await settled(page)
  expect(await page.locator(".p0 .alarm").textContent()).toBe("")
  expect(await verdictOn(blockOf(organisation, warning), page)).toMatch(/^Настоящее/)
  expect(await verdictOn(blockOf(organisation, warning).replace("Уезжайте", "Приезжайте"), page)).toMatch(
    /^Изменено/,
  )
  expect(complaints).toEqual([])
  await close()
})
