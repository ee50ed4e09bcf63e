import type { Locator, Page } from "playwright-core"
import { vi } from "vitest"

/** Until it holds, at most so long: in tests that run side by side `expect.poll` does not know whose it is. */
export const eventually = (holds: () => unknown, timeout = 20_000): Promise<unknown> =>
  vi.waitFor(holds, { timeout, interval: 100 })

const STOPPED = /Страница остановилась|This page has stopped/

/** A page stops after fifteen ticks, of which a busy machine leaves some out (rule Z5). @returns false where it stopped before. */
export async function comesInTime(page: Page, wanted: Locator): Promise<boolean> {
  await wanted.or(page.getByText(STOPPED)).first().waitFor({ timeout: 60_000 })
  return await wanted.isVisible()
}
