/** What the page finds out about itself, with real answers of two relays: rules G9–G13. */
import { makeEdition, makeOrganisation, revocationBy } from "@kunak/core/testing/organisation"
import { DAY_SECONDS, type Instant, instant, plusSeconds, weekOf, weekStart } from "@kunak/core/time/instant"
import { openChromium, settled, visit } from "@kunak/page/testing/browser"
import { fiveWarnings } from "@kunak/page/testing/five-warnings"
import { nowInstant, openPageSite, type PageSite } from "@kunak/page/testing/page-site"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"

let browser: Browser
let site: PageSite
beforeAll(async () => {
  ;[browser, site] = await Promise.all([openChromium(), openPageSite()])
})
afterAll(async () => {
  await browser.close()
  await site.close()
})

interface Told {
  readonly alarm: string
  readonly calm: string
}

/** What a visitor is told in Russian once the relays have answered. */
async function told(before: (page: Page) => Promise<void> = async () => {}): Promise<Told> {
  const { page, close } = await visit(browser, site.a.origin, {}, before)
  await settled(page)
  const read = async (selector: string): Promise<string> => (await page.locator(selector).textContent()) ?? ""
  const result = { alarm: await read(".p0 .alarm"), calm: await read(".p0 .live") }
  await close()
  return result
}

/** A moment in this edition's week: on a Monday, `ago` may reach into the week before, whose delegation is another. */
const inWeekOf = (now: Instant, ago: number): Instant => instant(Math.max(now - ago, weekStart(weekOf(now))))

test("[G9] a fresh, attended page says so, and raises no alarm", async () => {
  site.serve((await fiveWarnings(nowInstant(), site.relays, "patient")).edition)
  const { alarm, calm } = await told()
  expect(alarm).toBe("")
  expect(calm).toContain("Страница подписана и свежая")
  expect(calm).toContain("Дежурный в последний раз подтвердил")
})

test("[G9] a page of which one byte of the signed data differs says that it must not be trusted", async () => {
  const { edition } = await fiveWarnings(nowInstant(), site.relays, "patient")
  site.serve(edition)
  const text = new TextDecoder().decode(site.a.page)
  const at = text.indexOf('id="edition-bulletin">') + 400
  const other = text[at] === "A" ? "B" : "A"
  site.a.page = new TextEncoder().encode(text.slice(0, at) + other + text.slice(at + 1))
  const { page, close } = await visit(browser, site.a.origin)
  await settled(page)
  expect(await page.locator(".p0 .alarm").textContent()).toContain("подписи не сходятся")
  expect(await page.locator("textarea:visible").count(), "it judges nothing then").toBe(0)
  await close()
})

test("[G10] an edition of two hours ago is called old and the line unattended", async () => {
  const issued = plusSeconds(nowInstant(), -7500)
  site.serve((await fiveWarnings(issued, site.relays, "patient")).edition)
  const { alarm } = await told()
  expect(alarm).toContain("Страница выпущена 2 часа назад. Никто не дежурит")
  expect(alarm).toContain("Не верьте никакому отбою")
  expect(alarm).not.toContain("Часы")
})

test("[G10] a phone clock a year ahead, or behind, is told apart from an old page", async () => {
  site.serve((await fiveWarnings(nowInstant(), site.relays, "patient")).edition)
  const year = 366 * DAY_SECONDS * 1000
  const shifted = (ms: number) => async (page: Page) => {
    await page.clock.setFixedTime(new Date(Date.now() + ms))
  }
  const ahead = await told(shifted(year))
  expect(ahead.alarm).toContain("Часы этого устройства спешат на 1 год. Сама страница свежая")
  expect(ahead.alarm).not.toContain("Никто не дежурит")
  const behind = await told(shifted(-year))
  expect(behind.alarm).toContain("Часы этого устройства отстают на")
  expect(behind.alarm).not.toContain("Никто не дежурит")
})

test("[G10] a wrong clock marks no standing warning as over: the relays' time counts", async () => {
  site.serve((await fiveWarnings(nowInstant(), site.relays, "patient")).edition)
  const { page, close } = await visit(browser, site.a.origin, {}, async (fresh) => {
    await fresh.clock.setFixedTime(new Date(Date.now() + 366 * DAY_SECONDS * 1000))
  })
  await settled(page)
  expect(await page.locator(".past").count()).toBe(0)
  await close()
})

test("[G10] a wrong clock and an old page are both said", async () => {
  site.serve((await fiveWarnings(plusSeconds(nowInstant(), -7500), site.relays)).edition)
  const { alarm } = await told(async (page) => {
    await page.clock.setFixedTime(new Date(Date.now() + 366 * DAY_SECONDS * 1000))
  })
  expect(alarm).toContain("Часы этого устройства спешат на 1 год, а страница к тому же старая")
  expect(alarm).toContain("Никто не дежурит")
})

