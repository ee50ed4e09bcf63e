/**
 * The code reader, a script of its own at the document's end: it is a third of all script, and nobody needs it
 * before the rest works.
 */
import { decodeQR } from "qr/decode.js"

declare global {
  var readSquareCode: ((pixels: ImageData, patienceMs: number) => string) | undefined
}

globalThis.readSquareCode = (pixels, patienceMs) =>
  decodeQR(pixels, { format: "RGBA", effort: 8, timeLimit: patienceMs })
