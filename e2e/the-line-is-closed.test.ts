/**
 * A running organisation is closed, by the commands of docs/closing.md, on real processes: what readers, the person who asked
 * and the desk then see; and that nobody opens it again.
 */
import { type ChildProcess, spawn } from "node:child_process"
import { copyFile, readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { REAL_PASSPHRASE, type RealLine, realLine, until } from "@kunak/cli/testing/real-line"
import { equalBytes } from "@kunak/core/bytes/equal"
import { encodeCharter } from "@kunak/core/charter/codec"
import { decodeCharterChain, encodeCharterChain, verifyCharterChain } from "@kunak/core/charter/verify"
import { decodeHeader, type EditionHeader } from "@kunak/core/edition/header"
import { must } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import { signBody } from "@kunak/core/signature/signed"
import { LANGUAGES } from "@kunak/desk/view/words"
import { LOG_START, LogFollower } from "@kunak/duty/line/log-follower"
import { speechIn } from "@kunak/page/document/words"
import { loadTemplate } from "@kunak/page/template-file"
import { openChromium } from "@kunak/page/testing/browser"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { comeBack, practise, takeWords, write } from "./page-line/steps.ts"

const PATIENCE = { timeout: 120_000 }
const MAIN = fileURLToPath(new URL("../packages/cli/main.ts", import.meta.url))
const LETTER = "Это Амина, выдуманная. Куда мне теперь обращаться?"
const NOTICE = { ru: "Обратитесь в «Другую линию».", en: "Turn to “The other line”." }

let line: RealLine
let browser: Browser
let relays: ChildProcess[]
/** Processes of the desk that still run: a test that fails leaves none. */
const desks = new Set<ChildProcess>()

beforeAll(async () => {
  line = await realLine()
  browser = await openChromium()
  relays = startRelays()
  line.start("duty", "--dir", at("duty-1"))
})
afterAll(async () => {
  for (const child of desks) child.kill("SIGKILL")
  await browser?.close()
  await line?.close()
})

const at = (...names: readonly string[]): string => join(line.folder, ...names)
const startRelays = (): ChildProcess[] =>
  ["relay-a", "relay-b"].map((name) => line.start("relay", "--config", at(name, "relay.json")))
const say = (language: "ru" | "en", key: string): string =>
  String((LANGUAGES[language] as Record<string, unknown>)[key])

/** Runs it, and expects it to be done. */
async function kunak(...args: readonly string[]): Promise<string> {
  const { code, out, error } = await line.kunak(...args)
  expect([args[0], code, error]).toEqual([args[0], 0, ""])
  return out
}
/** Runs it, and says why it was refused. */
async function refused(...args: readonly string[]): Promise<unknown> {
  const { code, error } = await line.kunak(...args, "--json")
  return [code, (JSON.parse(error) as { error: { kind: string } }).error.kind]
}
const sign = (paper: string, signer: number): Promise<string> =>
  kunak("charter", "sign", at(paper), "--key", at(`signer-${signer}`, "signer.age"), ...WORDS())
const WORDS = (): readonly string[] => ["--passphrase-file", line.words]

async function header(origin: string): Promise<EditionHeader | null> {
  const answer = await fetch(`${origin}/header`).catch(() => null)
  if (answer?.status !== 200) return null
  return decodeHeader(new Uint8Array(await answer.arrayBuffer()))?.header ?? null
}

/** `kunak desk`, unlocked in a browser. */
async function openDesk(): Promise<{ readonly page: Page; readonly end: () => Promise<void> }> {
  const child = spawn(
    process.execPath,
    [MAIN, "desk", "--json", "--no-open", "--vault", at("officer-1", "officer.vault")],
    { stdio: ["pipe", "pipe", "inherit"] },
  )
  desks.add(child)
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()))
  let said = ""
  const address = await new Promise<string>((resolve, reject) => {
    child.stdout.on("data", (part: Buffer) => {
      said += part.toString()
      const found = /"address":"([^"]+)"/.exec(said)?.[1]
      if (found) resolve(found)
    })
    child.once("exit", () => reject(new Error(`the desk ended: ${said}`)))
  })
  const context = await browser.newContext({ viewport: { width: 1280, height: 900 }, locale: "ru-RU" })
  const page = await context.newPage()
  await page.goto(address)
  await page.locator("input[type=password]").fill(REAL_PASSPHRASE)
  await page.keyboard.press("Enter")
  await page.waitForSelector(".shell", PATIENCE)
  return {
    page,
    end: async () => {
      await context.close()
      child.kill("SIGTERM")
      await ended
      desks.delete(child)
    },
  }
}

