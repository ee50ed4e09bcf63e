import { type Visit, visit } from "@kunak/page/testing/browser"
import type { Browser } from "playwright-core"
import { openLine, type PageLine } from "./open-line.ts"
import { SAYS, type StepLanguage } from "./said.ts"
import { HOTLINE } from "./steps.ts"

/** Quick enough for a test, slow enough for a busy machine. */
export const TICK_MS = 1_500

/** A line of its own, with its first edition; closed afterwards, whatever happens. */
export async function withLine(look: (line: PageLine) => Promise<void>, tickMs = TICK_MS): Promise<void> {
  const line = await openLine(tickMs)
  try {
    await line.publish()
    await look(line)
  } finally {
    await line.close()
  }
}

/** The page in a window of its own, with its hotline ready. @param how the window is, beside its language. */
export async function openHotline(
  browser: Browser,
  line: PageLine,
  language: StepLanguage,
  how = {},
): Promise<Visit> {
  const locale = language === "ru" ? "ru-RU" : "en-GB"
  const open = await visit(browser, line.a.origin, { locale, ...how })
  await open.page.locator(`${HOTLINE} button:visible`, { hasText: SAYS[language].first }).waitFor()
  return open
}
