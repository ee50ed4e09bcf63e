/** WCAG 2.2 AA as far as machines can tell: rule G17. */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { LAPTOP, openChromium, PHONE, settled, visit } from "@kunak/page/testing/browser"
import { fiveWarnings } from "@kunak/page/testing/five-warnings"
import { nowInstant, openPageSite, type PageSite } from "@kunak/page/testing/page-site"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { press, takeWords, write } from "./page-line/steps.ts"

// Nobody changes what is served: several look at once.
let browser: Browser
let site: PageSite
beforeAll(async () => {
  ;[browser, site] = await Promise.all([openChromium(), openPageSite()])
  site.serve((await fiveWarnings(nowInstant(), site.relays, "patient")).edition)
  // An alarm to look at, too.
  site.b.header = new Uint8Array(4096)
})
afterAll(async () => {
  await browser.close()
  await site.close()
})

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")

interface Violation {
  readonly id: string
  readonly nodes: readonly { readonly html: string; readonly failureSummary?: string }[]
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe)
  const found = await page.evaluate(() =>
    (globalThis as unknown as { axe: { run(): Promise<{ violations: Violation[] }> } }).axe.run(),
  )
  return found.violations.map(({ id, nodes }) => `${id}: ${nodes.map((node) => node.html).join(" ")}`)
}

async function showVerdict(page: Page): Promise<void> {
  await page.locator("textarea.paste:visible").fill("words without a code")
  await page.locator("button.check:visible").click()
  await page.locator(".verdict:visible p").first().waitFor()
}

for (const locale of ["ru-RU", "en-GB"]) {
  for (const colorScheme of ["light", "dark"] as const) {
    test.concurrent(`[G17] axe finds nothing, contrast included: ${locale}, ${colorScheme}, phone and laptop`, async () => {
      for (const viewport of [PHONE, LAPTOP]) {
        const options = { locale, colorScheme, viewport, bypassCSP: true }
        const { page, close } = await visit(browser, site.a.origin, options)
        await settled(page)
        await showVerdict(page)
        await page.locator(".pass:visible summary").first().click()
        expect(await violations(page)).toEqual([])
        await close()
      }
    })
  }
}

test.concurrent("[G17] axe sees a fault when there is one", async () => {
  const { page, close } = await visit(browser, site.a.origin, { bypassCSP: true })
  await page.evaluate(() => {
    const image = document.createElement("img")
    image.src = "data:image/gif;base64,R0lGODlhAQABAAAAACw="
    document.querySelector(".p0 .more")?.append(image)
  })
  expect((await violations(page)).join()).toContain("image-alt")
  await close()
})

const overflow = (page: Page): Promise<number> =>
  page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)

test.concurrent("[G17] nothing overflows at 320 px, at 200 % zoom, or with letters twice as large", async () => {
  for (const javaScriptEnabled of [true, false]) {
    for (const viewport of [{ width: 320, height: 568 }, { width: 640, height: 400 }, PHONE]) {
      const { page, close } = await visit(browser, site.a.origin, { viewport, javaScriptEnabled })
      for (const language of ["English", "Русский"]) {
        await page.getByText(language, { exact: true }).click()
        expect(await overflow(page)).toBe(0)
      }
      await close()
    }
  }
  const { page, close } = await visit(browser, site.a.origin, { bypassCSP: true })
  await settled(page)
  await page.addStyleTag({ content: "html{font-size:200%}" })
  expect(await overflow(page)).toBe(0)
  await close()
})

const tooSmall = (page: Page): Promise<readonly string[]> =>
  page.evaluate(() =>
    [...document.querySelectorAll("a, button, summary, textarea, input:not(.tab, .swatch), .tab-label")]
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.width < 44 || box.height < 44))
      .map(({ element, box }) => `${element.outerHTML.slice(0, 80)} ${box.width}×${box.height}`),
  )

/** Each step of the hotline, with what can stand in it. */
async function throughSteps(page: Page, look: (step: string) => Promise<void>): Promise<void> {
  await look("first")
  const words = await takeWords(page)
  await page.locator("#ask-sign").waitFor()
  await look("words")
  await press(page, "Помню")
  await page.locator("#ask-words").pressSequentially("абвгд ")
  await look("unknown word")
  await page.locator("#ask-words").fill([...words.slice(1), words[0]].join(" "))
  await page.keyboard.press("Enter")
  await page.locator("#ask-sign").waitFor()
  await look("wrong sign")
  await page.locator("#ask-words").fill(words.join(" "))
  await page.keyboard.press("Enter")
  await page.locator(".draft").waitFor()
  await write(page, "Сообщение ".repeat(40))
  await write(page, "я".repeat(3_000))
  await look("too long, and one waits")
  await press(page, "Забыть всё")
  await press(page, "У меня есть десять слов")
  await look("coming back")
  await page.locator("#ask-words").fill(words.join(" "))
  await page.keyboard.press("Enter")
  await page.locator("#ask-sign").waitFor()
  await look("whose sign")
}