/** Until it is handed over: a page stops after fifteen ticks, of which a busy machine leaves some out (rule Z5). */
async function ask(page: Page, origin: string): Promise<void> {
  let words: readonly string[] | null = null
  for (let visits = 0; visits < 6; visits += 1) {
    await page.goto(origin)
    if (words) await comeBack(page, words.join(" "))
    else {
      words = await takeWords(page)
      await practise(page, words)
    }
    await write(page, LETTER)
    const done = page.getByText("Передано. Страницу можно закрыть").first()
    await done.or(page.getByText("Страница остановилась").first()).first().waitFor(PATIENCE)
    if (await done.isVisible()) return
  }
  throw new Error("six visits, and it was not handed over")
}

interface Shown {
  readonly delegations: readonly { readonly officers: readonly string[] }[]
}

test("[C8] a line that runs is closed by k signers: readers, the person and the desk are told, and what came before is opened", async () => {
  const [originA, originB] = line.origins
  await writeFile(at("notice.json"), JSON.stringify(NOTICE))
  // The desk makes keys to write to, and meanwhile the signers sign.
  const receiving = async (): Promise<void> => {
    const first = await openDesk()
    await until("a key to write to", async () => (await header(originA))?.intakeKey.length)
    await first.end()
  }
  const signing = async (): Promise<void> => {
    await until("the page", () => header(originA))
    const from = ["--from", at("public"), originA]
    await kunak("close", ...from, "--notice", at("notice.json"), "--out", at("closing.json"))
    await sign("closing.json", 1)
    const send = ["charter", "send", at("closing.json"), "--enrolment", at("duty-1", "enrolment.json")]
    expect(await refused(...send)).toEqual([1, "too-few-signatures"])
    await sign("closing.json", 2)
  }
  await Promise.all([receiving(), signing()])

  // Asked on a phone while every desk is off: it lies in the ring when the line closes.
  const context = await browser.newContext({ viewport: { width: 360, height: 740 }, locale: "ru-RU" })
  const asking = await context.newPage()
  await ask(asking, originA)

  await kunak("charter", "send", at("closing.json"), "--enrolment", at("duty-1", "enrolment.json"))
  await kunak("charter", "keep", at("closing.json"), "--in", at("public"))
  const last = must(await verifyCharterChain(await readFile(at("public", "charter.kunak")), null))
  expect(last.current.charter.closed).toBe(true)
  for (const child of relays) await line.end(child)
  for (const name of ["relay-a", "relay-b"])
    await copyFile(at("public", "charter.kunak"), at(name, "charter.kunak"))
  relays = startRelays()

  const isLast = (said: EditionHeader | null): boolean =>
    said !== null && equalBytes(said.charterHash, last.current.hash)
  for (const origin of [originA, originB])
    await until("the closing edition", async () => isLast(await header(origin)))
  const seen = new Map<string, boolean>()
  const collect = async (): Promise<void> => {
    for (const origin of [originA, originB]) {
      const said = await header(origin)
      if (said) seen.set(JSON.stringify(said.id), isLast(said) && said.intakeKey.length === 0)
    }
  }
  const collecting = setInterval(() => void collect(), 500)

  // Readers, with script and in both languages; nothing to write with, not even for who comes back.
  const { words } = await loadTemplate()
  await asking.goto(originA)
  await asking.locator(".p0 .live p").first().waitFor(PATIENCE)
  for (const [place, language] of ["ru", "en"].entries()) {
    const said = speechIn(words, language)
    await asking.locator(`#language-${place}`).evaluate((tab: HTMLInputElement) => tab.click())
    const root = asking.locator(`.p${place}`)
    expect(await asking.locator(".banner.closed").innerText()).toContain(said.say("closed.heading"))
    expect(await root.innerText()).toContain(said.say("closed.ask"))
    expect(await root.innerText()).toContain(NOTICE[language as "ru" | "en"])
    expect(await root.locator('.hotline, [id^="ask"] :is(button, textarea, input)').count()).toBe(0)
  }
  await context.close()

  // The desk: told, and what had been sent before is opened.
  const desk = await openDesk()
  const { page } = desk
  await page.getByText(say("ru", "closed.text")).waitFor(PATIENCE)
  expect(await page.locator(".closed li[aria-current]").count()).toBe(1)
  await page.getByRole("link", { name: say("ru", "hotline"), exact: true }).click()
  await page.locator("a.thread").first().click(PATIENCE)
  await page.locator(".said").getByText(LETTER).first().waitFor(PATIENCE)
  await page.getByText(say("ru", "closed.reply")).waitFor(PATIENCE)
  expect(await page.locator(".reply textarea").count()).toBe(0)
  await page.goto(`${new URL(page.url()).origin}/#/settings`)
  await page.locator(".switch").getByText("English").first().click()
  await page.goto(`${new URL(page.url()).origin}/#/warnings`)
  await page.getByText(say("en", "closed.line")).waitFor(PATIENCE)
  expect(await page.getByRole("button", { name: say("en", "warnings.new") }).count()).toBe(0)

  // Step 4: officers' keys are taken back under the closing charter, and the desk says so.
  const shown = JSON.parse(await kunak("charter", "show", at("public"), "--json")) as Shown
  const { officers } = shown.delegations[0] as Shown["delegations"][0]
  await kunak("charter", "revoke", "--from", at("public"), "--key", ...officers, "--out", at("revoke.json"))
  for (const signer of [1, 2]) await sign("revoke.json", signer)
  await kunak("charter", "send", at("revoke.json"), "--enrolment", at("duty-1", "enrolment.json"))
  await page.goto(`${new URL(page.url()).origin}/#/today`)
  await page.getByText(say("en", "closed.keyTaken")).waitFor(PATIENCE)

  clearInterval(collecting)
  expect(seen.size).toBeGreaterThan(1)
  expect([...seen].filter(([, isRight]) => !isRight)).toEqual([])
  await desk.end()
}, 600_000)

