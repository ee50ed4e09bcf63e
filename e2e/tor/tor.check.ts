/**
 * Over Tor itself, on loopback: a network of Debian's tor, an onion service for each relay as packages/relay/deploy/torrc ships it, and
 * the page and hotline used through it in Firefox. The relays listen on their services' sockets and nowhere else.
 */
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { openChromium } from "@kunak/page/testing/browser"
import type { Browser as Chromium, Page as Desk } from "playwright-core"
import type { Browser, Page } from "puppeteer-core"
import { afterAll, afterEach, beforeAll, expect, test } from "vitest"
import { startClient, type TorClient } from "./client.ts"
import { type OnionService, startOnionService } from "./onion-service.ts"
import { type OnionOrganisation, PASSPHRASE, startOrganisation } from "./organisation.ts"
import { type PrivateNetwork, startPrivateNetwork } from "./private-network.ts"
import { strangers, withChildren } from "./sockets.ts"
import { torAbilities } from "./tor-process.ts"
import {
  answerIn,
  comeBack,
  learnWords,
  open,
  openTorFirefox,
  textOf,
  verdict,
  waitFor,
  write,
} from "./visit.ts"

const HEADLINE = "Новая волна задержаний. Кто может, уезжайте"
const QUESTION = "Это Амина, выдуманная. Пишу через Tor. Ёлка"
const ANSWER = "Мы прочитали. Домой пока не возвращайтесь."
const FRESH = "Страница подписана и свежая"
const PATIENCE = { timeout: 300_000 }

const folder = mkdtempSync(join(tmpdir(), "kunak-tor-"))
let network: PrivateNetwork
let services: readonly [OnionService, OnionService]
let visitor: TorClient
let organisation: OnionOrganisation
let chromium: Chromium
let firefox: Browser
let desk: Desk
/** What it took, for docs/relay.md: printed at the end. */
const figures: Record<string, number> = {}
/** Peers beyond loopback that any of our processes ever spoke with. */
const beyond = new Set<string>()
let looking: NodeJS.Timeout

const seconds = (since: number): number => Math.round((performance.now() - since) / 100) / 10

function look(): void {
  const own = [
    ...network.processes.map(({ pid }) => pid),
    ...(organisation?.pids ?? []),
    ...(firefox?.process()?.pid ? [firefox.process()?.pid ?? 0] : []),
  ]
  for (const peer of strangers(withChildren(own))) beyond.add(peer)
}

beforeAll(async () => {
  const began = performance.now()
  network = await startPrivateNetwork(folder)
  looking = setInterval(look, 1_000)
  const [a, b, staff, mine] = await Promise.all([
    startOnionService(network, "a"),
    startOnionService(network, "b"),
    startClient(network, "staff"),
    startClient(network, "visitor"),
  ])
  services = [a, b]
  visitor = mine
  await Promise.all([staff.ready, visitor.ready])
  figures.networkSeconds = seconds(began)
  process.stderr.write(`tor: network after ${figures.networkSeconds} s\n`)
  ;[organisation, chromium, firefox] = await Promise.all([
    startOrganisation(join(folder, "organisation"), services, staff.port),
    openChromium(),
    openTorFirefox(visitor.port),
  ])
  desk = await (
    await chromium.newContext({ viewport: { width: 1280, height: 900 }, locale: "ru-RU" })
  ).newPage()
  await desk.goto(organisation.desk)
  const fields = desk.locator("input[type=password]")
  await fields.nth(2).waitFor(PATIENCE)
  for (const field of await fields.all()) await field.fill(PASSPHRASE)
  await desk.locator("button[type=submit]").click()
  await desk.waitForSelector(".shell", PATIENCE)
  process.stderr.write(`tor: desk open after ${seconds(began)} s\n`)
}, 900_000)

// Said after each step, so that a run that is cut short has said what it saw.
afterEach(() => {
  process.stderr.write(`tor: so far ${JSON.stringify(figures)}\n`)
})

afterAll(async () => {
  clearInterval(looking)
  await Promise.all([firefox?.close(), chromium?.close(), organisation?.stop()])
  await network?.stop()
  rmSync(folder, { recursive: true, force: true })
  process.stdout.write(`tor: ${JSON.stringify({ tor: torAbilities(), ...figures })}\n`)
}, 60_000)

