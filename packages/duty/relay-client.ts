/** What desks and duties say to a relay. docs/protocol.md §13, §15. */
import { ByteReader } from "@kunak/core/bytes/reader"
import { ByteWriter } from "@kunak/core/bytes/writer"
import type { Relay } from "@kunak/core/charter/charter"
import type { EditionId } from "@kunak/core/edition/header"
import { TERM_GRANT_BYTES } from "@kunak/core/edition/term"
import type { Capabilities } from "@kunak/core/enrolment/enrolment"
import {
  ENVELOPE_BYTES,
  HEADER_BYTES,
  LOG_CELL_BYTES,
  LOG_READ_CELLS,
  MAX_BULLETIN_BYTES,
  MAX_PACKAGE_BYTES,
  RING_READ_ENVELOPES,
} from "@kunak/core/parameters"
import { err, ok, type Result } from "@kunak/core/result"
import { reveal, type Secret } from "@kunak/core/secret"

/** One HTTP exchange, by whatever way out its host has: directly or through a SOCKS proxy. */
export type Outgoing = (exchange: {
  readonly method: "GET" | "POST"
  readonly url: string
  /** The same at the relay's onion address: for a way out that leads through Tor. */
  readonly onionUrl?: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Uint8Array
  readonly mostBytes: number
}) => Promise<Result<OutgoingAnswer, { readonly kind: string }>>

export interface OutgoingAnswer {
  readonly status: number
  readonly body: Uint8Array
  /** The answer's `Date` as it stands; null or absent where there was none. */
  readonly date?: string | null
}

export type RelayError =
  /** No answer: down, or the way to it is (`why` as the way out names it). */
  | { readonly kind: "relay-down"; readonly why: string }
  /** Its disk is full or can't be written: nothing was taken. */
  | { readonly kind: "relay-cannot-store" }
  /** Wrong capability, a key that is revoked, something that does not verify. */
  | { readonly kind: "relay-refuses"; readonly status: number }
  /** An answer that is none of this protocol's. */
  | { readonly kind: "relay-talks-nonsense" }

export interface LogPage {
  readonly head: number
  /** Position of the first cell here; later than asked for when older ones are gone. */
  readonly first: number
  readonly cells: readonly Uint8Array[]
}

export interface RingPage {
  /** Position that the next envelope will have. */
  readonly head: number
  /** Everything before it may be overwritten: a desk has it in the log of both relays. */
  readonly acknowledged: number
  /** Position of the first envelope here; later than asked for when older ones are gone. */
  readonly first: number
  readonly envelopes: readonly Uint8Array[]
}

/** Where a relay is, as the charter says. */
export type RelayPlace = Pick<Relay, "web" | "onion">

export interface RelayClient {
  header(): Promise<Result<Uint8Array | null, RelayError>>
  bulletin(): Promise<Result<Uint8Array | null, RelayError>>
  readLog(from: number, limit?: number): Promise<Result<LogPage, RelayError>>
  /** @returns the new head, or `stale-head` with the head to read up to first. */
  appendLog(
    expected: number,
    cells: readonly Uint8Array[],
  ): Promise<Result<number, RelayError | { readonly kind: "stale-head"; readonly head: number }>>
  requestTerm(
    request: Uint8Array,
  ): Promise<Result<Uint8Array, RelayError | { readonly kind: "stale-term"; readonly term: number }>>
  publish(
    grant: Uint8Array,
    edition: Uint8Array,
  ): Promise<Result<null, RelayError | { readonly kind: "stale-edition"; readonly newest: EditionId }>>
  revoke(revocation: Uint8Array): Promise<Result<null, RelayError>>
  readRing(from: number, limit?: number): Promise<Result<RingPage, RelayError>>
  /** Lets everything before `position` be overwritten. @returns what is acknowledged now. */
  acknowledgeRing(position: number): Promise<Result<number, RelayError>>
}

const OK = 200
const CONFLICT = 409
const NOT_YET = 503
const CANNOT_STORE = 507

