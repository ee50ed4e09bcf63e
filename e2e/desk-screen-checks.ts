/** What machines look for on a screen of the desk: axe, contrast, zoom, overflow, the keyboard's focus. */
import { readFileSync } from "node:fs"
import { createRequire } from "node:module"
import { ENROLMENT_PASSPHRASE, PASSPHRASE } from "@kunak/desk/testing/test-desk"
import { LANGUAGES, type UiLanguage } from "@kunak/desk/view/words"
import type { Page } from "playwright-core"
import { type ExpectStatic, expect as expectHere } from "vitest"

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8")
const TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

export const words = (language: UiLanguage, key: string): string =>
  String((LANGUAGES[language] as Record<string, unknown>)[key])
export const button = (page: Page, language: UiLanguage, key: string) =>
  page.getByRole("button", { name: words(language, key), exact: true })

/** @param expect of the test itself, where several run side by side. */
export async function checkScreen(
  page: Page,
  name: string,
  expect: ExpectStatic = expectHere,
): Promise<void> {
  const source = `${AXE}; axe.run(document, { runOnly: ${JSON.stringify(TAGS)}, iframes: false })`
  // Through the debugger, since the page's own policy lets no script in, this one included.
  const session = await page.context().newCDPSession(page)
  const { result } = await session.send("Runtime.evaluate", {
    expression: `${source}.then((r) => JSON.stringify(r.violations.map((v) => [v.id, v.nodes.map((n) => n.html.slice(0, 160) + " :: " + n.failureSummary)])))`,
    awaitPromise: true,
    returnByValue: true,
  })
  await session.detach()
  expect.soft([name, JSON.parse(String(result.value))]).toEqual([name, []])
  const wide = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
  expect.soft([name, wide]).toEqual([name, 0])
  const beyondItsEnd = await page.evaluate(() => {
    const shell = document.querySelector(".shell")
    if (!shell) return 0
    const end = Math.max(
      shell.getBoundingClientRect().bottom + scrollY,
      document.documentElement.clientHeight,
    )
    const beyond = document.documentElement.scrollHeight - end
    // A part of a pixel is rounding.
    return beyond > 1 ? beyond : 0
  })
  expect.soft([name, beyondItsEnd]).toEqual([name, 0])
}

/**
 * Narrow, and with letters twice as large on a laptop.
 * @param within a part of the screen: what scrolls by itself there scrolls down only.
 */
export async function checkSizes(
  page: Page,
  name: string,
  expect: ExpectStatic = expectHere,
  within = "",
): Promise<void> {
  for (const [width, percent] of [
    [1280, 100],
    [360, 100],
    [320, 100],
    [1280, 200],
    [640, 200],
  ] as const) {
    await page.setViewportSize({ width, height: 800 })
    await page.evaluate((size) => {
      document.documentElement.style.fontSize = `${size}%`
    }, percent)
    await page.waitForTimeout(80)
    const found = await page.evaluate((part) => {
      const edge = document.documentElement.clientWidth
      const scrollsItself = (at: Element): boolean => /auto|scroll/.test(getComputedStyle(at).overflowX)
      const scrolls = (element: Element | null): boolean => {
        for (let at = element; at && at !== document.body; at = at.parentElement)
          // Scrolls by itself, or is a native control kept for autofill in a box of one pixel.
          if (scrollsItself(at) || at.clientWidth <= 1) return true
        return false
      }
      return [...document.querySelectorAll("body *")]
        .filter((element) => {
          const box = element.getBoundingClientRect()
          const isCut = box.width > 1 && box.right > edge + 1 && !scrolls(element.parentElement)
          const isOurs = part !== "" && element.closest(part) !== null
          const scrollsAside = scrollsItself(element) && element.scrollWidth > element.clientWidth + 1
          return isCut || (isOurs && scrollsAside && box.width > 1)
        })
        .map((element) => element.outerHTML.slice(0, 120))
    }, within)
    expect.soft([name, width, percent, found]).toEqual([name, width, percent, []])
  }
  await page.evaluate(() => {
    document.documentElement.style.fontSize = ""
  })
  await page.setViewportSize({ width: 1280, height: 800 })
}

export async function enrol(page: Page): Promise<void> {
  const fields = page.locator("input[type=password]")
  await fields.nth(0).fill(ENROLMENT_PASSPHRASE)
  await fields.nth(1).fill(PASSPHRASE)
  await fields.nth(2).fill(PASSPHRASE)
  await page.locator("button[type=submit]").click()
  await page.waitForSelector(".shell")
}

/** Tabs until the focused thing's name begins so; every stop on the way must show its focus, and nothing that stays lies over it. */
export function keyboard(page: Page): (name: string) => Promise<void> {
  return async (name: string): Promise<void> => {
    for (let stops = 0; stops < 80; stops += 1) {
      const stop = await page.evaluate(() => {
        const at = document.activeElement as HTMLElement | null
        if (!at || at === document.body) return null
        const label = at.closest("label") ?? (at.id && document.querySelector(`label[for="${at.id}"]`))
        const ring = [at, at.closest("label"), at.closest("label")?.querySelector(".box") ?? null]
          .filter((one) => one !== null)
          .flatMap((one) => [getComputedStyle(one), getComputedStyle(one, "::before")])
          .some((style) => style.outlineStyle !== "none" && Number.parseFloat(style.outlineWidth) >= 2)
        const text = at.getAttribute("aria-label") ?? (label ? label.textContent : at.textContent) ?? ""
        const shown = at.getBoundingClientRect().width <= 1 ? (at.closest("label") ?? at) : at
        const box = shown.getBoundingClientRect()
        const top = document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2)
        const isCovered = top?.closest(".sticky") != null && at.closest(".sticky") === null
        return { text: text.trim(), ring, isCovered, html: at.outerHTML.slice(0, 140) }
      })
      if (stop && stop.html.startsWith("<iframe") === false && stop.html.startsWith("<main") === false)
        expectHere([stop.html, stop.ring, stop.isCovered]).toEqual([stop.html, true, false])
      if (stop?.text.startsWith(name)) return
      await page.keyboard.press("Tab")
    }
    throw new Error(`the keyboard does not reach ${name}`)
  }
}