test("[C8] nobody renews, delegates, closes or opens it again, with commands or with the signers' own keys", async () => {
  const [originA, originB] = line.origins
  const from = ["--from", at("public"), originA]
  await writeFile(at("organisation.json"), await kunak("init", "--example"))
  const out = ["--out", at("again.json")]
  const answers = await Promise.all([
    refused("charter", "renew", ...from, "--description", at("organisation.json"), ...out),
    refused("charter", "delegate", ...from, ...out),
    refused("close", ...from, "--notice", at("notice.json"), ...out),
  ])
  expect(answers).toEqual([
    [1, "closed"],
    [1, "closed"],
    [1, "closed"],
  ])

  // All of them together, with a tool of their own: in the log, and in a relay's folder.
  const { signers } = line.ceremony
  const bytes = new Uint8Array(await readFile(at("public", "charter.kunak")))
  const closed = must(await verifyCharterChain(bytes, null))
  const { charter, hash } = closed.current
  const next = { ...charter, closed: false, sequence: charter.sequence + 1, previous: hash }
  const body = encodeCharter({ ...next, issued: (charter.issued + 1) as typeof charter.issued })
  const signatures = await Promise.all(
    signers.map(async (key, index) => ({ index, signature: await signBody("charter", body, key) })),
  )
  const links = [...(decodeCharterChain(bytes) ?? []), { body, byPrevious: signatures, byOwn: signatures }]
  const opened = encodeCharterChain(links)
  const enrolment = await line.enrolment("duty-1")
  const [a] = line.clients(enrolment)
  const log = new LogFollower({
    organisationId: closed.organisationId,
    keys: { line: enrolment.lineKey, staff: new Secret(new Uint8Array(32)) },
    random: line.random,
  })
  await until("the charter in the log", async () => {
    const read = await log.catchUp(a, LOG_START)
    if (!read.ok) return false
    return (await log.append(a, read.value.place, log.partsOf({ kind: "charter", chain: opened }))).ok
  })
  const before = await header(originA)
  const after = await until("two editions later", async () => {
    const said = await header(originA)
    return said && before && said.id.number > before.id.number + 1 ? said : null
  })
  expect([equalBytes(after.charterHash, hash), after.intakeKey.length]).toEqual([true, 0])

  await line.end(relays[1] as ChildProcess)
  await writeFile(at("relay-b", "charter.kunak"), opened)
  const started = await line.kunak("relay", "--config", at("relay-b", "relay.json"), "--json")
  expect([started.code === 0, await header(originB)]).toEqual([false, null])
}, 600_000)
