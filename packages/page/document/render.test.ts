import { must } from "@kunak/core/result"
import { sha256 } from "@kunak/core/suite"
import {
  approvedWarning,
  freeWarning,
  makeEdition,
  makeOrganisation,
  SAMPLE_NOW,
} from "@kunak/core/testing/organisation"
import { runs } from "@kunak/core/testing/runs"
import { resolveWarnings } from "@kunak/core/warning/resolve"
import fc from "fast-check"
import { beforeAll, expect, test } from "vitest"
import { buildTemplate } from "../build.ts"
import {
  bytesUntil,
  compress,
  hasExchange,
  hasFirstWarning,
  hasHotline,
  hasSealing,
} from "../testing/first-bytes.ts"
import { fiveWarnings } from "../testing/five-warnings.ts"
import { sampleTemplate } from "../testing/page-site.ts"
import { extractEdition } from "./extract.ts"
import { previewPage } from "./preview.ts"
import { renderPage } from "./render.ts"
import { type PageTemplate, parseTemplate } from "./template.ts"
import { GUIDANCE_KEYS, guidanceHash, speechIn } from "./words.ts"

let template: PageTemplate
// Some thirty bundles: a busy machine takes its time.
beforeAll(async () => {
  template = await sampleTemplate()
}, 60_000)
const read = (page: Uint8Array): string => new TextDecoder().decode(page)

test("[G1] the template built twice is the same to the byte", async () => {
  const [first, second] = [await buildTemplate(), await buildTemplate()]
  expect(second).toBe(first)
  expect(must(parseTemplate(first)).hash).toEqual(sha256(new TextEncoder().encode(first)))
})

test("[G1] the page is a function of template and edition: time zone, locale and clock change nothing", async () => {
  const { edition } = await fiveWarnings(SAMPLE_NOW)
  const first = renderPage(template, edition, "web")
  const { TZ, LANG } = process.env
  try {
    Object.assign(process.env, { TZ: "Pacific/Auckland", LANG: "tr_TR.UTF-8" })
    expect(renderPage(template, edition, "web")).toEqual(first)
  } finally {
    Object.assign(process.env, { TZ: TZ ?? "", LANG: LANG ?? "" })
  }
  expect(renderPage(template, edition, "onion")).not.toEqual(first)
})

test("[G1] the document asks the platform for no clock, locale or randomness", async () => {
  const { readdir, readFile } = await import("node:fs/promises")
  const folder = new URL("./", import.meta.url)
  const names = (await readdir(folder)).filter((name) => name.endsWith(".ts") && !name.includes(".test."))
  expect(names.length).toBeGreaterThan(8)
  for (const name of names) {
    const source = await readFile(new URL(name, folder), "utf8")
    expect(source, name).not.toMatch(/\bDate\b|Intl\.|toLocale|Math\.random|node:|localeCompare/)
  }
})

test("[G4] a browser is told to look up no name before it meets a link: Firefox asks for where links lead, of a saved copy, too", async () => {
  const { edition } = await fiveWarnings(SAMPLE_NOW)
  for (const way of ["web", "onion"] as const) {
    const page = read(renderPage(template, edition, way))
    const told = page.indexOf('<meta http-equiv="x-dns-prefetch-control" content="off">')
    expect([way, told > 0, told < page.indexOf("<a ")]).toEqual([way, true, true])
  }
})

test("[G2] the edition that a page carries is the one it was rendered from", async () => {
  const organisation = await makeOrganisation()
  const warnings = [await approvedWarning(organisation), await freeWarning(organisation)]
  const edition = await makeEdition(organisation, { warnings })
  const found = extractEdition(read(renderPage(template, edition, "web")))
  expect(found).toEqual({ header: edition.header, bulletin: edition.bulletinBytes })
})

test("[G2] a page without both blocks, or with one twice, holds no edition; nothing makes it throw", async () => {
  const page = read(renderPage(template, (await fiveWarnings(SAMPLE_NOW)).edition, "web"))
  const header =
    /<script type="application\/octet-stream" id="edition-header">[^<]*<\/script>/.exec(page)?.[0] ?? ""
  expect(header.length).toBeGreaterThan(4000)
  expect(extractEdition(page.replace(header, ""))).toBeNull()
  expect(extractEdition(page.replace(header, () => header + header))).toBeNull()
  expect(extractEdition(page.replace(header, header.replace("0000", "000")))).toBeNull()
  fc.assert(
    fc.property(
      fc.oneof(
        fc.string(),
        fc.nat(page.length).map((cut) => page.slice(0, cut)),
      ),
      (text) => {
        extractEdition(text)
      },
    ),
  )
})

const CLOSED_WORDS = [
  "closed.heading",
  "closed.text",
  "closed.ask",
  "closed.words",
  "closed.askHeading",
  "closed.contactHeading",
] as const
test("[C8] of a closed organisation the page says so in every language, and holds nothing to write with", async () => {
  const edition = await makeEdition(await makeOrganisation())
  const { chain } = edition.bulletin
  const charter = { ...chain.current.charter, closed: true, wordings: [] }
  const last = { ...edition.bulletin, chain: { ...chain, current: { ...chain.current, charter } } }
  const before = read(renderPage(template, edition, "web"))
  const after = read(renderPage(template, { ...edition, bulletin: last as typeof edition.bulletin }, "web"))
  const markup = (text: string): string => text.replace(/<script[\s\S]*?<\/script>/g, "")
  for (const tag of ["en", "ru"]) {
    const { say } = speechIn(template.words, tag)
    for (const key of CLOSED_WORDS) {
      expect(markup(after)).toContain(say(key))
      expect(markup(before)).not.toContain(say(key))
    }
    // Neither heading nor index invites any more to what is over.
    for (const key of ["ask.heading", "contact.heading"] as const) {
      expect(markup(after)).not.toContain(say(key))
      expect(markup(before)).toContain(say(key))
    }
  }
  const asking = (text: string): string => /<section id="ask-[\s\S]*?<\/section>/.exec(text)?.[0] ?? ""
  expect(asking(before)).toContain("with-script")
  // The script puts the hotline there, and nowhere else.
  expect(asking(after)).not.toMatch(/with-script|without-script|<textarea|<input/)
})

