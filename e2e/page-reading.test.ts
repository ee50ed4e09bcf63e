/** What a visitor without script has: docs/protocol.md, rules G3–G8. */

import type { ObjectHash } from "@kunak/core/signature/signed"
import {
  approvedWarning,
  freeCore,
  freeWarning,
  makeEdition,
  makeOrganisation,
  type Organisation,
  signedBy,
  verified,
} from "@kunak/core/testing/organisation"
import { DAY_SECONDS, type Instant, plusSeconds } from "@kunak/core/time/instant"
import type { WarningText } from "@kunak/core/warning/warning"
import { openChromium, visit } from "@kunak/page/testing/browser"
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

const WITHOUT_SCRIPT = { javaScriptEnabled: false } as const

/** Headings of warnings that can be seen, from the top. */
const headings = (page: Page): Promise<string[]> => page.locator(".w :is(h2, h3):visible").allInnerTexts()

test("[G3] without script the newest warning comes first, in Russian and in English, on a phone", async () => {
  const now = nowInstant()
  site.serve((await fiveWarnings(now, site.relays)).edition)
  const { page, close } = await visit(browser, site.a.origin, WITHOUT_SCRIPT)
  const russian = await headings(page)
  expect(russian).toHaveLength(5)
  expect(russian[0]).toBe("Новая волна задержаний. Уезжайте как можно скорее")
  expect(russian[1]).toBe("Не отвечайте на звонки с незнакомых номеров")
  const box = await page.locator(".w h2:visible").boundingBox()
  expect(box && box.y + box.height, "the headline fits the first screen").toBeLessThan(740)
  await page.getByText("English", { exact: true }).click()
  const english = await headings(page)
  expect(english[0]).toBe("New wave of detentions. Leave as soon as possible")
  expect(english).toHaveLength(5)
  expect(await page.getByText("Новая волна задержаний. Уезжайте как можно скорее").first().isVisible()).toBe(
    false,
  )
  await close()
})

test("[G3] the language can be chosen without script by keyboard alone", async () => {
  site.serve((await fiveWarnings(nowInstant(), site.relays)).edition)
  const { page, close } = await visit(browser, site.a.origin, WITHOUT_SCRIPT)
  await page.keyboard.press("Tab")
  await page.keyboard.press("ArrowRight")
  expect((await headings(page))[0]).toBe("New wave of detentions. Leave as soon as possible")
  await close()
})

test("[G7] without script there is no control that does nothing, and the page says what needs script", async () => {
  site.serve((await fiveWarnings(nowInstant(), site.relays)).edition)
  const { page, close } = await visit(browser, site.a.origin, WITHOUT_SCRIPT)
  expect(await page.locator("button:visible, textarea:visible, input[type=file]:visible").count()).toBe(0)
  await expect.poll(() => page.getByText("Для проверки нужен JavaScript").first().isVisible()).toBe(true)
  await expect
    .poll(() => page.getByText("Чтобы писать здесь, нужен JavaScript").first().isVisible())
    .toBe(true)
  expect(await page.getByText("help@line.example").first().isVisible()).toBe(true)
  const exit = page.locator("a.leave:visible")
  expect(await exit.getAttribute("href")).toBe("https://ya.ru/")
  expect(await exit.getAttribute("rel")).toContain("noreferrer")
  await close()
})

test("[G3] an empty page says that nothing is in force, and that this is not safety", async () => {
  const organisation = await makeOrganisation({ now: nowInstant(), relays: site.relays })
  site.serve(await makeEdition(organisation, { issued: nowInstant() }))
  const { page, close } = await visit(browser, site.a.origin, WITHOUT_SCRIPT)
  expect(await headings(page)).toEqual(["Действующих предупреждений нет."])
  expect(await page.getByText("Это не значит, что всё спокойно").first().isVisible()).toBe(true)
  await close()
})

test("[G3] what has expired or not begun by the time of issue is not shown", async () => {
  const now = nowInstant()
  const organisation = await makeOrganisation({ now, relays: site.relays })
  const over = plusSeconds(now, -2 * DAY_SECONDS)
  site.serve(
    await makeEdition(organisation, {
      issued: now,
      warnings: [
        await approvedWarning(organisation, {
          signedAt: over,
          effective: over,
          expires: plusSeconds(now, -1),
        }),
        await approvedWarning(organisation, {
          signedAt: now,
          effective: plusSeconds(now, 3600),
          expires: plusSeconds(now, 7200),
          wording: 2,
        }),
      ],
    }),
  )
  const { page, close } = await visit(browser, site.a.origin, WITHOUT_SCRIPT)
  expect(await headings(page)).toEqual(["Действующих предупреждений нет."])
  await close()
})