for (const colorScheme of ["light", "dark"] as const) {
  test.concurrent(`[G17] [G20] axe finds nothing in any step of the hotline: ${colorScheme}, phone and laptop`, async () => {
    for (const viewport of [PHONE, LAPTOP]) {
      const { page, close } = await visit(browser, site.a.origin, { colorScheme, viewport, bypassCSP: true })
      await settled(page)
      await throughSteps(page, async (step) => expect(await violations(page), step).toEqual([]))
      await close()
    }
  })
}

test.concurrent("[G17] [G20] no step of the hotline overflows at 320 px, or with letters twice as large; all can be touched", async () => {
  for (const [viewport, size] of [
    [{ width: 320, height: 568 }, "100%"],
    [PHONE, "200%"],
  ] as const) {
    const { page, close } = await visit(browser, site.a.origin, { viewport, bypassCSP: true })
    await settled(page)
    await page.addStyleTag({ content: `html{font-size:${size}}` })
    await throughSteps(page, async (step) => {
      expect(await overflow(page), step).toBe(0)
      expect(await tooSmall(page), step).toEqual([])
    })
    await close()
  }
})

/** A phone that lays its keyboard over the page. @param pixels its height; 0: it is closed. */
const withKeyboard = (page: Page, pixels: number): Promise<void> =>
  page.evaluate((covered) => {
    const seen = window.visualViewport as unknown as EventTarget & { height: number }
    seen.height = innerHeight - covered
    seen.dispatchEvent(new Event("resize"))
  }, pixels)

interface Exit {
  /** From the bottom of what is seen. */
  readonly gap: number
  readonly isWhole: boolean
  readonly isCovered: boolean
}

const exitAbove = (page: Page, keyboard: number): Promise<Exit> =>
  page.locator("a.leave:visible").evaluate((link, covered) => {
    const box = link.getBoundingClientRect()
    const xs = [box.left + 2, box.left + box.width / 2, box.right - 2]
    return {
      gap: Math.round(innerHeight - covered - box.bottom),
      isWhole: box.left >= 0 && box.top >= 0 && box.right <= innerWidth && box.height >= 44,
      isCovered: xs.some((x) => document.elementFromPoint(x, box.top + box.height / 2) !== link),
    }
  }, keyboard)

test.concurrent("[G15] [G20] in every step of the hotline the exit lies under the thumb, whole and not covered, above an open keyboard too", async () => {
  const { page, close } = await visit(browser, site.a.origin, { viewport: PHONE }, async (fresh) => {
    await fresh.addInitScript(() => {
      const seen = Object.assign(new EventTarget(), { height: innerHeight, offsetTop: 0 })
      Object.defineProperty(window, "visualViewport", { value: seen })
    })
  })
  await settled(page)
  await throughSteps(page, async (step) => {
    for (const keyboard of [0, 300, 0]) {
      await withKeyboard(page, keyboard)
      expect(await exitAbove(page, keyboard), `${step}, keyboard of ${keyboard} px`).toEqual({
        gap: 0,
        isWhole: true,
        isCovered: false,
      })
    }
  })
  await close()
})

test.concurrent("[G17] on a laptop the way out stands beside the column, and covers nothing of it wherever one has scrolled", async () => {
  const { page, close } = await visit(browser, site.a.origin, { viewport: LAPTOP })
  await settled(page)
  const [from, to] = await page.evaluate(() => [
    document.querySelector("a.leave")?.getBoundingClientRect().left,
    Math.max(
      ...[...document.querySelectorAll("article p, section p, section textarea")].map(
        (one) => one.getBoundingClientRect().right,
      ),
    ),
  ])
  expect(from).toBeGreaterThanOrEqual(to ?? Number.NaN)
  await close()
})

