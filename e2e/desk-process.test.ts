/** The desk as a person runs it: a process, a vault, a browser; and what must not be left behind. */
import { type ChildProcess, spawn } from "node:child_process"
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { memoryOf } from "@kunak/cli/drill/places/memory"
import { instantFromMs } from "@kunak/core/time/instant"
import { ENROLMENT_PASSPHRASE, enrolmentFile, PASSPHRASE } from "@kunak/desk/testing/test-desk"
import { type DeskLine, makeDeskLine } from "@kunak/desk/testing/test-line"
import { openChromium } from "@kunak/page/testing/browser"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, type ExpectStatic, it } from "vitest"

const KUNAK = fileURLToPath(new URL("../packages/cli/main.ts", import.meta.url))
const CANARY = "canaryAminaBridgeMill"

let browser: Browser
let line: DeskLine

beforeAll(async () => {
  browser = await openChromium()
  line = await makeDeskLine(() => instantFromMs(Date.now()), {
    demonstration: true,
    // Nothing listens there: a desk whose relays are down.
    relays: [{ web: "http://127.0.0.1:9" }, { web: "http://127.0.0.1:9" }],
  })
})
afterAll(async () => {
  await browser.close()
  await line.close()
})

/** A computer of its own: a folder, and the processes that were started in it. */
interface Computer {
  readonly folder: string
  readonly running: ChildProcess[]
}

/** One test, side by side with the others: most of their time they wait, for a passphrase, for sleep, for a window. */
function onComputer(name: string, test: (computer: Computer, expect: ExpectStatic) => Promise<void>): void {
  it.concurrent(name, async ({ expect }) => {
    const folder = mkdtempSync(join(tmpdir(), "desk-process-"))
    for (const part of ["vault", "tmp"]) mkdirSync(join(folder, part))
    writeFileSync(join(folder, "officer.age"), await enrolmentFile(line, "amina"))
    const running: ChildProcess[] = []
    try {
      await test({ folder, running }, expect)
    } finally {
      for (const child of running) await end(child)
      rmSync(folder, { recursive: true, force: true })
    }
  })
}

interface Started {
  readonly child: ChildProcess
  readonly address: string
  readonly said: () => string
}

/** Runs `kunak desk`, until it prints its address or ends. */
async function start(
  { folder, running }: Computer,
  wrap: (command: string[]) => string[] = (command) => command,
): Promise<Started> {
  const args = ["desk", "--json", "--no-open", "--vault", join(folder, "vault/officer.vault")]
  const [program = "", ...rest] = wrap([
    process.execPath,
    KUNAK,
    ...args,
    "--enrol",
    join(folder, "officer.age"),
  ])
  const env = { ...process.env, TMPDIR: join(folder, "tmp"), SQLITE_TMPDIR: join(folder, "tmp") }
  const child = spawn(program, rest, { env, stdio: ["pipe", "pipe", "pipe"] })
  running.push(child)
  let said = ""
  const take = (part: Buffer): void => {
    said += part.toString()
  }
  child.stdout?.on("data", take)
  child.stderr?.on("data", take)
  const address = await new Promise<string>((resolve) => {
    child.stdout?.on("data", () => {
      const found = /"address":"([^"]+)"/.exec(said)?.[1]
      if (found) resolve(found)
    })
    child.on("exit", () => resolve(""))
  })
  return { child, address, said: () => said }
}

async function end(child: ChildProcess, signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once("exit", resolve))
  child.kill(signal)
  await ended
}

async function openDesk(address: string): Promise<Page> {
  const context = await browser.newContext({ locale: "en-GB" })
  const page = await context.newPage()
  await page.goto(address)
  return page
}

async function enrol(page: Page): Promise<void> {
  const fields = page.locator("input[type=password]")
  await fields.nth(0).fill(ENROLMENT_PASSPHRASE)
  await fields.nth(1).fill(PASSPHRASE)
  await fields.nth(2).fill(PASSPHRASE)
  await page.locator("button[type=submit]").click()
  await page.waitForSelector(".shell", { timeout: 60_000 })
}

