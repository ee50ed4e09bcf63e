/** What a visit leaves behind and tells others: rules G4, G15. */
import { textBlock } from "@kunak/core/forward/text-block"
import { TICKS } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import { renderPage } from "@kunak/page/document/render"
import { openChromium, settled, visit } from "@kunak/page/testing/browser"
import { fiveWarnings, type Sample } from "@kunak/page/testing/five-warnings"
import {
  nowInstant,
  openPageSite,
  type PageSite,
  type SeenRequest,
  sampleTemplate,
} from "@kunak/page/testing/page-site"
import type { Browser, BrowserContext, Page } from "playwright-core"
import { afterAll, beforeAll, expect, test } from "vitest"
import { eventually } from "./page-line/eventually.ts"
import { withoutNewCryptography } from "./page-line/old-phone.ts"
import { practise, takeWords, write } from "./page-line/steps.ts"

interface Stage {
  readonly site: PageSite
  readonly sample: Sample
}

async function openStage(): Promise<Stage> {
  const site = await openPageSite()
  const sample = await fiveWarnings(nowInstant(), site.relays, "quick")
  site.serve(sample.edition)
  return { site, sample }
}

let browser: Browser
let stage: Stage
let site: PageSite
/** Where requests are counted, one visit after the other. */
let counted: Stage
beforeAll(async () => {
  ;[browser, stage, counted] = await Promise.all([openChromium(), openStage(), openStage()])
  site = stage.site
})
afterAll(async () => {
  await browser.close()
  await Promise.all([stage, counted].map((one) => one.site.close()))
})

/** Uses everything that the page offers. */
async function useEverything(page: Page, { sample }: Stage = stage): Promise<void> {
  const { organisation, edition } = sample
  const warning = edition.bulletin.warnings[0]
  if (!warning) throw new TypeError("no warning")
  await page.getByText("English", { exact: true }).click()
  await page.getByText("Русский", { exact: true }).click()
  await page.locator(".index:visible a").first().click()
  const block = must(textBlock(warning, "ru", organisation.chain, organisation.delegations))
  await page.locator("textarea.paste:visible").fill(block)
  await page.locator("button.check:visible").click()
  await eventually(async () => expect(await page.locator(".p0 .verdict").textContent()).toMatch(/^Настоящее/))
  const picture = { name: "x.png", mimeType: "image/png", buffer: Buffer.from("x") }
  await page.locator("input.picture:visible").setInputFiles(picture)
  await page.locator(".pass:visible summary").first().click()
  await page.locator(".pass:visible button").first().click()
  await practise(page, await takeWords(page))
  await write(page, "Сообщение, которого никто не видит")
}

/** A busy machine leaves ticks out (rule Z5), for everybody: such a visit is made again. */
async function recorded(use: (page: Page) => Promise<void>): Promise<readonly SeenRequest[]> {
  for (let attempt = 0; attempt < 8; attempt++) {
    const seen = await recordOnce(use)
    if (seen.length === 1 + 2 * TICKS) return seen
  }
  throw new Error("eight visits in which a tick was left out")
}

async function recordOnce(use: (page: Page) => Promise<void>): Promise<readonly SeenRequest[]> {
  const { site } = counted
  site.seen.length = 0
  const all: string[] = []
  const { page, complaints, close } = await visit(browser, "about:blank", {}, async (fresh) => {
    fresh.on("request", (request) => all.push(request.url()))
  })
  await page.goto(site.a.origin)
  await settled(page)
  await use(page)
  // To the end of the visit: fifteen ticks to each relay.
  const begun = performance.now()
  while (site.seen.length < 1 + 2 * TICKS && performance.now() - begun < 24_000)
    await page.waitForTimeout(200)
  await page.waitForTimeout(1_500)
  const elsewhere = all.filter(
    (address) =>
      ![site.a.origin, site.b.origin].some((origin) => address.startsWith(origin)) &&
      !/^(data|blob|about):/.test(address),
  )
  expect(elsewhere, "no request but to the two relays").toEqual([])
  expect(complaints, "no violation of the policy, no error").toEqual([])
  await close()
  return [...site.seen]
}

