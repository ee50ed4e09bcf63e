/** What every answer of the desk carries (K8): nothing inline, nothing from elsewhere, nothing kept. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "frame-src 'self'",
  "frame-ancestors 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
].join("; ")

/** The public page inside the phone frame: its one style, by its hash; no script, no address, no origin. */
const previewPolicy = (style: string): string =>
  `sandbox; default-src 'none'; style-src '${style}'; frame-ancestors 'self'; base-uri 'none'; form-action 'none'`

const common = {
  "cache-control": "no-store",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
  // No link's name is asked for before it is pressed: that question goes around the proxy.
  "x-dns-prefetch-control": "off",
} as const

export const DESK_HEADERS: Readonly<Record<string, string>> = {
  ...common,
  "content-security-policy": POLICY,
  "x-frame-options": "DENY",
}

/**
 * With the lock: the browser drops what it may keep of this address, pages kept for "back" included. Not cookies, which are shared
 * by every port of 127.0.0.1, and not storage, which holds the tab's right to unlock again.
 */
export const FORGET_HEADERS: Readonly<Record<string, string>> = { "clear-site-data": '"cache"' }

/** @param style "sha256-…" of the page's style. */
export const previewHeaders = (style: string): Readonly<Record<string, string>> => ({
  ...common,
  "content-security-policy": previewPolicy(style),
  "content-type": "text/html; charset=utf-8",
})
