/** A sheet of A4 with the warning and its code, typeset. Its bytes tell nothing of the desk that made it. */
import { NodeCompiler } from "@myriaddreamin/typst-ts-node-compiler"
import { Resvg } from "@resvg/resvg-js"
import encodeQR from "qr"

export interface PosterContent {
  readonly language: string
  /** "" unless it is a demonstration. */
  readonly notice: string
  readonly headline: string
  readonly area: string
  readonly description: string
  readonly instruction: string
  readonly validity: string
  readonly organisation: string
  readonly hint: string
  /** Alphanumeric (ISO/IEC 18004): the code's text. */
  readonly code: string
}

export type PosterForm = "pdf" | "png"

/** PNG: pixels across A4, enough for a messenger's preview and for a phone to scan. */
const PNG_WIDTH = 1240

/**
 * Everything that people wrote arrives as input strings, which Typst shows as they are: nothing in a warning
 * can become markup. No date, no author: a sheet that is found says only what it shows.
 */
const TEMPLATE = `
#let words = sys.inputs
#set document(title: words.headline, author: (), date: none)
#set page(paper: "a4", margin: (x: 20mm, y: 16mm))
#set text(font: "Libertinus Serif", size: 15pt, lang: words.language, hyphenate: false)
#set par(leading: 0.62em, spacing: 0.9em)
#if words.notice != "" {
  block(width: 100%, inset: 8pt, stroke: 1.5pt, align(center, strong(words.notice)))
}
#text(size: 30pt, weight: "bold", par(leading: 0.4em, words.headline))
#if words.area != "" { text(size: 17pt, words.area) }
#let paragraphs(body) = for part in body.split("\\n") { par(part) }
#paragraphs(words.description)
#strong(paragraphs(words.instruction))
#text(size: 17pt, weight: "bold", words.validity)
#v(1fr)
#block(breakable: false, grid(
  columns: (92mm, 1fr), column-gutter: 8mm, align: horizon,
  image(bytes(words.qr), format: "svg", width: 92mm, alt: words.hint),
  [#text(size: 12pt, words.hint) \\ #v(2mm) #strong(words.organisation)],
))
`

let compiler: NodeCompiler | undefined

/** @returns the sheet's bytes. */
export function renderPoster(content: PosterContent, form: PosterForm): Uint8Array {
  compiler ??= NodeCompiler.create()
  const qr = encodeQR(content.code, "svg", { ecc: "low", encoding: "alphanumeric", border: 4 })
  const document = { mainFileContent: TEMPLATE, inputs: { ...content, qr } }
  try {
    if (form === "pdf") return new Uint8Array(compiler.pdf(document, { creationTimestamp: 0 }))
    const sheet = compiler.plainSvg(document)
    const picture = new Resvg(sheet, { fitTo: { mode: "width", value: PNG_WIDTH }, background: "#ffffff" })
    return new Uint8Array(picture.render().asPng())
  } finally {
    // What was typeset stays in the compiler's cache otherwise, after the lock too.
    compiler.evictCache(0)
  }
}
