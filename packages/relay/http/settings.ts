/** Limits of the sockets. Tor and the TLS front connect from loopback, so none of them is by address. */
export interface HttpSettings {
  /** Beyond it a new connection is closed at once. */
  readonly maxConnections: number
  /** Time for the whole head of a request. */
  readonly headMs: number
  /** Time for a whole request: 4 MiB over Tor at 40 kB/s. */
  readonly requestMs: number
  /** A sender silent for so long in the middle of a body is cut. */
  readonly silenceMs: number
  /** A reader that takes nothing for so long is cut. */
  readonly stalledMs: number
  /** Longer than a tick of the page (60 s), so that a visit keeps one connection. */
  readonly keepAliveMs: number
  readonly maxHeadBytes: number
  /** All bodies that are being read or worked on, together. */
  readonly maxBodyBytes: number
  /** How long a refused sender may go on before the connection closes: it reads the refusal meanwhile. */
  readonly lingerMs: number
}

export const httpSettings: HttpSettings = {
  maxConnections: 4_096,
  headMs: 10_000,
  requestMs: 120_000,
  silenceMs: 20_000,
  stalledMs: 60_000,
  keepAliveMs: 80_000,
  maxHeadBytes: 8_192,
  maxBodyBytes: 64 * 1024 * 1024,
  lingerMs: 3_000,
}
