/** Request in, response out, no socket. docs/protocol.md, the relay's rules. */
import type { CharterChain } from "@kunak/core/charter/charter"
import type { SigningKey } from "@kunak/core/keys"
import type { Instant } from "@kunak/core/time/instant"
import { type Answer, nothingHere, refusal } from "./answer.ts"
import type { CapabilityHashes } from "./capability.ts"
import { CurrentEdition } from "./current-edition.ts"
import type { Report } from "./notice.ts"
import type { RelayRequest } from "./request.ts"
import { RevokedKeys } from "./revoked-keys.ts"
import { RingRoom } from "./ring/room.ts"
import { appendRoute, readRoute } from "./routes/log.ts"
import { answerPublic } from "./routes/public.ts"
import { publishRoute } from "./routes/publish.ts"
import { revokeRoute } from "./routes/revoke.ts"
import { acknowledgeRoute, ringReadRoute } from "./routes/ring.ts"
import { answerStaff, type StaffRoute } from "./routes/staff.ts"
import { termRoute } from "./routes/term.ts"
import { tickRoute } from "./routes/tick.ts"
import type { Effort } from "./served-edition.ts"
import type { RelayStore } from "./store/contract.ts"

export interface RelayParts {
  readonly chain: CharterChain
  readonly store: RelayStore
  readonly capabilities: CapabilityHashes
  /** Relay A's; null on B, which then has no route for terms. */
  readonly termKey: SigningKey<"relay-term"> | null
  readonly now: () => Instant
  /** Any steady clock. */
  readonly clockMs: () => number
  readonly report: Report
  /** How hard editions are compressed; best when not given. */
  readonly effort?: Effort
}

/** Never rejects: what goes wrong inside is 500 and a notice without data. */
export type App = (request: RelayRequest) => Promise<Answer>

export function createApp(parts: RelayParts): App {
  const { chain, store, report } = parts
  const current = new CurrentEdition(store, chain, report, parts.clockMs, parts.effort)
  const revoked = new RevokedKeys(store, chain, current)
  const room = new RingRoom(store, parts.clockMs)
  const staff = new Map<string, StaffRoute>([
    ["/publish", publishRoute({ ...parts, current, revoked })],
    ["/log/append", appendRoute(store, parts.termKey === null)],
    ["/log/read", readRoute(store)],
    ["/revoke", revokeRoute(store, chain, current)],
    ["/ring/read", ringReadRoute(store)],
    ["/ring/acknowledge", acknowledgeRoute(store, room)],
  ])
  const [relayA, relayB] = chain.current.charter.relays
  const tick = tickRoute({ current, room, termKey: (parts.termKey ? relayA : relayB).termKey })
  if (parts.termKey) staff.set("/term", termRoute(store, revoked, parts.termKey))

  const route = async (request: RelayRequest): Promise<Answer> => {
    if (request.method === "GET" || request.method === "HEAD") {
      return (await answerPublic(request, current)) ?? nothingHere
    }
    if (request.method === "POST" && request.target === "/tick") return await tick(request)
    const found = request.method === "POST" ? staff.get(request.target) : undefined
    return found ? await answerStaff(request, found, parts.capabilities) : nothingHere
  }

  return async (request) => {
    try {
      return await route(request)
    } catch {
      // The error may quote what was sent: it is not printed.
      report("internal-error")
      return refusal.internal
    }
  }
}