test("[G10] one relay that lies about the time makes no clock wrong and no old page fresh", async () => {
  site.serve((await fiveWarnings(plusSeconds(nowInstant(), -7500), site.relays)).edition)
  site.b.clockOffSeconds = -7500
  const { alarm } = await told()
  expect(alarm).toContain("Никто не дежурит")
  expect(alarm).not.toContain("Часы")
})

test("[G11] one relay down is said calmly, both as what it means", async () => {
  site.serve((await fiveWarnings(nowInstant(), site.relays, "patient")).edition)
  site.b.header = null
  const one = await told()
  expect(one.alarm).toBe("")
  expect(one.calm).toContain("Один из двух серверов не отвечает")
  site.a.header = null
  const both = await told()
  expect(both.alarm).toContain("Оба сервера не отвечают")
  expect(both.calm).not.toContain("свежая")
})

test("[G11] a relay that serves an older edition is named; a lag of two editions is none", async () => {
  const now = nowInstant()
  const { organisation, edition } = await fiveWarnings(now, site.relays, "patient")
  const { warnings } = edition.bulletin
  const earlier = async (seconds: number, number: number) =>
    await makeEdition(organisation, { warnings, issued: inWeekOf(now, seconds), id: { term: 1, number } })
  const newest = await makeEdition(organisation, { warnings, issued: now, id: { term: 1, number: 9 } })
  site.serve(newest)
  site.b.header = (await earlier(600, 7)).header
  expect((await told()).alarm).toBe("")
  site.b.header = (await earlier(1500, 4)).header
  expect((await told()).alarm).toContain("Один сервер показывает более старый выпуск")
})

test("[G11] a page behind the newest edition, with other words, sends its reader to the newest", async () => {
  const now = nowInstant()
  const { organisation, edition } = await fiveWarnings(plusSeconds(now, -300), site.relays, "patient")
  const { warnings } = edition.bulletin
  const newest = await makeEdition(organisation, {
    warnings: warnings.slice(1),
    issued: now,
    id: { term: 1, number: 2 },
  })
  site.serve(edition)
  site.b.header = newest.header
  expect((await told()).alarm).toContain("Есть более новый выпуск этой страницы")
})

test("[G12] two headers under one number are called tampering", async () => {
  const now = nowInstant()
  const { organisation, edition } = await fiveWarnings(now, site.relays, "patient")
  const other = await makeEdition(organisation, { warnings: edition.bulletin.warnings.slice(1), issued: now })
  site.serve(edition)
  site.b.header = other.header
  expect((await told()).alarm).toContain("показывают разные страницы")
})

test("[G11] a header of another organisation, or of a revoked duty, is refused", async () => {
  const now = nowInstant()
  const { organisation, edition } = await fiveWarnings(now, site.relays, "patient")
  const eve = await makeOrganisation({ now, relays: site.relays, seed: "Eve" })
  site.serve(edition)
  site.b.header = (await makeEdition(eve, { issued: now })).header
  expect((await told()).alarm).toContain("Один сервер отвечает тем, чего эта организация не подписывала")
  site.a.header = site.b.header
  expect((await told()).alarm).toContain("Оба сервера отвечают тем")

  const [seized] = organisation.duties
  const revocation = await revocationBy(
    organisation,
    [seized.publicKey],
    [organisation.amina, organisation.boris],
    now,
  )
  const clean = await makeEdition(organisation, { issued: now, revocations: [revocation], duty: 1 })
  site.serve(clean)
  // The seized duty goes on signing, and leaves out what revokes it.
  site.b.header = (await makeEdition(organisation, { issued: now, id: { term: 1, number: 2 } })).header
  expect((await told()).alarm).toContain("Один сервер отвечает тем, чего эта организация не подписывала")
})

test("[G13] a warning that an officer vouched for and duty left out is missed, by number", async () => {
  const now = nowInstant()
  const { organisation, edition } = await fiveWarnings(now, site.relays, "patient")
  const { warnings } = edition.bulletin
  const vouched = warnings.map(({ hash, core }) => ({ hash, until: core.expires }))
  site.serve(await makeEdition(organisation, { issued: now, warnings: warnings.slice(2), vouched }))
  expect((await told()).alarm).toContain("не хватает 2 опубликованных сообщений")
})

test("[G13] without an officer's receipt the page is called unattended, however fresh", async () => {
  const now = nowInstant()
  const { organisation, edition } = await fiveWarnings(now, site.relays, "patient")
  site.serve(
    await makeEdition(organisation, { issued: now, warnings: edition.bulletin.warnings, vouched: null }),
  )
  expect((await told()).alarm).toContain("не верьте никакому отбою")
})
