/** One state of a screen, photographed in every form in which somebody meets it. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import type { Page } from "playwright-core"

export const FORMS = [
  { name: "phone", width: 360, height: 740 },
  { name: "laptop", width: 1280, height: 800 },
] as const
const SCHEMES = ["light", "dark"] as const

export interface Camera {
  /**
   * @param state what is to be seen, for the picture's name.
   * @param part only this, where the whole page would be long.
   */
  take(page: Page, state: string, part?: string): Promise<void>
}

/** What lies over the screen is looked at as it lies there; all else from its first line to its last. */
const OVERLAYS = "[role=alertdialog], [role=menu], [role=listbox]"

/** More than a browser paints at once is left out. */
const TALLEST = 12_000

const wholeHeight = async (page: Page): Promise<number> =>
  Math.min(TALLEST, await page.evaluate(() => document.documentElement.scrollHeight))

/** A band as wide as the page. */
async function within(page: Page, part: string, width: number) {
  const [top, height] = await page
    .locator(part)
    .filter({ visible: true })
    .first()
    .evaluate((one) => [one.getBoundingClientRect().top + scrollY, one.getBoundingClientRect().height])
  return { x: 0, y: Math.max(0, (top ?? 0) - 16), width, height: (height ?? 0) + 32 }
}

export function makeCamera(folder: string): Camera {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const states: string[] = []
  const sheet = (): string =>
    `<!doctype html><meta charset="utf-8"><title>${folder}</title>${states
      .map((state) => {
        const pictures = FORMS.flatMap(({ name }) =>
          SCHEMES.map((scheme) => `<img loading="lazy" height="600" src="${state}.${name}.${scheme}.png">`),
        )
        return `<h2>${state}</h2><p>${pictures.join(" ")}</p>`
      })
      .join("\n")}\n`
  return {
    take: async (page, state, part) => {
      const numbered = `${String(states.length + 1).padStart(2, "0")} ${state}`
      states.push(numbered)
      const before = page.viewportSize() ?? FORMS[1]
      const session = await page.context().newCDPSession(page)
      for (const { name, width, height } of FORMS) {
        await page.setViewportSize({ width, height })
        await session.send("Emulation.setTouchEmulationEnabled", { enabled: name === "phone" })
        const isOver = (await page.locator(OVERLAYS).filter({ visible: true }).count()) > 0
        // A screen as tall as the page: what stays in sight lies at its end, and nothing is left unpainted.
        if (!isOver) await page.setViewportSize({ width, height: Math.max(height, await wholeHeight(page)) })
        for (const colorScheme of SCHEMES) {
          await page.emulateMedia({ colorScheme })
          await page.waitForTimeout(300)
          const path = join(folder, `${numbered}.${name}.${colorScheme}.png`)
          await page.screenshot({ path, ...(part ? { clip: await within(page, part, width) } : {}) })
        }
      }
      await session.detach()
      await page.setViewportSize(before)
      writeFileSync(join(folder, "index.html"), sheet())
    },
  }
}
