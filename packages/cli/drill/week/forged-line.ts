/** Somebody who comes to a line whose edition a seized duty made, reads what the page says, and writes all the same. */
import { setTimeout as sleep } from "node:timers/promises"
import type { Page } from "playwright-core"
import { takeWords } from "./help-seeker.ts"

const HOTLINE = ".p0 .hotline"
const A_LOOK = 10_000
const LOOKS = 6
/** A visit is fifteen ticks, three quarters of a minute; a busy machine sleeps through some. */
const A_VISIT_MS = 60_000

export interface Met {
  /** Of the receipt: "nobody has read here for long", or not. */
  readonly reading: "said-to-be-unread" | "said-to-be-read" | "silent"
  /** Of the intake key: "the line receives nothing now", or that the letter was handed over. */
  readonly writing: "said-to-receive-nothing" | "handed-over" | "silent"
}

/** @param hasPosted whether a relay took an envelope of the page by now: what it is sealed to is judged later. */
export async function meetForgedLine(page: Page, hasPosted: () => boolean): Promise<Met> {
  const reading = await readingOf(page)
  if (reading === "silent") return { reading, writing: "silent" }
  await takeWords(page)
  await page.locator(".draft:not([readonly])").fill("Помогите, за мной пришли.")
  await page.locator(`${HOTLINE} button:visible`, { hasText: "Отправить" }).first().click()
  let writing: Met["writing"] = "silent"
  for (const end = Date.now() + A_VISIT_MS; Date.now() < end; await sleep(500)) {
    const text = (await page.locator(HOTLINE).textContent()) ?? ""
    if (text.includes("Передано. Страницу можно закрыть")) return { reading, writing: "handed-over" }
    if (text.includes("Сейчас линия не принимает сообщений")) writing = "said-to-receive-nothing"
    if (writing !== "silent" && hasPosted()) break
  }
  return { reading, writing }
}

async function readingOf(page: Page): Promise<Met["reading"]> {
  const hotline = page.locator(HOTLINE)
  for (let i = 0; i < LOOKS; i += 1) {
    const isThere = await hotline
      .locator("button:visible")
      .first()
      .waitFor({ timeout: A_LOOK })
      .then(
        () => true,
        () => false,
      )
    const text = isThere ? ((await hotline.textContent()) ?? "") : ""
    if (text.includes("Сообщения здесь давно никто не читал")) return "said-to-be-unread"
    if (isThere && i > 1) return "said-to-be-read"
  }
  return "silent"
}
