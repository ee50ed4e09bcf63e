/** The page while it is still coming, and one that never comes whole: rules G19, G21. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import type { AddressInfo } from "node:net"
import { openChromium, PHONE } from "@kunak/page/testing/browser"
import type { Browser, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { type Front, openLine, type PageLine } from "./page-line/open-line.ts"
import { HOTLINE, practise, takeWords, write } from "./page-line/steps.ts"

const PATIENCE = { timeout: 60_000 }
const SCRIPTS = 5

let browser: Browser
let line: PageLine
/** After so many scripts the page stops; the rest comes when that is kept, or never. */
let stop = SCRIPTS
let rest: Promise<boolean> = Promise.resolve(true)
const closing: (() => void)[] = []

/** Between the visitor and a relay: lets the page through in two parts, and all else as it is. */
const front: Front = async (_relay, port) => {
  const server = createServer((request, response) => void pass(request, response, port))
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening))
  closing.push(() => {
    server.closeAllConnections()
    server.close()
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

async function pass(request: IncomingMessage, response: ServerResponse, port: number): Promise<void> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  const { method = "GET", url = "/" } = request
  const given = method === "POST" ? { method, body: Buffer.concat(chunks) } : { method }
  const answer = await fetch(`http://127.0.0.1:${port}${url}`, given)
  const kept = [...answer.headers].filter(
    ([name]) => !/^(content-encoding|content-length|transfer-encoding|connection|keep-alive)$/.test(name),
  )
  response.writeHead(answer.status, Object.fromEntries(kept))
  if (method === "POST") return void response.end(Buffer.from(await answer.arrayBuffer()))
  const text = await answer.text()
  const at = endOfScript(text, stop)
  response.write(text.slice(0, at))
  response.end((await rest) ? text.slice(at) : "")
}

/** Where the nth script that runs has ended. */
function endOfScript(text: string, n: number): number {
  let at = 0
  for (let i = 0; i < n; i++)
    at = text.indexOf("</script>", text.indexOf("<script>", at)) + "</script>".length
  return at
}

beforeAll(async () => {
  ;[browser, line] = await Promise.all([openChromium(), openLine(3_000, front)])
  await line.publish()
})
afterAll(async () => {
  await browser.close()
  await line.close()
  for (const close of closing) close()
})

async function opened(): Promise<Page> {
  const context = await browser.newContext({ viewport: PHONE, locale: "ru-RU" })
  const page = await context.newPage()
  await page.goto(line.a.origin, { waitUntil: "commit" })
  await page.locator(`${HOTLINE} button:visible`).first().waitFor()
  return page
}

/** A page that stops after so many scripts. @returns what lets the rest come. */
function stopAfter(scripts: number): () => void {
  let come = (): void => {}
  stop = scripts
  rest = new Promise((resolve) => {
    come = () => resolve(true)
  })
  return come
}

test("[G21] with the first script alone ten words are learned and a message is typed and queued; it leaves once the rest has come", async () => {
  const come = stopAfter(1)
  line.requests.length = 0
  const page = await opened()
  const words = await takeWords(page)
  await page.locator("#ask-sign").waitFor()
  await practise(page, words)
  await write(page, "Написано, пока страница грузилась")
  await page
    .getByText(/Ещё не отправлено: не сворачивайте страницу и не гасите экран. Уйдёт через/)
    .first()
    .waitFor()
  await page.locator(".draft:not([readonly])").fill("Начато")
  expect(line.requests, "nothing is asked of a relay yet").toEqual(["A GET /"])
  come()
  await page.getByText("Передано").first().waitFor(PATIENCE)
  expect(await page.locator(".draft:not([readonly])").inputValue()).toBe("Начато")
  expect((await line.letters()).map(({ message }) => message?.text)).toContain(
    "Написано, пока страница грузилась",
  )
  await page.context().close()
})

test("[G21] English words are there as soon as Russian ones, and are completed", async () => {
  const come = stopAfter(1)
  const page = await opened()
  await page.getByText("English", { exact: true }).click()
  await page.locator(".p1 .hotline button:visible", { hasText: "I have ten words" }).click()
  await page.locator("#ask-words").pressSequentially("aard zucc ящер ")
  expect(await page.locator("#ask-words").inputValue()).toBe("aardvark zucchini ящер ")
  come()
  await page.context().close()
})

test("[G21] a page that does not come whole says so, wherever it ends, whatever else it has to say", async () => {
  rest = Promise.resolve(false)
  for (let scripts = 1; scripts < SCRIPTS; scripts++) {
    stop = scripts
    const page = await opened()
    const alarm = (): Promise<string | null> => page.locator(".p0 .alarm").textContent()
    await expect.poll(alarm).toBe("Страница загрузилась не полностью. Обновите её.")
    if (scripts > 2) {
      await expect.poll(() => page.locator(".p0 .live").textContent(), PATIENCE).toContain("свежая")
      expect(await alarm(), "still").toContain("загрузилась не полностью")
    } else {
      expect(await page.locator(".p0 .live").textContent(), "no promise to ask").toBe("")
    }
    await practise(page, await takeWords(page))
    await write(page, "Не уйдёт")
    await expect
      .poll(() => page.locator(`${HOTLINE} .trouble`).textContent())
      .toContain("загрузилась не полностью")
    await page.context().close()
  }
})
