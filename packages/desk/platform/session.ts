/** Who may speak to the desk: one browser tab that had the address with the one-time token (K1). */
import { createHash, timingSafeEqual } from "node:crypto"
import type { Random } from "@kunak/core/keys"

const SECRET_BYTES = 32
/** A link that nobody opened is dead after this. */
const LINK_LIFE_MS = 10 * 60_000
/** More tabs than this: the oldest is signed off. */
const MOST_SESSIONS = 8

export const COOKIE = "kunak-desk"
/**
 * The second half of a session. A cookie is sent to every port of 127.0.0.1, so another local service that
 * the person visits would see it; this half lives in the tab's own storage, which is bound to the port.
 */
export const KEY_HEADER = "kunak-key"

export interface SessionHalves {
  readonly cookie: string
  readonly key: string
}

export interface Sessions {
  /** A token for one new address; works once, for ten minutes. */
  issueToken(): string
  /** @returns the two halves, or null when the token is unknown, used or too old: one answer for all. */
  exchange(token: string): SessionHalves | null
  holds(cookie: string, key: string): boolean
  /** What tells signed-in tabs from others, and lets nobody be one: for the process that follows this one. */
  marks(): readonly string[]
}

/** @param known marks of sessions that were signed in before. */
export function makeSessions(
  random: Random,
  monotonic: () => number,
  known: readonly string[] = [],
): Sessions {
  const secret = (): string => Buffer.from(random(SECRET_BYTES)).toString("base64url")
  const tokens: { readonly token: string; readonly until: number }[] = []
  const sessions: string[] = known.slice(-MOST_SESSIONS)
  return {
    issueToken: () => {
      const token = secret()
      tokens.push({ token, until: monotonic() + LINK_LIFE_MS })
      return token
    },
    exchange: (candidate) => {
      const at = tokens.findIndex(({ token }) => isSame(token, candidate))
      const [used] = at < 0 ? [] : tokens.splice(at, 1)
      if (!used || monotonic() > used.until) return null
      const halves = { cookie: secret(), key: secret() }
      sessions.push(markOf(halves.cookie, halves.key))
      if (sessions.length > MOST_SESSIONS) sessions.shift()
      return halves
    },
    holds: (cookie, key) => sessions.some((mark) => isSame(mark, markOf(cookie, key))),
    marks: () => sessions.slice(),
  }
}

/** SHA-256 of both halves, which are random: what is compared is no secret. */
const markOf = (cookie: string, key: string): string =>
  createHash("sha256").update(`${cookie} ${key}`).digest("base64url")

function isSame(secret: string, candidate: string): boolean {
  const [a, b] = [Buffer.from(secret), Buffer.from(candidate)]
  return a.length === b.length && timingSafeEqual(a, b)
}
