/** A person's browser with its profile on the disk of that person's machine: driven, real, closed after each visit. */
import { existsSync, mkdirSync } from "node:fs"
import { join } from "node:path"
import type { BrowserContext, Page } from "playwright-core"
import type { DrillClock } from "../clock/drill-clock.ts"
import type { Place } from "../places/place.ts"

export const CHROMIUM = "/usr/bin/chromium"
export const FIREFOX = "/usr/bin/firefox-esr"

export interface Window {
  readonly page: Page
  readonly close: () => Promise<void>
}

/** @returns what is missing, as a sentence; null where Chromium can be driven. */
export async function whyNoChromium(): Promise<string | null> {
  if (!existsSync(CHROMIUM)) return "Chromium is missing: install it with 'apt-get install chromium'"
  return await missing("playwright-core")
}

export async function whyNoFirefox(): Promise<string | null> {
  if (!existsSync(FIREFOX)) return "Firefox is missing: install it with 'apt-get install firefox-esr'"
  return await missing("puppeteer-core")
}

async function missing(name: "playwright-core" | "puppeteer-core"): Promise<string | null> {
  try {
    await import(name)
    return null
  } catch {
    return `${name} is missing: run 'npm install' in a clone of the project`
  }
}

export interface Look {
  readonly userAgent?: string
  readonly phone?: boolean
  /** Hears of the window, so that whoever ends the drill can close it. */
  readonly opened?: (close: () => Promise<void>) => void
}

/** Not a private window: everything that a browser keeps by itself is kept. */
export async function openChromium(
  place: Place,
  clock: DrillClock,
  address: string,
  { userAgent, phone = false, opened }: Look = {},
): Promise<Window> {
  const { chromium } = await import("playwright-core")
  const temporary = join(place.folder, "tmp")
  mkdirSync(temporary, { recursive: true, mode: 0o700 })
  const context: BrowserContext = await chromium.launchPersistentContext(join(place.folder, "chromium"), {
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
    env: { PATH: process.env.PATH ?? "", HOME: place.folder, TMPDIR: temporary, LANG: "ru_RU.UTF-8" },
    locale: "ru-RU",
    viewport: phone ? { width: 360, height: 740 } : { width: 1280, height: 900 },
    ...(phone ? { isMobile: true, hasTouch: true } : {}),
    ...(userAgent ? { userAgent } : {}),
  })
  opened?.(() => context.close())
  await context.addInitScript(clock.script())
  const page = context.pages()[0] ?? (await context.newPage())
  try {
    await page.goto(address)
  } catch (error) {
    // Nobody else holds it yet: a browser left running keeps its place from being unmounted.
    await context.close()
    throw error
  }
  return { page, close: () => context.close() }
}
