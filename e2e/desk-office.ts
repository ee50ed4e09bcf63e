/** Several officers, each at a desk of their own in a real browser, on one line whose time a test lets pass. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { type Instant, instantFromMs } from "@kunak/core/time/instant"
import type { HotlineRoutes } from "@kunak/desk/hotline/model"
import { type BrowserDesk, openTab, serveDesk, type Watched } from "@kunak/desk/testing/browser-desk"
import { enrolmentFile, PASSPHRASE } from "@kunak/desk/testing/test-desk"
import { type DeskLine, makeDeskLine } from "@kunak/desk/testing/test-line"
import { makePerson, newestEdition, type TestPerson } from "@kunak/desk/testing/test-person"
import type { TodayView } from "@kunak/desk/today/model"
import type { UiLanguage } from "@kunak/desk/view/words"
import type { PublicSource } from "@kunak/desk/warnings/model"
import type { Browser, Page } from "playwright-core"
import type { ExpectStatic } from "vitest"
import { enrol } from "./desk-screen-checks.ts"

interface Asked extends HotlineRoutes {
  readonly today: readonly [Readonly<Record<string, never>>, TodayView]
}

export interface Seat {
  readonly desk: BrowserDesk
  readonly page: Page
  /** As the window asks it. */
  ask<Path extends keyof Asked>(path: Path, body: Asked[Path][0]): Promise<Asked[Path][1]>
  /** The hotline's window, at a conversation if one is named. */
  hotline(id?: string): Promise<unknown>
  today(): Promise<unknown>
  lock(): Promise<void>
  unlock(): Promise<void>
  /** From now on this desk's own clock is so far ahead of everybody's. */
  setClock(seconds: number): void
}

export interface Look {
  readonly language?: UiLanguage
  readonly dark?: boolean
  readonly width?: number
  /** What drafts may begin from. */
  readonly sources?: readonly PublicSource[]
  /** The window as it is before anybody has enrolled in it. */
  readonly before?: (page: Page) => Promise<void>
}

export interface Office {
  readonly line: DeskLine
  /** An officer at a desk of their own, unlocked, with the window open. */
  sit(officer: "amina" | "boris", look?: Look): Promise<Seat>
  /** One round of each open desk's log and rings, now instead of in a second. */
  rounds(count: number): Promise<void>
  /** Until an edition carries a key to write to. */
  receiving(): Promise<void>
  /** The line's time passes; nobody's desk locks meanwhile. */
  pass(seconds: number): void
  publish(): Promise<void>
  writes(seed: string, text: string): Promise<TestPerson>
  now(): Instant
  /** Milliseconds that a relay takes to answer from now on. */
  setLag(ms: number): void
  /** Milliseconds that it takes beyond that to answer with a page of the log. */
  setLogLag(ms: number): void
}

/** What a window asks in the moment in which its desk locks by itself is refused; the browser reports that. */
const isNoRefusal = (complaint: string): boolean => !complaint.includes("status of 423")

/** Ends everything afterwards, and holds that no page complained, asked elsewhere, or made a mistake at a desk. */
export async function inOffice(
  browser: Browser,
  expect: ExpectStatic,
  test: (office: Office) => Promise<void>,
): Promise<void> {
  /** Milliseconds by which the line and its desks are ahead of the machine. */
  let ahead = 0
  let lag = 0
  let logLag = 0
  const wall = () => Date.now() + ahead
  const monotonic = () => performance.now() + ahead
  const now = (): Instant => instantFromMs(wall())
  const line = await makeDeskLine(now, { demonstration: true })
  const folders: string[] = []
  const desks: BrowserDesk[] = []
  const tabs: Watched[] = []

  async function sit(officer: "amina" | "boris", look: Look = {}): Promise<Seat> {
    const folder = mkdtempSync(join(tmpdir(), "desk-office-"))
    folders.push(folder)
    const file = join(folder, "officer.age")
    writeFileSync(file, await enrolmentFile(line, officer))
    let own = 0
    const desk = await serveDesk(folder, line, {
      enrolmentFile: file,
      sources: look.sources ?? null,
      // Tests ask for rounds where they need them; by itself a desk must not keep the others from theirs.
      roundSeconds: 4,
      clock: { wall: () => wall() + own, monotonic },
      outgoing: async (request) => {
        if (request.url.includes("/log/read")) await new Promise((done) => setTimeout(done, logLag))
        await new Promise((done) => setTimeout(done, lag))
        const answer = await line.outgoing(request)
        return answer.ok
          ? { ok: true, value: { ...answer.value, date: new Date(wall()).toUTCString() } }
          : answer
      },
    })
    desks.push(desk)
    const tab = await openTab(browser, desk, {
      width: look.width ?? 1280,
      dark: look.dark ?? false,
      locale: look.language === "ru" ? "ru-RU" : "en-GB",
    })
    tabs.push(tab)
    const { page } = tab
    await page.waitForSelector("form")
    await look.before?.(page)
    await enrol(page)
    return {
      desk,
      page,
      ask: async (path, body) =>
        page.evaluate(
          async ([to, sent]) => {
            const answer = await fetch(`/api/${to}`, {
              method: "POST",
              headers: {
                "content-type": "application/json",
                "kunak-key": sessionStorage.getItem("kunak-key") ?? "",
              },
              body: JSON.stringify(sent),
            })
            const { value, error } = await answer.json()
            if (error) throw new Error(JSON.stringify(error))
            return value
          },
          [path, body] as const,
        ),
      hotline: (id = "") => page.goto(`${desk.origin}/#/hotline${id && `/${id}`}`),
      today: () => page.goto(`${desk.origin}/#/today`),
      lock: async () => {
        await page.locator(".lock-button").click()
        await page.waitForSelector(".lock")
      },
      unlock: async () => {
        await page.locator("input[type=password]").fill(PASSPHRASE)
        await page.keyboard.press("Enter")
        await page.waitForSelector(".shell")
      },
      setClock: (seconds) => {
        own = seconds * 1000
      },
    }
  }
  const rounds = async (count: number): Promise<void> => {
    for (let i = 0; i < count; i += 1) for (const desk of desks) await desk.desk.host.open()?.sync.tick()
  }
  const pass = (seconds: number): void => {
    for (let left = seconds; left > 0; left -= 20) {
      ahead += Math.min(20, left) * 1000
      for (const desk of desks) {
        desk.desk.host.watch.touch()
        desk.desk.host.open()
      }
    }
  }
  const publish = async (): Promise<void> => {
    pass(10)
    await line.publish()
    await rounds(2)
  }
  const office: Office = {
    line,
    sit,
    rounds,
    pass,
    publish,
    now,
    receiving: async () => {
      for (let i = 0; i < 30; i += 1) {
        await rounds(2)
        await publish()
        if ((await newestEdition(line)).header.intakeKey.length > 0) return
      }
      throw new Error("no key to write to")
    },
    writes: async (seed, text) => {
      const person = await makePerson(line, seed)
      await person.say({ text })
      await rounds(2)
      return person
    },
    setLag: (ms) => {
      lag = ms
    },
    setLogLag: (ms) => {
      logLag = ms
    },
  }
  try {
    await test(office)
    const heard = tabs.map(({ complaints, strays }) => [complaints.filter(isNoRefusal), strays])
    expect(heard).toEqual(tabs.map(() => [[], []]))
    expect(desks.map(({ mistakes }) => mistakes)).toEqual(desks.map(() => []))
  } finally {
    for (const { context } of tabs) await context.close()
    for (const desk of desks) await desk.close()
    await line.close()
    for (const folder of folders) rmSync(folder, { recursive: true, force: true })
  }
}
