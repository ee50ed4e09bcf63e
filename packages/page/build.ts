/** Makes `dist/template.html`: skeleton, style, script and words in one file, a function of the sources alone. */
import { createHash } from "node:crypto"
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises"
import { fileURLToPath } from "node:url"
import { brotliCompressSync } from "node:zlib"
import { build, transform } from "esbuild"
import { MARKS, parseTemplate, WORDS_BEGIN, WORDS_END } from "./document/template.ts"

const here = new URL("./", import.meta.url)
const read = (path: string): Promise<string> => readFile(new URL(path, here), "utf8")

/** Browsers of 2020: Tor Browser's and the oldest phones' that still get certificates. */
const TARGET = ["chrome87", "firefox91", "safari15"]

/** @returns the file's text. @throws Error when a part holds a mark, or the whole does not parse. */
export async function buildTemplate(): Promise<string> {
  const [skeleton, style, script, decoder, words] = await Promise.all([
    read("template/skeleton.html.in"),
    buildStyle(),
    buildScript("view/main.ts"),
    buildScript("view/decoder.ts"),
    readWords(),
  ])
  const marks = [...Object.values(MARKS), WORDS_BEGIN.trim(), "</script", "</style", "<!--"]
  const held = marks.filter((mark) => (style + script + decoder).includes(mark) || words.includes(mark))
  if (held.length > 0) throw new Error(`style, script or words hold ${held.join(", ")}`)
  const fill: readonly (readonly [string, string])[] = [
    ["/*build:style-text*/", style],
    ["/*build:script-text*/", script],
    ["/*build:decoder-text*/", decoder],
    ["build:style", policyHash(style)],
    ["build:script", policyHash(script)],
    ["build:decoder", policyHash(decoder)],
  ]
  const document = fill.reduce((whole, [mark, value]) => whole.replace(mark, () => value), skeleton)
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

async function buildScript(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [fileURLToPath(new URL(entry, here))],
    absWorkingDir: fileURLToPath(here),
    alias: { "@noble/curves/ed25519.js": fileURLToPath(new URL("small-ed25519.ts", here)) },
    bundle: true,
    minify: true,
    format: "iife",
    target: TARGET,
    charset: "utf8",
    legalComments: "none",
    write: false,
    logLevel: "error",
  })
  return (outputFiles[0]?.text ?? "").trim()
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
  await writeFile(new URL("dist/template.html", here), template)
  const hash = createHash("sha256").update(template).digest("hex")
  const document = template.slice(0, template.lastIndexOf(WORDS_BEGIN))
  const compressed = brotliCompressSync(document).length
  process.stdout.write(
    `page: template ${hash.slice(0, 16)}…, ${document.length} letters, ${compressed} bytes compressed without an edition\n`,
  )
}

if (import.meta.main) await main()
