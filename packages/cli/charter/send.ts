/** Gives a finished paper to the line: into the staff log, from which duty takes what it publishes. */
import { equalBytes } from "@kunak/core/bytes/equal"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import type { Enrolment } from "@kunak/core/enrolment/enrolment"
import type { Random } from "@kunak/core/keys"
import { hashCell } from "@kunak/core/log/cell"
import { LOG_APPEND_CELLS } from "@kunak/core/parameters"
import { err, ok, type Result } from "@kunak/core/result"
import { LOG_START, LogFollower, type LogPlace } from "@kunak/duty/line/log-follower"
import { type Outgoing, type RelayClient, type RelayError, relayClient } from "@kunak/duty/relay-client"
import { Failure } from "../failure.ts"
import type { FinishedPaper } from "./finish.ts"
import type { JudgedPaper } from "./judge.ts"

export interface Sent {
  /** Cells written to relay A's log. */
  readonly cells: number
  /** Null when relay B has the same log now. */
  readonly mirror: string | null
  /** What each relay said to a revocation: null is "taken", undefined that there was none to send. */
  readonly revoked?: readonly [string | null, string | null]
}

/**
 * @throws Failure when relay A could not take it; a revocation has then still been given to whichever relay answered.
 */
export async function sendPaper(
  judged: JudgedPaper,
  finished: FinishedPaper,
  enrolment: Enrolment,
  { outgoing, random }: { readonly outgoing: Outgoing; readonly random: Random },
): Promise<Sent> {
  const { chain } = judged
  const own = await verifyCharterChain(enrolment.charterChain, null)
  if (!own.ok || !equalBytes(own.value.organisationId, chain.organisationId))
    throw new Failure(
      "This enrolment belongs to another organisation than the paper.",
      "wrong-organisation",
      1,
    )
  const { relays } = chain.current.charter
  const client = (i: 0 | 1): RelayClient => relayClient(relays[i], enrolment.relays[i], outgoing)
  const [a, b] = [client(0), client(1)]
  const { revocation } = finished
  const revoked = revocation
    ? ([problem(await a.revoke(revocation)), problem(await b.revoke(revocation))] as const)
    : undefined
  const log = new LogFollower({
    organisationId: chain.organisationId,
    keys: { line: enrolment.lineKey },
    random,
  })
  const cells = finished.entries.flatMap((entry) => log.partsOf(entry))
  for (let at = 0; at < cells.length; at += LOG_APPEND_CELLS) {
    const written = await append(log, a, cells.slice(at, at + LOG_APPEND_CELLS))
    if (!written.ok) throw notTaken(written.error, revoked)
  }
  const mirrored = await log.mirror(a, b)
  return {
    cells: cells.length,
    mirror: mirrored.ok ? null : mirrored.error.kind,
    ...(revoked ? { revoked } : {}),
  }
}

const problem = (answer: Result<null, RelayError>): string | null => (answer.ok ? null : answer.error.kind)

function notTaken(error: RelayError, revoked: Sent["revoked"]): Failure {
  const told = revoked?.some((answer) => answer === null)
    ? " One of the relays has the revocation and refuses the keys; it is not yet public."
    : ""
  const why = {
    "relay-down": "Relay A can't be reached",
    "relay-cannot-store": "Relay A's disk is full",
    "relay-refuses":
      "Relay A refuses: the enrolment's capabilities are not, or no longer, those of this relay",
    "relay-talks-nonsense": "What answers at relay A's address is no relay",
  }[error.kind]
  const exitCode = error.kind === "relay-refuses" ? 1 : 3
  return new Failure(`${why}. The paper is not lost: send it again.${told}`, error.kind, exitCode)
}

const ATTEMPTS = 8

/** Desks and duties write at the same time: whoever comes second reads where the log ends, and tries again. */
async function append(
  log: LogFollower,
  relay: RelayClient,
  cells: Parameters<LogFollower["append"]>[2],
): Promise<Result<LogPlace, RelayError>> {
  let last: RelayError = { kind: "relay-talks-nonsense" }
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const end = await endOfLog(relay)
    if (!end.ok) {
      if (end.error.kind !== "moved-on") return err(end.error)
      continue
    }
    const written = await log.append(relay, end.value, cells)
    if (written.ok) return written
    if (written.error.kind !== "stale-head") return err(written.error)
    last = { kind: "relay-down", why: "the log moved on" }
  }
  return err(last)
}

/**
 * The log's end and the hash of its last cell, without reading the years before. Whether the cells before are genuine
 * is for those who read them: a relay that forked the log is found out there (rule L2).
 */
async function endOfLog(
  relay: RelayClient,
): Promise<Result<LogPlace, RelayError | { readonly kind: "moved-on" }>> {
  const asked = await relay.readLog(0, 0)
  if (!asked.ok) return asked
  const { head } = asked.value
  if (head === 0) return ok(LOG_START)
  const page = await relay.readLog(head - 1, 1)
  if (!page.ok) return page
  const [cell] = page.value.cells
  const isLast = cell !== undefined && page.value.first === head - 1 && page.value.head === head
  return isLast ? ok({ position: head, previousHash: hashCell(cell) }) : err({ kind: "moved-on" })
}