test("[G3] the first warning is readable in the first 14 KB of the answer, in each of two languages, five being live", async () => {
  const page = renderPage(template, (await fiveWarnings(SAMPLE_NOW)).edition, "web")
  for (const coding of ["br", "gzip"] as const) {
    for (const language of [0, 1]) {
      expect(bytesUntil(page, coding, (text) => hasFirstWarning(text, language))).toBeLessThanOrEqual(14_000)
    }
  }
})

test("[G21] a message can be typed and queued within 48 KB of the answer, the exchange runs within 50, five warnings in two languages being live", async () => {
  const page = renderPage(template, (await fiveWarnings(SAMPLE_NOW)).edition, "web")
  expect(bytesUntil(page, "br", hasHotline)).toBeLessThanOrEqual(48_000)
  expect(bytesUntil(page, "br", hasExchange)).toBeLessThanOrEqual(50_000)
  expect(bytesUntil(page, "br", hasSealing)).toBeLessThanOrEqual(65_000)
  expect(compress(page, "br").length).toBeLessThanOrEqual(84_000)
})

test("[G8] guidance is called a sample until the named reviewer's hash is that of these very texts", async () => {
  const render = async (reviewer: string, reviewedTexts: Uint8Array): Promise<string> => {
    const organisation = await makeOrganisation({
      change: (charter) => ({
        ...charter,
        languages: charter.languages.map((language) =>
          language.tag === "ru" ? { ...language, reviewer, reviewedTexts } : language,
        ),
      }),
    })
    return read(renderPage(template, await makeEdition(organisation), "web"))
  }
  const hash = guidanceHash(template.words, "ru") ?? new Uint8Array(32)
  const sample = "Образец текста, никем не проверен"
  expect(await render("", new Uint8Array(32))).toContain(sample)
  expect(await render("А. Иванова", new Uint8Array(32))).toContain(sample)
  expect(await render("", hash)).toContain(sample)
  const reviewed = await render("А. Иванова", hash)
  expect(reviewed).not.toContain(sample)
  expect(reviewed).toContain("Текст проверил(а): А. Иванова.")
  expect(reviewed, "the other language is still a sample").toContain("Sample text, not reviewed")
})

test("[G8] one changed letter of the guidance is another hash", () => {
  const changed = { ...template.words, ru: { ...template.words.ru, [GUIDANCE_KEYS[2]]: "Подпишите." } }
  expect(guidanceHash(changed, "ru")).not.toEqual(guidanceHash(template.words, "ru"))
  expect(guidanceHash(template.words, "ce")).toBeNull()
})

test("[G3] a language without words of its own has its warnings all the same, framed in English", async () => {
  const organisation = await makeOrganisation({
    change: (charter) => ({
      ...charter,
      languages: charter.languages.map((language) =>
        language.tag === "ru" ? { ...language, tag: "ce" } : language,
      ),
    }),
  })
  const page = read(
    renderPage(
      template,
      await makeEdition(organisation, { warnings: [await approvedWarning(organisation)] }),
      "web",
    ),
  )
  expect(speechIn(template.words, "ce").language).toBe("en")
  expect(page).toContain('<html lang="en">')
  expect(page).toContain('<h2 lang="ce">Новая волна задержаний')
})

test("[G1] a preview has the same words, no script and no edition, and says what it is", async () => {
  const { organisation, edition } = await fiveWarnings(SAMPLE_NOW)
  const { warnings, vetoes } = edition.bulletin
  const resolved = resolveWarnings(warnings, vetoes, organisation.chain)
  const preview = previewPage(template, { chain: organisation.chain, resolved, issued: SAMPLE_NOW })
  expect(preview).not.toContain("<script")
  expect(preview).toContain("Предпросмотр – не опубликовано")
  expect(preview).toContain("Preview – not published")
  expect(extractEdition(preview)).toBeNull()
  const article =
    /<article[\s\S]*?<\/article>/.exec(read(renderPage(template, edition, "web")))?.[0] ?? "none"
  expect(preview).toContain(article)
})

test("[G1] a file that is no template of this form is refused, never thrown at", () => {
  expect(parseTemplate("").ok).toBe(false)
  expect(parseTemplate(template.html.replace("<!--kunak:content-->", "")).ok).toBe(false)
  expect(parseTemplate(template.html.replace("kunak:title", "kunak:title kunak:title")).ok).toBe(false)
  expect(parseTemplate(template.html.replace('"soon.fresh"', '"soon.fresher"')).ok).toBe(false)
  fc.assert(
    fc.property(fc.nat(template.html.length - 2), (cut) => {
      expect(parseTemplate(template.html.slice(0, cut)).ok).toBe(false)
    }),
    { numRuns: runs(200) },
  )
})