export function relayClient(relay: RelayPlace, capabilities: Capabilities, outgoing: Outgoing): RelayClient {
  const at = (path: string): { readonly url: string; readonly onionUrl?: string } => ({
    url: relay.web + path,
    ...(relay.onion === "" ? {} : { onionUrl: relay.onion + path }),
  })
  const get = async (path: string, mostBytes: number): Promise<Result<Uint8Array | null, RelayError>> => {
    const answer = await outgoing({
      method: "GET",
      ...at(path),
      headers: { "accept-encoding": "identity" },
      mostBytes,
    })
    if (!answer.ok) return err({ kind: "relay-down", why: answer.error.kind })
    if (answer.value.status === NOT_YET) return ok(null)
    return answer.value.status === OK ? ok(answer.value.body) : err(refused(answer.value.status))
  }
  const post = async (
    path: string,
    capability: Secret<Uint8Array> | null,
    body: Uint8Array,
    mostBytes: number,
  ) => {
    const authorization = `Bearer ${base64url(capability ? reveal(capability) : new Uint8Array(32))}`
    const headers = { authorization, "content-type": "application/octet-stream" }
    const answer = await outgoing({ method: "POST", ...at(path), headers, body, mostBytes })
    return answer.ok ? answer : err({ kind: "relay-down", why: answer.error.kind } as const)
  }

  return {
    async header() {
      const header = await get("/header", HEADER_BYTES)
      const wrong = header.ok && header.value !== null && header.value.length !== HEADER_BYTES
      return wrong ? err({ kind: "relay-talks-nonsense" }) : header
    },
    bulletin: () => get("/bulletin", MAX_BULLETIN_BYTES),

    async readLog(from, limit = LOG_READ_CELLS) {
      const body = new ByteWriter().u64(from).u16(limit).bytes()
      const answer = await post("/log/read", capabilities.read, body, 16 + limit * LOG_CELL_BYTES)
      if (!answer.ok) return answer
      if (answer.value.status !== OK) return err(refused(answer.value.status))
      const reader = new ByteReader(answer.value.body)
      const page = { head: reader.u64(), first: reader.u64() }
      const cells: Uint8Array[] = []
      while (!reader.failed && reader.left >= LOG_CELL_BYTES) cells.push(reader.take(LOG_CELL_BYTES))
      const sound =
        reader.end() && page.first + cells.length <= page.head && (cells.length === 0 || page.first >= from)
      return sound ? ok({ ...page, cells }) : err({ kind: "relay-talks-nonsense" })
    },

    async appendLog(expected, cells) {
      const out = new ByteWriter().u64(expected).u8(cells.length)
      for (const cell of cells) out.fixed(cell, LOG_CELL_BYTES)
      const answer = await post("/log/append", capabilities.append, out.bytes(), 64)
      if (!answer.ok) return answer
      const { status } = answer.value
      if (status !== OK && status !== CONFLICT) return err(refused(status))
      const reader = new ByteReader(answer.value.body)
      const head = reader.u64()
      if (!reader.end()) return err({ kind: "relay-talks-nonsense" })
      return status === OK ? ok(head) : err({ kind: "stale-head", head })
    },

    async requestTerm(request) {
      const answer = await post("/term", capabilities.publish, request, TERM_GRANT_BYTES)
      if (!answer.ok) return answer
      const { status, body } = answer.value
      if (status === CONFLICT && body.length === 4)
        return err({ kind: "stale-term", term: new ByteReader(body).u32() })
      if (status !== OK) return err(refused(status))
      return body.length === TERM_GRANT_BYTES ? ok(body) : err({ kind: "relay-talks-nonsense" })
    },

    async publish(grant, edition) {
      if (edition.length > MAX_PACKAGE_BYTES) throw new RangeError("an edition beyond the limit")
      const body = new ByteWriter().raw(grant).raw(edition).bytes()
      const answer = await post("/publish", capabilities.publish, body, 64)
      if (!answer.ok) return answer
      const { status, body: said } = answer.value
      if (status === OK) return ok(null)
      if (status !== CONFLICT) return err(refused(status))
      const reader = new ByteReader(said)
      const newest = { term: reader.u32(), number: reader.u32() }
      return reader.end() ? err({ kind: "stale-edition", newest }) : err({ kind: "relay-talks-nonsense" })
    },

    async revoke(revocation) {
      const answer = await post("/revoke", capabilities.append, revocation, 64)
      if (!answer.ok) return answer
      return answer.value.status === OK ? ok(null) : err(refused(answer.value.status))
    },

    async readRing(from, limit = RING_READ_ENVELOPES) {
      const body = new ByteWriter().u64(from).u16(limit).bytes()
      const answer = await post("/ring/read", capabilities.read, body, 24 + limit * ENVELOPE_BYTES)
      if (!answer.ok) return answer
      if (answer.value.status !== OK) return err(refused(answer.value.status))
      const reader = new ByteReader(answer.value.body)
      const page = { head: reader.u64(), acknowledged: reader.u64(), first: reader.u64() }
      const envelopes: Uint8Array[] = []
      while (!reader.failed && reader.left >= ENVELOPE_BYTES) envelopes.push(reader.take(ENVELOPE_BYTES))
      const { head, acknowledged, first } = page
      const isWithin = first + envelopes.length <= head && acknowledged <= head
      const sound = reader.end() && isWithin && (envelopes.length === 0 || first >= from)
      return sound ? ok({ ...page, envelopes }) : err({ kind: "relay-talks-nonsense" })
    },

    async acknowledgeRing(position) {
      const body = new ByteWriter().u64(position).bytes()
      const answer = await post("/ring/acknowledge", capabilities.acknowledge, body, 64)
      if (!answer.ok) return answer
      if (answer.value.status !== OK) return err(refused(answer.value.status))
      const reader = new ByteReader(answer.value.body)
      const acknowledged = reader.u64()
      return reader.end() ? ok(acknowledged) : err({ kind: "relay-talks-nonsense" })
    },
  }
}

const refused = (status: number): RelayError =>
  status === CANNOT_STORE ? { kind: "relay-cannot-store" } : { kind: "relay-refuses", status }

const base64url = (bytes: Uint8Array): string => Buffer.from(bytes).toString("base64url")
