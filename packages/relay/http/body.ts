import type { IncomingMessage } from "node:http"
import { err, ok, type Result } from "@kunak/core/result"
import type { BodyError } from "../request.ts"

/** A tick's body and those of most staff routes are smaller; an edition's and an append's are larger. */
const SMALL_BYTES = 8_192
/** Share of all that large bodies leave alone: else sixteen publications that never end would keep every visitor out. */
const KEPT_FOR_SMALL = 0.25

/** Bytes set aside for bodies that are being read or worked on, over all connections (rule T16). */
export class BodyBudget {
  readonly #keptForSmall: number
  #left: number

  constructor(bytes: number) {
    this.#left = bytes
    this.#keptForSmall = bytes * KEPT_FOR_SMALL
  }

  take(bytes: number): boolean {
    const kept = bytes > SMALL_BYTES ? this.#keptForSmall : 0
    if (bytes > this.#left - kept) return false
    this.#left -= bytes
    return true
  }

  giveBack(bytes: number): void {
    this.#left += bytes
  }
}

/**
 * Reads a body of at most `maxBytes`. A longer one is refused by its Content-Length before a byte is read,
 * without one as soon as it gets too long.
 *
 * @param silenceMs a sender silent for so long is cut off.
 * @param welcome said before the first byte is waited for, and never of a body that is going to be refused.
 */
export async function readBody(
  message: IncomingMessage,
  maxBytes: number,
  silenceMs: number,
  welcome: () => void,
): Promise<Result<Uint8Array, BodyError>> {
  const announced = Number(message.headers["content-length"] ?? 0)
  if (announced > maxBytes) return err({ kind: "too-large" })
  welcome()
  return await collect(message, maxBytes, silenceMs)
}

function collect(
  message: IncomingMessage,
  maxBytes: number,
  silenceMs: number,
): Promise<Result<Uint8Array, BodyError>> {
  return new Promise((resolve) => {
    const chunks: Uint8Array[] = []
    let length = 0
    const timer = setTimeout(() => finish(err({ kind: "cut-off" })), silenceMs)
    const finish = (result: Result<Uint8Array, BodyError>): void => {
      clearTimeout(timer)
      message.off("data", onData).off("end", onEnd).off("error", onCut).off("close", onCut).pause()
      // A broken connection says so once more after it was given up.
      message.on("error", () => {})
      resolve(result)
    }
    const onData = (chunk: Uint8Array): void => {
      length += chunk.length
      if (length > maxBytes) finish(err({ kind: "too-large" }))
      else {
        chunks.push(chunk)
        timer.refresh()
      }
    }
    const onEnd = (): void => finish(ok(plainBytes(chunks, length)))
    const onCut = (): void => finish(err({ kind: "cut-off" }))
    message.on("data", onData).on("end", onEnd).on("error", onCut).on("close", onCut)
  })
}

/** Not a Buffer: its `slice` is a view, and whoever expects a copy would write into what others read. */
function plainBytes(chunks: readonly Uint8Array[], length: number): Uint8Array {
  const bytes = new Uint8Array(length)
  let at = 0
  for (const chunk of chunks) {
    bytes.set(chunk, at)
    at += chunk.length
  }
  return bytes
}
