/** What the relay says, before it becomes HTTP. docs/protocol.md, the relay's rules. */

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/**
 * On every answer, refusals included (rule T2). The page brings its own policy in a meta tag, so that saved
 * copies keep it; a policy in the header can only narrow it. What a meta tag can't say stands here.
 */
const STRICT = {
  "Cache-Control": "no-store",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy":
    "browsing-topics=(), camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
  // Over HTTP, as at an onion address, Firefox and Chromium ask for the names in a page's links before anybody presses one.
  "X-DNS-Prefetch-Control": "off",
} as const

/** For everything that is not the page: nothing runs, nothing loads. */
const INERT_POLICY = "default-src 'none'; frame-ancestors 'none'"
export const PAGE_POLICY = "frame-ancestors 'none'"

const EMPTY = new Uint8Array()

export const answer = (
  status: number,
  body: Uint8Array = EMPTY,
  headers: Readonly<Record<string, string>> = {},
): Answer => ({
  status,
  headers: { ...STRICT, "Content-Security-Policy": INERT_POLICY, ...headers },
  body,
})

const binary = { "Content-Type": "application/octet-stream" }

/** A staff route's answer: bytes of a length that the route fixes. */
export const bytesAnswer = (status: number, body: Uint8Array): Answer => answer(status, body, binary)

/**
 * Refusals carry a status and no byte more (rule T5): whoever tries keys learns nothing from size or words.
 * 507 is a store that refuses to write, for whatever cause: try the same request again later.
 */
export const refusal = {
  malformed: answer(400),
  notAllowed: answer(403),
  tooLate: answer(408),
  tooLarge: answer(413),
  notGenuine: answer(422),
  internal: answer(500),
  tooBusy: answer(503),
  storeUnavailable: answer(507),
} as const

/** The one answer for everything that is not a route (rule T1). */
export const nothingHere = answer(404, new TextEncoder().encode("Not found\n"), {
  "Content-Type": "text/plain; charset=utf-8",
})
