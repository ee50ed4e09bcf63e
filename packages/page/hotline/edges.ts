/** What a visit touches of the world. Tests have a clock of their own. */
import type { Random } from "@kunak/core/keys"
import { type Instant, instantFromMs } from "@kunak/core/time/instant"

export interface Edges {
  readonly fetch: typeof fetch
  readonly random: Random
  /** Uniform in [0, 1). Of its own, so that what a tick takes of `random` does not move the next. */
  readonly chance: () => number
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
  chance: () => (crypto.getRandomValues(new Uint32Array(1))[0] as number) / 2 ** 32,
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