const inOrder = (requests: readonly SeenRequest[]): readonly SeenRequest[] =>
  [...requests].sort((x, y) => (x.path + x.relay < y.path + y.relay ? -1 : 1))

test.concurrent("[G4] whoever only reads and whoever uses everything send the same requests, header by header", async () => {
  const read = await recorded(async () => {})
  const used = await recorded((page) => useEverything(page, counted))
  const asked = read.map(({ relay, method, path }) => `${relay} ${method} ${path}`)
  expect([...new Set(asked)].sort()).toEqual(["A GET /", "A POST /tick", "B POST /tick"])
  expect(inOrder(used)).toEqual(inOrder(read))
  for (const { path, headers } of read) {
    expect(headers.cookie).toBeUndefined()
    expect(headers.referer).toBeUndefined()
    expect(headers["access-control-request-method"]).toBeUndefined()
    if (path !== "/tick") continue
    expect(headers.accept).toBe("*/*")
    expect(headers["content-type"]).toBeUndefined()
  }
})

async function kept(page: Page, context: BrowserContext): Promise<unknown> {
  const inPage = await page.evaluate(async () => ({
    local: localStorage.length,
    session: sessionStorage.length,
    cookie: document.cookie,
    databases: (await indexedDB.databases()).length,
    caches: (await caches.keys()).length,
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    name: window.name,
    state: history.state as unknown,
  }))
  return { ...inPage, cookies: (await context.cookies()).length }
}

test.concurrent("[G4] nothing is stored and no cookie set, whatever is used", async () => {
  const { page, close } = await visit(browser, site.a.origin)
  await settled(page)
  await useEverything(page)
  expect(await kept(page, page.context())).toEqual({
    local: 0,
    session: 0,
    cookie: "",
    databases: 0,
    caches: 0,
    workers: 0,
    name: "",
    state: null,
    cookies: 0,
  })
  await close()
})

/** Says each time that somebody asks for it. */
const watchWebAssembly = async (page: Page): Promise<void> => {
  await page.addInitScript(() => {
    const own = WebAssembly
    Object.defineProperty(globalThis, "WebAssembly", {
      get: () => {
        console.log("WebAssembly")
        return own
      },
    })
  })
}

test.concurrent("[G16] WebAssembly, which hardened browsers lack, is never asked for, on new phones or old ones; the policy lets none be made", async () => {
  for (const before of [async () => {}, withoutNewCryptography]) {
    const { page, complaints, close } = await visit(browser, site.a.origin, {}, async (fresh) => {
      await watchWebAssembly(fresh)
      await before(fresh)
    })
    await settled(page)
    await useEverything(page)
    // An envelope has been sealed and sent, and a puzzle solved.
    await page.locator(".item .told").getByText("Ещё не отправлено").waitFor({ state: "detached" })
    expect(complaints).toEqual([])
    const made = await page.evaluate(() => {
      try {
        return String(new WebAssembly.Module(Uint8Array.of(0, 97, 115, 109, 1, 0, 0, 0)))
      } catch (error) {
        return String(error)
      }
    })
    expect(made).toMatch(/^CompileError.*Content Security Policy/)
    expect(complaints, "whoever asks for it is seen").toContain("log: WebAssembly")
    await close()
  }
})

test.concurrent("[G4] the policy lets nothing else run, load or be asked", async () => {
  const { page, close } = await visit(browser, site.a.origin)
  const outcome = await page.evaluate(async () => {
    const violated: string[] = []
    document.addEventListener("securitypolicyviolation", (event) => violated.push(event.effectiveDirective))
    const script = document.createElement("script")
    try {
      script.textContent = "window.intruded = true"
      document.body.append(script)
    } catch {
      violated.push("trusted-types")
    }
    const style = document.createElement("style")
    style.textContent = "body{color:red}"
    document.head.append(style)
    const asked = await fetch("https://example.org/").then(
      () => "asked",
      () => "refused",
    )
    let markup = "made"
    try {
      document.body.insertAdjacentHTML("beforeend", "<b>markup</b>")
    } catch {
      markup = "refused"
    }
    await new Promise((resume) => setTimeout(resume, 200))
    return { violated, intruded: "intruded" in window, asked, markup }
  })
  expect(outcome.intruded).toBe(false)
  expect(outcome.asked).toBe("refused")
  expect(outcome.markup).toBe("refused")
  expect(outcome.violated).toEqual(expect.arrayContaining(["connect-src", "style-src-elem"]))
  await close()
})

