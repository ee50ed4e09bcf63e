/** A real desk on a real port, a real browser before it. */
import { randomBytes } from "node:crypto"
import { existsSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { must } from "@kunak/core/result"
import type { Browser, BrowserContext, Page } from "playwright-core"
import type { DeskOptions } from "../desk.ts"
import { makeDesk } from "../desk.ts"
import { readAssets } from "../platform/assets.ts"
import { systemClock } from "../platform/clock.ts"
import { type Listening, LOOPBACK, serve } from "../platform/serve.ts"
import { CHEAP } from "./test-desk.ts"
import type { DeskLine } from "./test-line.ts"

const DIST = fileURLToPath(new URL("../dist", import.meta.url))

export interface BrowserDesk {
  readonly desk: ReturnType<typeof makeDesk>
  readonly origin: string
  readonly mistakes: unknown[]
  newAddress(): string
  close(): Promise<void>
}

export async function serveDesk(
  folder: string,
  line: DeskLine,
  change: Partial<DeskOptions> = {},
): Promise<BrowserDesk> {
  if (!existsSync(DIST)) await import("../build.ts")
  const mistakes: unknown[] = []
  let listening: Listening | null = null
  const authority = () => `${LOOPBACK}:${listening?.port}`
  const desk = makeDesk({
    vaultFile: `${folder}/officer.vault`,
    enrolmentFile: null,
    sources: null,
    proxy: null,
    clock: systemClock,
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    authority,
    assets: readAssets(DIST),
    template: line.template,
    report: (mistake) => mistakes.push(mistake),
    cost: CHEAP,
    swap: () => "none",
    outgoing: line.outgoing,
    roundSeconds: 1,
    ...change,
  })
  listening = must(await serve(desk.app, 0))
  return {
    desk,
    origin: `http://${authority()}`,
    mistakes,
    newAddress: () => `http://${authority()}/#token=${desk.sessions.issueToken()}`,
    close: async () => {
      desk.host.lock("button")
      await listening?.close()
    },
  }
}

export interface Watched {
  readonly context: BrowserContext
  readonly page: Page
  /** Everything that the console complained of, blocked styles and scripts included. */
  readonly complaints: string[]
  /** Addresses outside the desk that the tab asked for. */
  readonly strays: string[]
}

export async function openTab(
  browser: Browser,
  desk: BrowserDesk,
  options: { width: number; height?: number; dark?: boolean; locale?: string },
): Promise<Watched> {
  const context = await browser.newContext({
    viewport: { width: options.width, height: options.height ?? 800 },
    colorScheme: options.dark ? "dark" : "light",
    locale: options.locale ?? "en-GB",
    reducedMotion: "reduce",
  })
  const page = await context.newPage()
  const complaints: string[] = []
  const strays: string[] = []
  page.on("console", (message) => {
    // A refusal by the desk is an answer; the browser reports every status from 400 on.
    const isRefusal = message.text().includes("status of 422")
    if (message.type() === "error" && !isRefusal) complaints.push(message.text())
  })
  page.on("pageerror", (error) => complaints.push(error.message))
  page.on("request", (request) => {
    const url = request.url()
    if (!url.startsWith(desk.origin) && !url.startsWith("data:") && !url.startsWith("blob:")) strays.push(url)
  })
  await page.goto(desk.newAddress())
  return { context, page, complaints, strays }
}