test("[T21] an officer's warning, signed at a desk behind Tor, is read at the onion address, and the page says that it is genuine", async () => {
  await desk.getByRole("link", { name: "Предупреждения" }).click(PATIENCE)
  await desk.getByRole("button", { name: "Новое предупреждение" }).click(PATIENCE)
  await desk.getByRole("checkbox", { name: "Чечня" }).check({ force: true })
  await desk.frameLocator("iframe").getByText(HEADLINE).first().waitFor(PATIENCE)
  await desk.getByRole("button", { name: /^Подписать и опубликовать/ }).click()
  await desk.getByRole("alertdialog").getByRole("button", { name: "Подписать и опубликовать" }).click()

  const [{ origin }] = services
  const began = performance.now()
  const before = await visitor.traffic()
  let page = await open(firefox, origin)
  figures.firstAnswerSeconds = seconds(began)
  figures.firstAnswerBytes = (await visitor.traffic()).read - before.read
  await expect
    .poll(
      async () => {
        await page.close()
        page = await open(firefox, origin)
        return await page.$$eval(".w h2", (all) => all.map((one) => one.textContent ?? ""))
      },
      { timeout: 300_000, interval: 3_000 },
    )
    .toContain(HEADLINE)
  // A circuit that was slow to stand is no answer to the page: people look again, too.
  for (let tries = 0; tries < 10 && !(await verdict(page)).includes(FRESH); tries++) {
    await page.close()
    page = await open(firefox, origin)
  }
  figures.verifiedSeconds = seconds(began)
  expect(await verdict(page)).toContain(FRESH)
  expect(await textOf(page, ".p0 .alarm")).toBe("")
  expect(await page.evaluate(() => [location.hostname.endsWith(".onion"), isSecureContext])).toEqual([
    true,
    true,
  ])
  expect(await page.content()).toContain(services[1].origin)
  await page.close()
})

/** As a person does: reloads until somebody attends the line. */
async function visit(): Promise<Page> {
  for (let tries = 0; tries < 20; tries++) {
    const page = await open(firefox, services[0].origin)
    await verdict(page)
    await page.waitForSelector(".p0 .hotline button")
    if (!(await textOf(page, ".p0 .hotline")).includes("Сообщения здесь давно никто не читал")) return page
    await page.close()
    await new Promise((resolve) => setTimeout(resolve, 2_000))
  }
  throw new Error("nobody attends the line")
}

test("somebody asks through Tor and is told handed over; the desk opens and answers it; who comes back reads the answer", async () => {
  const before = await visitor.traffic()
  let began = performance.now()
  let page = await visit()
  const words = await learnWords(page)
  await write(page, QUESTION)
  while (!(await waitFor(page, "Передано. Страницу можно закрыть"))) {
    await page.close()
    page = await visit()
    await comeBack(page, words)
    await write(page, QUESTION)
  }
  figures.handedOverSeconds = seconds(began)
  await page.close()
  const after = await visitor.traffic()
  figures.askingBytesRead = after.read - before.read
  figures.askingBytesWritten = after.written - before.written

  await desk.getByRole("link", { name: "Линия" }).click(PATIENCE)
  await desk.locator("a.thread").first().click(PATIENCE)
  await desk.locator(".said").getByText(QUESTION).first().waitFor(PATIENCE)
  await desk.locator(".reply textarea").fill(ANSWER)
  await desk.locator(".reply .primary").click()
  const sending = desk.locator("[role=alertdialog]")
  await sending.getByRole("button", { name: "Отправить", exact: true }).click()
  await desk.locator('.reply-state[data-state="on-board"]').waitFor(PATIENCE)

  began = performance.now()
  do {
    page = await visit()
    await comeBack(page, words)
  } while (!(await waitFor(page, "Я прочитал")))
  figures.answerReadSeconds = seconds(began)
  expect(await answerIn(page)).toBe(ANSWER)
  await page.close()
})

test("[T21] the services ask for proof of work when they are flooded, as the shipped torrc says", async () => {
  expect(torAbilities()?.pow, "this tor was built without the proof of work for onion services").toBe(true)
  for (const service of services) {
    const names = [...(await service.figures()).keys()]
    expect(names).toContain("tor_hs_pow_suggested_effort")
    expect(service.tor.log()).not.toMatch(/\[(warn|err)\].*HiddenService/)
  }
})

test("no tor, relay, duty, desk, nor Firefox spoke with anything but this machine", () => {
  look()
  expect([...beyond]).toEqual([])
})