async function writeCanary(page: Page, expect: ExpectStatic): Promise<void> {
  await page.goto(`${new URL(page.url()).origin}/#/warnings`)
  await page.getByRole("button", { name: "New warning" }).click()
  await page.waitForSelector(".editor")
  await page.locator(".editor textarea").last().fill(`${CANARY} `.repeat(20))
  await expect.poll(() => page.locator(".save-state").textContent()).toBe("Saved")
}

const diskImage = ({ folder }: Computer): Buffer =>
  Buffer.concat(
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => readFileSync(join(entry.parentPath, entry.name))),
  )
const holds = (image: Buffer, text: string): boolean =>
  image.includes(Buffer.from(text, "utf8")) || image.includes(Buffer.from(text, "utf16le"))

onComputer(
  "[K6] a process that was stopped for half a minute, as by sleep, is locked when it wakes",
  async (computer, expect) => {
    const desk = await start(computer)
    const page = await openDesk(desk.address)
    await enrol(page)
    await writeCanary(page, expect)
    await page.evaluate(() => {
      const seen = document.documentElement.dataset
      new MutationObserver(() => {
        if (document.body.textContent.includes("The program has ended")) seen.ended = "yes"
      }).observe(document.body, { subtree: true, childList: true, characterData: true })
    })
    desk.child.kill("SIGSTOP")
    await new Promise((resolve) => setTimeout(resolve, 32_000))
    desk.child.kill("SIGCONT")
    await page.waitForSelector(".lock", { timeout: 15_000 })
    expect(await page.content()).not.toContain(CANARY)
    // It begins anew with the lock: the tab waits for it, and never says that the program has ended.
    await expect
      .poll(() => page.locator("main").textContent(), { timeout: 15_000 })
      .toContain("The computer slept")
    expect(await page.evaluate(() => document.documentElement.dataset.ended)).toBeUndefined()
  },
)

onComputer(
  "[K19] a disk that takes no more says so and loses nothing that was saved",
  async (computer, expect) => {
    // The process may write no file beyond this size: the kernel answers EFBIG, as a full disk answers ENOSPC.
    const limited = (command: string[]) => [
      "/bin/bash",
      "-c",
      `trap '' XFSZ; ulimit -f 600; exec "$@"`,
      "desk",
      ...command,
    ]
    const desk = await start(computer, limited)
    const page = await openDesk(desk.address)
    await enrol(page)
    await writeCanary(page, expect)
    const note = page.locator(".editor textarea").last()
    for (let saves = 0; saves < 60 && (await page.locator(".save-state.failed").count()) === 0; saves++) {
      await note.fill("x".repeat((10 + (saves % 13) * 4) * 330))
      await page.waitForTimeout(700)
    }
    expect(await page.locator("[role=alert]").allTextContents()).toContainEqual(
      expect.stringMatching(/disk is full|disk failed/),
    )
    expect(await note.inputValue()).toMatch(/^x{3000}/)
    await end(desk.child, "SIGKILL")
    const again = await start(computer)
    const reopened = await openDesk(again.address)
    await reopened.locator("input[type=password]").fill(PASSPHRASE)
    await reopened.keyboard.press("Enter")
    await reopened.waitForSelector(".shell", { timeout: 60_000 })
    await reopened.goto(`${new URL(reopened.url()).origin}/#/warnings`)
    await reopened.locator(".item").first().click()
    await reopened.waitForSelector(".editor")
    expect(await reopened.locator(".editor textarea").last().inputValue()).not.toBe("")
  },
)

