/** What a visit touches of the world. Tests have a clock of their own. */
import type { Random } from "@kunak/core/keys"
import { type Instant, instantFromMs } from "@kunak/core/time/instant"

export interface Edges {
  readonly fetch: typeof fetch
  readonly random: Random
  /** A steady clock. */
  readonly nowMs: () => number
  /** The device's clock. */
  readonly now: () => Instant
  readonly sleep: (ms: number) => Promise<void>
  /** Lets whoever waits have their turn. */
  readonly pause: () => Promise<void>
}

/** The browser's. A message to oneself is a turn that is not put off while the page is in the background. */
export const browserEdges = (): Edges => ({
  fetch,
  random: (bytes) => crypto.getRandomValues(new Uint8Array(bytes)),
  nowMs: () => performance.now(),
  now: () => instantFromMs(Date.now()),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  pause: () =>
    new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel()
      port1.onmessage = () => {
        port1.close()
        resolve()
      }
      port2.postMessage(0)
    }),
})
