import { existsSync } from "node:fs"
import { type Browser, type BrowserContextOptions, chromium, type Page } from "playwright-core"

const CHROMIUM = "/usr/bin/chromium"

/**
 * Parts of Chromium that are switched off: a switch given twice counts once, as given last, so what playwright switches off stands here,
 * too. And what hangs below the address bar, which no test sees: two pages of their own behind every window, half a second of a processor.
 */
export const SWITCHED_OFF: readonly string[] = [
  "AvoidUnnecessaryBeforeUnloadCheckSync",
  "DestroyProfileOnBrowserClose",
  "HttpsUpgrades",
  "HttpsFirstBalancedModeAutoEnable",
  "LensOverlay",
  "MediaRouter",
  "PaintHolding",
  "ThirdPartyStoragePartitioning",
  "AvoidCorsURLLoaderRestartOnRedirect",
  "TcpPortRandomizationWin",
  "OptimizationHints",
  "NetworkTimeServiceQuerying",
  "AimEnabled",
  "PreconnectToSearch",
  "msForceBrowserSignIn",
  "msEdgeUpdateLaunchServicesPreferredVersion",
  "WebUIOmniboxPopup",
  "WebUIOmniboxAimPopup",
  "WebUIOmniboxFullPopup",
]

/** Debian's Chromium; it makes no request of its own. */
export async function openChromium(): Promise<Browser> {
  if (!existsSync(CHROMIUM))
    throw new Error("Chromium is missing: install it with 'apt-get install chromium'")
  return await chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      `--disable-features=${SWITCHED_OFF.join(",")}`,
    ],
  })
}

/** A phone held upright. */
export const PHONE = { width: 360, height: 740 } as const
export const LAPTOP = { width: 1280, height: 800 } as const

export interface Visit {
  readonly page: Page
  /** Console messages and errors, violations of the policy among them. */
  readonly complaints: string[]
  close(): Promise<void>
}

export async function visit(
  browser: Browser,
  address: string,
  options: BrowserContextOptions = {},
  before: (page: Page) => Promise<void> = async () => {},
): Promise<Visit> {
  const context = await browser.newContext({ viewport: PHONE, locale: "ru-RU", ...options })
  const page = await context.newPage()
  const complaints: string[] = []
  page.on("console", (message) => complaints.push(`${message.type()}: ${message.text()}`))
  page.on("pageerror", (error) => complaints.push(`error: ${error.message}`))
  await before(page)
  await page.goto(address)
  return { page, complaints, close: () => context.close() }
}

/** Once both relays have answered or failed. */
export async function settled(page: Page): Promise<void> {
  await page.waitForFunction(() => {
    const regions = [...document.querySelectorAll(".live, .alarm")]
    const text = regions.map((region) => region.textContent).join("")
    return (
      text !== "" &&
      !/Страница проверяется|Через несколько секунд|Checking this page|In a few seconds/.test(text)
    )
  })
}
