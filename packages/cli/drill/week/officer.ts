/** An officer at a desk: a program on the officer's machine, and its window in the browser there. */
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import type { Locator, Page } from "playwright-core"
import { Failure } from "../../failure.ts"
import type { DrillClock } from "../clock/drill-clock.ts"
import type { Place } from "../places/place.ts"
import { type Program, type ProgramOptions, startProgram } from "../places/program.ts"
import { type Look, openChromium, type Window } from "./browser.ts"

export const VAULT = join("kunak", "officer.vault")
const PATIENCE = { timeout: 600_000 }
const TRIES = 20
const A_WINDOW_MS = 30_000

export interface Officer {
  readonly place: Place
  readonly program: Program
  readonly passphrase: string
}

export const startDesk = async (
  name: string,
  place: Place,
  passphrase: string,
  options: ProgramOptions,
): Promise<Officer> => ({
  place,
  passphrase,
  program: await startProgram(
    name,
    place,
    [
      "desk",
      "--vault",
      join(place.folder, VAULT),
      "--enrol",
      join(place.folder, "kunak", "enrolment.age"),
      "--no-open",
      "--json",
    ],
    options,
  ),
})

/** Pressing Enter gives an address that works once. */
async function newAddress({ program }: Officer): Promise<string> {
  const before = program.said().out.split("\n").length
  program.type("\n")
  for (let i = 0; i < 6_000; i += 1) {
    const lines = program.said().out.split("\n")
    if (lines.length > before) return String(JSON.parse(lines.at(-2) ?? "").address)
    await sleep(50)
  }
  throw new Failure(`${program.name} gives no address: ${program.said().error}`, "desk", 3)
}

/**
 * A window that asks for the passphrase. A desk that begins anew after a sleep (rule K30) does not listen for a moment, and knows nothing
 * of an address that it gave before: like an officer, one presses Enter once more.
 */
async function openWindow(officer: Officer, clock: DrillClock, look: Look): Promise<Window> {
  for (let tries = 1; ; tries += 1) {
    let window: Window | null = null
    try {
      window = await openChromium(officer.place, clock, await newAddress(officer), look)
      await passwordIn(window).waitFor({ timeout: A_WINDOW_MS })
      return window
    } catch (error) {
      await window?.close()
      const isOfAnew =
        String(error).includes("ERR_CONNECTION_REFUSED") || (error as Error).name === "TimeoutError"
      if (tries === TRIES || !isOfAnew) throw error
      await sleep(1_000)
    }
  }
}

const passwordIn = ({ page }: Window): Locator => page.locator("input[type=password]").first()

/** Opens the window and unlocks it; the first time it enrols. */
export async function sitDown(
  officer: Officer,
  clock: DrillClock,
  enrolmentPassphrase: string | null,
  look: Look,
): Promise<Window> {
  const window = await openWindow(officer, clock, look)
  const fields = window.page.locator("input[type=password]")
  if (enrolmentPassphrase === null) await fields.first().fill(officer.passphrase)
  else
    for (const [i, typed] of [enrolmentPassphrase, officer.passphrase, officer.passphrase].entries())
      await fields.nth(i).fill(typed)
  await window.page.keyboard.press("Enter")
  await passwordIn(window).waitFor({ state: "detached", ...PATIENCE })
  return window
}

/** What the window's own script asks of its desk. @throws Failure with the error's kind. */
export async function askDesk<T>(page: Page, path: string, body: object = {}): Promise<T> {
  const answer = await page.evaluate(
    async ([where, what]) => {
      const response = await fetch(`/api/${where}`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          "kunak-key": sessionStorage.getItem("kunak-key") ?? "",
        },
        body: what as string,
      })
      return (await response.json()) as { value?: unknown; error?: { kind: string } }
    },
    [path, JSON.stringify(body)],
  )
  if (answer.error) throw new Failure(`a desk refuses ${path}: ${answer.error.kind}`, "desk", 3)
  return answer.value as T
}

/** Asks until it holds. @throws Failure with `what` after the minutes that a slow machine needs. */
export async function until<T>(
  what: string,
  ask: () => Promise<T | null | undefined | false>,
  seconds = 600,
): Promise<T> {
  for (const end = Date.now() + seconds * 1000; Date.now() < end; await sleep(400)) {
    const found = await ask()
    if (found) return found
  }
  throw new Failure(`the week stood still: ${what}, not within ${seconds} s`, "stuck", 3)
}

export const openHotline = (page: Page): Promise<void> =>
  page.getByRole("link", { name: /Линия|Hotline/ }).click(PATIENCE)

/** Types a reply into the window and sends it. */
export async function typeReply(page: Page, label: string, text: string): Promise<void> {
  await page.locator("a.thread", { hasText: label }).first().click(PATIENCE)
  await page.locator(".reply textarea").fill(text)
  await page.locator(".reply .primary").click(PATIENCE)
  await page
    .locator("[role=alertdialog]")
    .getByRole("button", { name: /^(Отправить|Send)$/ })
    .click(PATIENCE)
  await page.locator("[role=alertdialog]").waitFor({ state: "detached", ...PATIENCE })
}