test("[G6] a withdrawn warning is shown as withdrawn and never as an all-clear", async () => {
  const now = nowInstant()
  const organisation = await makeOrganisation({ now, relays: site.relays })
  const signedAt = plusSeconds(now, -7200)
  const warning = await freeWarning(organisation, undefined, { signedAt, effective: signedAt })
  const withdrawal = await verified(
    organisation,
    await signedBy(
      organisation,
      {
        ...warning.core,
        sequence: 1,
        supersedes: warning.hash,
        signedAt: now,
        effective: now,
        content: { kind: "withdrawal" },
      },
      [organisation.amina, organisation.boris],
    ),
  )
  site.serve(await makeEdition(organisation, { issued: now, warnings: [warning, withdrawal] }))
  const { page, close } = await visit(browser, site.a.origin, WITHOUT_SCRIPT)
  const shown = page.locator(".w:visible")
  expect(await shown.locator(".label").textContent()).toBe("Отозвано")
  const words = await shown.textContent()
  expect(words).toContain("Это не отбой")
  expect(await shown.locator(".do").isVisible(), "what it told people to do is folded away").toBe(false)
  expect(await shown.locator("s").textContent()).toBe("Не отвечайте на звонки с незнакомых номеров")
  await close()
})

const ALL_CLEAR: readonly WarningText[] = [
  {
    language: "en",
    headline: "The roads are open again",
    description: "No searches for three days.",
    instruction: "",
  },
  { language: "ru", headline: "Дороги снова открыты", description: "Три дня нет проверок.", instruction: "" },
]

/** Warning, proposal, and (a day later) confirmation. */
async function clearedBy(organisation: Organisation, now: Instant, isConfirmed: boolean) {
  const { signers } = organisation
  const first = plusSeconds(now, -3 * DAY_SECONDS)
  const expires = plusSeconds(now, DAY_SECONDS)
  const warning = await approvedWarning(organisation, {
    wording: 2,
    signedAt: first,
    effective: first,
    expires: plusSeconds(first, 3 * DAY_SECONDS),
  })
  const proposed = plusSeconds(now, -2 * DAY_SECONDS)
  const clear = (
    kind: "all-clear-proposal" | "all-clear",
    sequence: number,
    supersedes: Uint8Array,
    signedAt: Instant,
  ) =>
    signedBy(
      organisation,
      freeCore(organisation, ALL_CLEAR, {
        kind,
        id: warning.core.id,
        sequence,
        supersedes: supersedes as ObjectHash,
        signedAt,
        effective: signedAt,
        expires,
        areas: warning.core.areas,
      }),
      signers.slice(0, 2),
      ALL_CLEAR,
    )
  const proposal = await verified(organisation, await clear("all-clear-proposal", 1, warning.hash, proposed))
  const confirmation = await verified(
    organisation,
    await clear("all-clear", 2, proposal.hash, plusSeconds(now, -60)),
  )
  return isConfirmed ? [warning, proposal, confirmation] : [warning, proposal]
}

test("[G6] a confirmed all-clear names the warning it ends; a proposal alone shows nowhere", async () => {
  const now = nowInstant()
  const organisation = await makeOrganisation({ now, relays: site.relays })
  site.serve(
    await makeEdition(organisation, { issued: now, warnings: await clearedBy(organisation, now, true) }),
  )
  const cleared = await visit(browser, site.a.origin, WITHOUT_SCRIPT)
  const shown = cleared.page.locator(".w:visible")
  expect(await shown.locator(".label").textContent()).toBe("Отбой")
  expect(await shown.locator("h2").textContent()).toBe("Дороги снова открыты")
  expect(await shown.textContent()).toContain("Отменяет предупреждение «Проверки телефонов на дорогах»")
  await cleared.close()

  site.serve(
    await makeEdition(organisation, { issued: now, warnings: await clearedBy(organisation, now, false) }),
  )
  const proposed = await visit(browser, site.a.origin, WITHOUT_SCRIPT)
  expect(await proposed.page.getByText("Дороги снова открыты").count()).toBe(0)
  await proposed.close()
})

test("[G8] a demonstration says so in every language at once, whichever is chosen", async () => {
  site.serve((await fiveWarnings(nowInstant(), site.relays, true)).edition)
  const { page, close } = await visit(browser, site.a.origin, WITHOUT_SCRIPT)
  for (const choice of ["English", "Русский"]) {
    await page.getByText(choice, { exact: true }).click()
    expect(await page.locator(".demonstration").textContent()).toMatch(/Демонстрация[\s\S]*Demonstration/)
    expect(await page.locator(".demonstration").isVisible()).toBe(true)
  }
  await close()
  site.serve((await fiveWarnings(nowInstant(), site.relays)).edition)
  const real = await visit(browser, site.a.origin, WITHOUT_SCRIPT)
  expect(await real.page.locator(".demonstration").count()).toBe(0)
  await real.close()
})

test("[G3] a warning that has no text in a language is shown in another, and marked as such", async () => {
  const now = nowInstant()
  const organisation = await makeOrganisation({ now, relays: site.relays })
  const russian = [
    { language: "ru", headline: "Только по-русски", description: "Описание.", instruction: "" },
  ]
  const warning = await freeWarning(organisation, russian, {
    signedAt: now,
    effective: now,
    expires: plusSeconds(now, 3600),
  })
  site.serve(await makeEdition(organisation, { issued: now, warnings: [warning] }))
  const { page, close } = await visit(browser, site.a.origin, WITHOUT_SCRIPT)
  await page.getByText("English", { exact: true }).click()
  const heading = page.locator(".w h2:visible")
  expect(await heading.textContent()).toBe("Только по-русски")
  expect(await heading.getAttribute("lang")).toBe("ru")
  expect(await page.getByText("Not translated into English").isVisible()).toBe(true)
  await close()
})