test.concurrent("[G4] the web page names no onion address, the onion page no other than it must", async () => {
  const onion = `http://${"a".repeat(56)}.onion`
  const { edition } = await fiveWarnings(nowInstant(), [
    { web: "https://a.example", onion },
    { web: "https://b.example" },
  ])
  const policyOf = (page: Uint8Array): string =>
    /connect-src ([^;]*);/.exec(new TextDecoder().decode(page))?.[1] ?? ""
  const template = await sampleTemplate()
  expect(policyOf(renderPage(template, edition, "web"))).toBe("https://a.example https://b.example")
  expect(policyOf(renderPage(template, edition, "onion"))).toBe(`${onion} https://b.example`)
  const readable = new TextDecoder()
    .decode(renderPage(template, edition, "web"))
    .split('<script type="application')[0]
  expect(readable).not.toContain("onion")
})

/** Playwright can't look into a page that is being left: the page itself says what became of its body. */
async function sayWhenCovered(page: Page): Promise<void> {
  await page.addInitScript(() => {
    new MutationObserver(() => {
      if (document.documentElement.classList.contains("left")) {
        console.log(`covered ${getComputedStyle(document.body).display}`)
      }
    }).observe(document, { attributes: true, subtree: true })
  })
}

/** A neutral site that answers late: what is seen meanwhile is what somebody looking over the shoulder sees. */
async function withNeutralSite(page: Page): Promise<{ answer: () => void }> {
  let answer = (): void => {}
  const waited = new Promise<void>((resume) => {
    answer = resume
  })
  await page.context().route("https://ya.ru/**", async (route) => {
    await waited
    await route.fulfill({ contentType: "text/html", body: "<title>Neutral</title>" })
  })
  return { answer }
}

for (const how of ["the link", "Shift three times"] as const) {
  test.concurrent(`[G15] ${how} covers the page at once and takes its place in the history`, async () => {
    const { page, complaints, close } = await visit(browser, "about:blank", {}, sayWhenCovered)
    const neutral = await withNeutralSite(page)
    await page.goto(site.a.origin)
    await settled(page)
    await page.locator(".index:visible a").first().click()
    const headers: string[] = []
    page.on("request", (request) => headers.push(request.headers().referer ?? ""))
    if (how === "the link") await page.locator("a.leave:visible").click({ noWaitAfter: true })
    else for (let i = 0; i < 3; i++) await page.keyboard.press("Shift")
    await eventually(() => expect(complaints).toContain("log: covered none"), 2_000)
    neutral.answer()
    await page.waitForURL("https://ya.ru/")
    expect(headers.join("")).toBe("")
    await page.goBack()
    expect(page.url(), "one step back is not the page").toBe("about:blank")
    await close()
  })
}

test.concurrent("[G15] capital letters and a slow hand on Shift do not leave", async () => {
  const { page, close } = await visit(browser, site.a.origin)
  await settled(page)
  await page.locator("textarea.paste:visible").click()
  for (const letter of ["A", "B", "C", "D"]) await page.keyboard.press(`Shift+${letter}`)
  await page.keyboard.press("Shift")
  await page.keyboard.press("Shift")
  expect(page.url()).toBe(`${site.a.origin}/`)
  expect(await page.locator("body").isVisible()).toBe(true)
  await close()
})

test.concurrent("[G15] title and icon name nothing, in either language, and the page says what the history keeps", async () => {
  const { page, close } = await visit(browser, site.a.origin)
  expect(await page.title()).toBe("Справка")
  await page.getByText("English", { exact: true }).click()
  expect(await page.title()).toBe("Information")
  expect(await page.evaluate(() => document.documentElement.lang)).toBe("en")
  expect(await page.locator("link[rel=icon]").getAttribute("href")).toMatch(/^data:image\/svg/)
  expect(await page.getByText("history may still show").isVisible()).toBe(true)
  await close()
})
