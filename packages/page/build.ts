/** Makes `dist/template.html`: skeleton, style, scripts and words in one file, a function of the sources alone. */
import { createHash } from "node:crypto"
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { brotliCompressSync } from "node:zlib"
import { transform } from "esbuild"
import { bundleTurns, TARGET } from "./build-scripts.ts"
import { MARKS, parseTemplate, WORDS_BEGIN, WORDS_END } from "./document/template.ts"

const here = new URL("./", import.meta.url)
const read = (path: string): Promise<string> => readFile(new URL(path, here), "utf8")

/**
 * @param main the first script's entry: a test may put another in its place.
 * @returns the file's text. @throws Error when a part holds a mark, or the whole does not parse.
 */
export async function buildTemplate(main = "view/main.ts"): Promise<string> {
  const [skeleton, style, [script = "", ticks = "", soon = "", later = "", decoder = ""], words] =
    await Promise.all([
      read("template/skeleton.html.in"),
      buildStyle(),
      bundleTurns([main, "view/ticks.ts", "view/soon.ts", "view/later.ts", "view/decoder.ts"]),
      readWords(),
    ])
  const parts = { style, script, ticks, soon, later, decoder }
  const marks = [...Object.values(MARKS), WORDS_BEGIN.trim(), "</script", "</style", "<!--"]
  const whole = [...Object.values(parts), words].join("\n")
  const held = marks.filter((mark) => whole.includes(mark))
  if (held.length > 0) throw new Error(`style, script or words hold ${held.join(", ")}`)
  const document = Object.entries(parts).reduce(
    (filled, [name, text]) =>
      filled.replace(`/*build:${name}-text*/`, () => text).replace(`build:${name}`, () => policyHash(text)),
    skeleton,
  )
  const template = `${document}${WORDS_BEGIN}${words}${WORDS_END}\n`
  const parsed = parseTemplate(template)
  if (!parsed.ok) throw new Error("the template does not parse: is a word missing in a language?")
  return template
}

/** CSP Level 3 §2.3.1: hash of the element's text as it stands. */
const policyHash = (text: string): string => `sha256-${createHash("sha256").update(text).digest("base64")}`

async function buildStyle(): Promise<string> {
  const { code } = await transform(await read("template/page.css"), {
    loader: "css",
    minify: true,
    target: TARGET,
    charset: "utf8",
  })
  return code.trim()
}

/** Every file in `words/`, by its name: a new language is a new file. */
async function readWords(): Promise<string> {
  const names = (await readdir(new URL("words/", here))).filter((name) => name.endsWith(".json")).sort()
  const all = await Promise.all(
    names.map(async (name) => [name.replace(".json", ""), JSON.parse(await read(`words/${name}`))] as const),
  )
  return JSON.stringify(Object.fromEntries(all)).replaceAll(">", "\\u003e").replaceAll("<", "\\u003c")
}

async function main(): Promise<void> {
  const template = await buildTemplate()
  await mkdir(new URL("dist/", here), { recursive: true })
  await writeFile(fileURLToPath(new URL("dist/template.html", here)), template)
  const hash = createHash("sha256").update(template).digest("hex")
  const document = template.slice(0, template.lastIndexOf(WORDS_BEGIN))
  const compressed = brotliCompressSync(document).length
  process.stdout.write(
    `page: template ${hash.slice(0, 16)}…, ${document.length} letters, ${compressed} bytes compressed without an edition\n`,
  )
}

if (import.meta.main) await main()