test.concurrent("[G17] whatever can be touched is at least 44 px in each direction", async () => {
  const { page, close } = await visit(browser, site.a.origin)
  await settled(page)
  await page.locator(".pass:visible summary").first().click()
  expect(await tooSmall(page)).toEqual([])
  await close()
})

interface Stop {
  readonly name: string
  readonly isSeen: boolean
  readonly isCovered: boolean
  readonly hasOutline: boolean
}

/** Everything that Tab reaches, in order, until it comes round. */
async function walk(page: Page): Promise<readonly Stop[]> {
  const stops: Stop[] = []
  for (let i = 0; i < 60; i++) {
    await page.keyboard.press("Tab")
    const stop = await page.evaluate((): Stop | null => {
      const focused = document.activeElement
      if (!focused || focused === document.body) return null
      const target = focused.matches(".tab") ? (focused.nextElementSibling ?? focused) : focused
      const box = target.getBoundingClientRect()
      const top = document.elementFromPoint(box.x + box.width / 2, box.y + Math.min(box.height, 40) / 2)
      const style = getComputedStyle(target)
      return {
        name: `${focused.tagName} ${(target.textContent ?? "").trim().slice(0, 40) || focused.id}`,
        isSeen: box.bottom > 0 && box.top < innerHeight && box.width > 0,
        isCovered: !(top && (target.contains(top) || top.contains(target))),
        hasOutline: style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2,
      }
    })
    if (!stop) break
    stops.push(stop)
  }
  return stops
}

for (const [locale, expected] of [
  [
    "ru-RU",
    [
      "Уйти быстро",
      "Проверить предупреждение",
      "Если вас задержали",
      "paste-0",
      "Проверить",
      "Очистить",
      "picture-0",
    ],
  ],
  [
    "en-GB",
    ["Leave quickly", "Check a warning", "If you are detained", "paste-1", "Check", "Clear", "picture-1"],
  ],
] as const) {
  test.concurrent(`[G17] by keyboard alone everything is reached in order, seen and not covered: ${locale}`, async () => {
    const { page, close } = await visit(browser, site.a.origin, { locale })
    await settled(page)
    const stops = await walk(page)
    const names = stops.map(({ name }) => name)
    expect(names[0]).toMatch(/^INPUT/)
    expect(names[1]).toBe(`A ${expected[0]}`)
    let at = 0
    for (const wanted of expected) {
      const next = names.findIndex((name, i) => i >= at && name.endsWith(wanted))
      expect(next, `${wanted} in ${names.join(" | ")}`).toBeGreaterThanOrEqual(at)
      at = next + 1
    }
    expect(stops.filter(({ isSeen, isCovered, hasOutline }) => !isSeen || isCovered || !hasOutline)).toEqual(
      [],
    )
    await close()
  })
}

test.concurrent("[G17] a link within the page takes the focus with it and leaves the history alone", async () => {
  const { page, close } = await visit(browser, site.a.origin)
  await settled(page)
  const before = await page.evaluate(() => history.length)
  await page.locator(".index:visible a").nth(2).press("Enter")
  expect(await page.evaluate(() => document.activeElement?.id)).toBe("detained-0")
  expect(await page.evaluate(() => history.length)).toBe(before)
  await close()
})

test.concurrent("[G17] the accessibility tree of the newest warning reads as it looks", async () => {
  const { page, close } = await visit(browser, site.a.origin, { locale: "en-GB" })
  await settled(page)
  const tree = await page.locator("article:visible").first().ariaSnapshot()
  expect(
    tree
      .split("\n")
      .slice(0, 4)
      .map((line) => line.trim()),
  ).toEqual([
    "- article:",
    "- paragraph: Warning",
    '- heading "New wave of detentions. Leave as soon as possible" [level=2]',
    '- paragraph: "Where: Chechnya"',
  ])
  await close()
})

test.concurrent("[G17] printed, the warnings stand alone: no controls, no exit, black on white", async () => {
  const { page, close } = await visit(browser, site.a.origin, { colorScheme: "dark" })
  await settled(page)
  await page.emulateMedia({ media: "print" })
  expect(await page.locator("article:visible").count()).toBe(5)
  expect(
    await page.locator("a.leave:visible, button:visible, textarea:visible, .index:visible").count(),
  ).toBe(0)
  const [ink, paper] = await page.evaluate(() => [
    getComputedStyle(document.body).color,
    getComputedStyle(document.body).backgroundColor,
  ])
  expect([ink, paper]).toEqual(["rgb(0, 0, 0)", "rgb(255, 255, 255)"])
  await close()
})