onComputer(
  "[Q2] leaves no canary in vault, WAL or temporary folders: open, killed, and locked",
  async (computer, expect) => {
    const first = await start(computer)
    const page = await openDesk(first.address)
    await enrol(page)
    await writeCanary(page, expect)
    expect(holds(diskImage(computer), CANARY)).toBe(false)
    expect(holds(diskImage(computer), PASSPHRASE)).toBe(false)
    await end(first.child, "SIGKILL")
    expect(readdirSync(join(computer.folder, "vault")).sort()).toEqual([
      "officer.vault",
      "officer.vault-wal",
      "officer.vault.lock",
    ])
    expect(holds(diskImage(computer), CANARY)).toBe(false)
    expect(first.said()).not.toMatch(new RegExp(`${CANARY}|${PASSPHRASE}`))
    // The lock file of the killed process is taken over, and what was saved is there.
    const second = await start(computer)
    const again = await openDesk(second.address)
    await again.locator("input[type=password]").fill(PASSPHRASE)
    await again.keyboard.press("Enter")
    await again.waitForSelector(".shell", { timeout: 60_000 })
    await again.goto(`${new URL(again.url()).origin}/#/warnings`)
    await again.locator(".item").first().click()
    await again.waitForSelector(".editor")
    expect(await again.locator(".editor textarea").last().inputValue()).toContain(CANARY)
    await again.locator(".lock-button").click()
    await again.waitForSelector(".lock")
    await expect
      .poll(() => readdirSync(join(computer.folder, "vault")).sort())
      .toEqual(["officer.vault", "officer.vault.lock"])
    expect(holds(diskImage(computer), CANARY)).toBe(false)
    await end(second.child)
    expect(readdirSync(join(computer.folder, "vault"))).toEqual(["officer.vault"])
  },
)

/** What a core dump would hold: pages that can be written to. */
function memoryHolds(pid: number, text: string): boolean {
  for (const part of memoryOf(pid)) if (holds(Buffer.from(part), text)) return true
  return false
}

onComputer(
  "[K30] a desk that has locked keeps no word and no passphrase in its memory, and the tab stays signed in",
  async (computer, expect) => {
    const desk = await start(computer)
    const pid = desk.child.pid ?? 0
    const page = await openDesk(desk.address)
    await enrol(page)
    await writeCanary(page, expect)
    expect(memoryHolds(pid, CANARY)).toBe(true)
    await page.locator(".lock-button").click()
    await page.waitForSelector(".lock")
    // It begins anew under the same id: nothing of before is there any more.
    await expect
      .poll(() => memoryHolds(pid, CANARY) || memoryHolds(pid, PASSPHRASE), {
        timeout: 60_000,
        interval: 500,
      })
      .toBe(false)
    await page.locator("input[type=password]").fill(PASSPHRASE)
    await page.keyboard.press("Enter")
    await page.waitForSelector(".shell", { timeout: 60_000 })
    expect(desk.child.exitCode).toBeNull()
    expect(desk.said().trim().split("\n")).toHaveLength(1)
  },
)

onComputer(
  "[Q6] a second desk on the vault is refused in one sentence that names the process",
  async (computer, expect) => {
    const first = await start(computer)
    const second = await start(computer)
    expect(second.address).toBe("")
    expect(second.child.exitCode).toBe(3)
    const { error } = JSON.parse(second.said()) as { error: { kind: string; text: string } }
    expect(error).toEqual({
      kind: "vault-in-use",
      text: `Another desk (process ${first.child.pid}) has this vault open: use its window, or end that process first.`,
    })
  },
)

onComputer("[K1] the printed address works once; Enter prints another", async (computer, expect) => {
  const desk = await start(computer)
  const page = await openDesk(desk.address)
  await page.waitForSelector("form")
  expect(page.url()).not.toContain("token")
  const stranger = await openDesk(desk.address)
  await stranger.waitForSelector(".notice")
  expect(await stranger.locator("h1").textContent()).toBe("This tab is not signed in")
  desk.child.stdin?.write("\n")
  await expect.poll(() => desk.said().trim().split("\n").length).toBe(2)
  const next = (JSON.parse(desk.said().trim().split("\n")[1] ?? "{}") as { address: string }).address
  const welcome = await openDesk(next)
  await welcome.waitForSelector("form")
})

onComputer("[K4] a wrong passphrase gets one sentence and a wait that is shown", async (computer, expect) => {
  const desk = await start(computer)
  const page = await openDesk(desk.address)
  await enrol(page)
  await page.locator(".lock-button").click()
  await page.waitForSelector(".lock")
  const tries = async () => {
    await page.locator("input[type=password]").fill("wrong words")
    await page.keyboard.press("Enter")
  }
  await tries()
  await expect
    .poll(() => page.locator("[role=alert]").textContent(), { timeout: 30_000 })
    .toBe("This passphrase and this file do not open together.")
  await tries()
  await expect.poll(() => page.locator("[role=alert]").textContent(), { interval: 20 }).toMatch(/^Wait 1 s/)
})
