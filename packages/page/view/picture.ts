/** A poster's code, read from a picture by the page itself: no server sees it. */
import { err, ok, type Result } from "@kunak/core/result"

export type PictureError = { readonly kind: "not-a-picture" | "no-code" | "pictures-blocked" }

/** Longest edges tried, in pixels: a phone's photo shows a code best well below its own size. */
const EDGES = [1200, 800, 1800, 500, 2600] as const
/** Milliseconds for each try: a cheap phone then answers within seconds. */
const PATIENCE_MS = 700

/** @param picture any file. @returns the text of the first code in it. */
export async function readCode(picture: Blob): Promise<Result<string, PictureError>> {
  await wholePage()
  if (!canReadPixels()) return err({ kind: "pictures-blocked" })
  const image = await openImage(picture)
  if (!image) return err({ kind: "not-a-picture" })
  const longest = Math.max(image.naturalWidth, image.naturalHeight)
  const edges = new Set(EDGES.map((edge) => Math.min(edge, longest)))
  for (const edge of edges) {
    const pixels = pixelsOf(image, edge / longest)
    const text = pixels && decode(pixels)
    if (text) return ok(text)
    // Between tries the page breathes: the exit stays alive.
    await new Promise((resume) => setTimeout(resume, 0))
  }
  return err({ kind: "no-code" })
}

/** The code reader comes last in the document. */
const wholePage = (): Promise<unknown> =>
  document.readyState === "loading"
    ? new Promise((resume) => document.addEventListener("DOMContentLoaded", resume, { once: true }))
    : Promise.resolve()

function decode(pixels: ImageData): string | null {
  try {
    return globalThis.readSquareCode?.(pixels, PATIENCE_MS) ?? null
  } catch {
    // The library throws where it finds nothing.
    return null
  }
}

async function openImage(picture: Blob): Promise<HTMLImageElement | null> {
  const address = URL.createObjectURL(picture)
  const image = new Image()
  try {
    await new Promise((opened, failed) => {
      image.onload = opened
      image.onerror = failed
      image.src = address
    })
    return image.naturalWidth > 0 ? image : null
  } catch {
    return null
  } finally {
    URL.revokeObjectURL(address)
  }
}

function pixelsOf(image: HTMLImageElement, scale: number): ImageData | null {
  const canvas = document.createElement("canvas")
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale))
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale))
  const context = canvas.getContext("2d", { willReadFrequently: true })
  if (!context) return null
  // Transparent parts are paper.
  context.fillStyle = "#fff"
  context.fillRect(0, 0, canvas.width, canvas.height)
  context.drawImage(image, 0, 0, canvas.width, canvas.height)
  return context.getImageData(0, 0, canvas.width, canvas.height)
}

/** Browsers that resist fingerprinting hand out noise instead of pixels: then every picture would hold "no code". */
function canReadPixels(): boolean {
  const canvas = document.createElement("canvas")
  canvas.width = 16
  canvas.height = 16
  const context = canvas.getContext("2d")
  if (!context) return false
  context.fillStyle = "#123456"
  context.fillRect(0, 0, 16, 16)
  const { data } = context.getImageData(0, 0, 16, 16)
  return data.every((value, i) => value === [0x12, 0x34, 0x56, 255][i % 4])
}
