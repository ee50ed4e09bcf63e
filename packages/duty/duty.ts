/** Keeps the line alive: reads what officers signed, holds the lease, publishes an edition on schedule. docs/protocol.md §13. */
import { equalBytes } from "@kunak/core/bytes/equal"
import type { EditionId } from "@kunak/core/edition/header"
import { signTermRequest } from "@kunak/core/edition/term"
import type { Random, SigningKey } from "@kunak/core/keys"
import type { LogKeys } from "@kunak/core/log/cell"
import type { Entry } from "@kunak/core/log/entry"
import { DEMONSTRATION_PUZZLE_BITS, PUZZLE_BITS } from "@kunak/core/parameters"
import { type Instant, plusSeconds, type Week, weekOf } from "@kunak/core/time/instant"
import type { PageTemplate } from "@kunak/page/document/template"
import { type MakeError, makeEdition } from "./edition/make-edition.ts"
import { applyEntry, type LineState, pruned, sureTime } from "./line/line-state.ts"
import { type CatchUp, LogFollower, type LogPlace } from "./line/log-follower.ts"
import { eraseLetGo, firstWeekHeld, firstWeekSaid, withOwnKeys } from "./line/waiting.ts"
import type { RelayClient, RelayError } from "./relay-client.ts"

/** What a duty must not forget: written to disk before it is acted on. */
export interface DutyMemory {
  readonly line: LineState
  readonly place: LogPlace
  /** Where it reads from when it is started anew: what it had half read then is read from its beginning (rule U16). */
  readonly resume: LogPlace
  /** Highest term known and relay A's grant for it; null while another duty holds the line. */
  readonly grant: { readonly term: number; readonly bytes: Uint8Array } | null
  readonly knownTerm: number
  /** The last number used in the grant's term, uploaded or not (rule E5). */
  readonly number: number
}

export interface DutyParts {
  readonly key: SigningKey<"duty">
  /** A orders the log and grants terms. */
  readonly relays: readonly [RelayClient, RelayClient]
  readonly logKeys: LogKeys
  readonly template: PageTemplate
  readonly random: Random
  readonly now: () => Instant
  /** What a puzzle of its editions costs; else what is usual. */
  readonly puzzleBits?: number
  /** Durable when it resolves. */
  readonly save: (memory: DutyMemory) => Promise<void>
}

export type TickOutcome =
  /** `relays`: what each answered; null is "published". */
  | {
      readonly kind: "published"
      readonly id: EditionId
      readonly relays: readonly [PublishProblem | null, PublishProblem | null]
      readonly leftOut: number
    }
  /** Another duty holds the lease. */
  | { readonly kind: "standing-by"; readonly until: Instant }
  /** It may not or can't take over now. */
  | { readonly kind: "no-term"; readonly why: string }
  | { readonly kind: "not-made"; readonly why: MakeError }

export type PublishProblem = RelayError["kind"] | "stale-edition"

/** A lease outlives two missed editions; then another duty takes over. */
const LEASE_EDITIONS = 2.5
const MIN_LEASE_SECONDS = 10

const earlier = (one: Week, other: Week): Week => Math.min(one, other) as Week

/** How long a lease in the log holds from the moment on at which its duty says it. */
export const leaseSeconds = (editionSeconds: number): number =>
  Math.max(MIN_LEASE_SECONDS, Math.ceil(editionSeconds * LEASE_EDITIONS))
const ATTEMPTS = 4

export class Duty {
  readonly #parts: DutyParts
  readonly #log: LogFollower
  #memory: DutyMemory
  /** The earliest week of which this process may have had a key, in whatever form. */
  #earliest: Week
  /** The first week of which keys are kept: of those before it none is in what was saved. Null before anything was. */
  #keptSince: Week | null = null

  constructor(parts: DutyParts, memory: DutyMemory) {
    this.#parts = parts
    const { line } = memory
    this.#memory = { ...memory, line: { ...line, waiting: withOwnKeys(line.waiting) } }
    const began = weekOf(sureTime(line, parts.now()))
    this.#earliest = earlier(began, firstWeekHeld(line.waiting) ?? began)
    const { organisationId } = memory.line.chain
    this.#log = new LogFollower({ organisationId, keys: parts.logKeys, random: parts.random })
  }

  get memory(): DutyMemory {
    return this.#memory
  }

  /**
   * Its weeks' keys have changed since this process began (rule U17): copies of those that were let go may stand in its memory as text and as
   * bytes until the process ends. With each week, whether anybody was answered or not.
   */
  get isOutworn(): boolean {
    return this.#keptSince !== null && this.#earliest < this.#keptSince
  }

  /** One edition's turn. Never rejects for what a relay does; rejects when its own disk can't be written. */
  async tick(): Promise<TickOutcome> {
    const turn = await this.#takeTurn()
    if (turn.kind !== "mine") return turn
    return await this.#publish(turn.grant)
  }

  /** Reads the log and writes its one cell of this interval: a lease when the line is its own, else a dummy. */
  async #takeTurn(): Promise<TickOutcome | { readonly kind: "mine"; readonly grant: Uint8Array }> {
    const [a, b] = this.#parts.relays
    for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
      const read = await this.#catchUp()
      const now = this.#parts.now()
      const { lease } = this.#memory.line
      const others = lease !== null && !equalBytes(lease.duty, this.#parts.key.publicKey) && lease.until > now
      if (!read)
        return others || !this.#memory.grant
          ? { kind: "no-term", why: "relay A is down" }
          : this.#mine(this.#memory.grant.bytes)
      const grant = others ? null : await this.#grant()
      const entry: Entry | null = grant && {
        kind: "lease",
        duty: this.#parts.key.publicKey,
        term: grant.term,
        until: plusSeconds(now, this.#leaseSeconds()),
      }
      const written = await this.#write(entry)
      if (written === "stale") continue
      await this.#log.mirror(a, b)
      if (others) return { kind: "standing-by", until: lease.until }
      return grant ? this.#mine(grant.bytes) : { kind: "no-term", why: "relay A gave no term" }
    }
    return { kind: "no-term", why: "the log moved on four times" }
  }

  #mine(grant: Uint8Array) {
    return { kind: "mine", grant } as const
  }

  #leaseSeconds(): number {
    return leaseSeconds(this.#memory.line.chain.current.charter.editionSeconds)
  }

  /** @returns whether relay A's log could be read to its end; else what relay B mirrors is read. */
  async #catchUp(): Promise<boolean> {
    const [a, b] = this.#parts.relays
    const fromA = await this.#log.catchUp(a, this.#memory.place, b)
    const read = fromA.ok ? fromA : await this.#log.readMirror(b, this.#memory.place)
    if (read.ok) await this.#take(read.value)
    return fromA.ok
  }

  async #take({ entries, place, resume }: CatchUp): Promise<void> {
    let { line } = this.#memory
    const placed = entries.flatMap(({ entry }) => (entry.kind === "part" ? [entry.part] : []))
    const had = [...line.waiting, ...placed].flatMap(({ keys }) => keys)
    for (const part of placed) this.#earliest = earlier(this.#earliest, firstWeekSaid(part))
    for (const { entry } of entries) line = await applyEntry(line, entry, this.#parts.now())
    const now = this.#parts.now()
    await this.#remember({ line: pruned(line, now), place, resume })
    this.#keptSince = weekOf(sureTime(line, now))
    eraseLetGo(had, this.#memory.line.waiting)
  }

  async #write(entry: Entry | null): Promise<"written" | "stale"> {
    const parts = entry ? this.#log.partsOf(entry) : [this.#log.dummy()]
    const { place } = this.#memory
    // After a gap only reading on gives the hash to write behind.
    if (place.previousHash === null) return "written"
    const written = await this.#log.append(this.#parts.relays[0], place, parts)
    if (!written.ok) return written.error.kind === "stale-head" ? "stale" : "written"
    const { line: before, resume } = this.#memory
    const line = entry ? await applyEntry(before, entry, this.#parts.now()) : before
    const isAllRead = resume.position === place.position
    await this.#remember({ place: written.value, resume: isAllRead ? written.value : resume, line })
    return "written"
  }

  /** The grant it holds, or a new one. A term is asked for anew whenever another duty has had the line. */
  async #grant(): Promise<DutyMemory["grant"]> {
    const { grant, line } = this.#memory
    const wasMine = line.lease !== null && equalBytes(line.lease.duty, this.#parts.key.publicKey)
    if (grant && wasMine) return grant
    for (let attempt = 0; attempt < 2; attempt++) {
      const request = await signTermRequest(this.#parts.key, this.#memory.knownTerm)
      const answer = await this.#parts.relays[0].requestTerm(request)
      if (answer.ok) {
        const term = this.#memory.knownTerm + 1
        await this.#remember({ grant: { term, bytes: answer.value }, knownTerm: term, number: 0 })
        return this.#memory.grant
      }
      if (answer.error.kind !== "stale-term") return null
      await this.#remember({ knownTerm: answer.error.term })
    }
    return null
  }

  async #publish(grant: Uint8Array): Promise<TickOutcome> {
    const held = this.#memory.grant
    if (!held) return { kind: "no-term", why: "the grant is gone" }
    const id = { term: held.term, number: this.#memory.number + 1 }
    // On disk first: a number is never used twice, whatever crashes (rule E5).
    await this.#remember({ number: id.number })
    const { key, template, now, random } = this.#parts
    const { demonstration } = this.#memory.line.chain.current.charter
    const usual = demonstration ? DEMONSTRATION_PUZZLE_BITS : PUZZLE_BITS
    const puzzleBits = this.#parts.puzzleBits ?? usual
    const made = await makeEdition(this.#memory.line, {
      id,
      issued: now(),
      template,
      key,
      random,
      puzzleBits,
    })
    if (!made.ok) return { kind: "not-made", why: made.error }
    const [a, b] = this.#parts.relays
    const atB = await b.publish(grant, made.value.package)
    const atA = await a.publish(grant, made.value.package)
    for (const answer of [atA, atB]) {
      if (!answer.ok && answer.error.kind === "stale-edition") await this.#behind(answer.error.newest)
    }
    const problem = (answer: typeof atA): PublishProblem | null => (answer.ok ? null : answer.error.kind)
    return { kind: "published", id, relays: [problem(atA), problem(atB)], leftOut: made.value.leftOut }
  }

  /** A relay has a newer edition: another duty took over, or this one's memory was restored from a copy. */
  async #behind(newest: EditionId): Promise<void> {
    const term = this.#memory.grant?.term ?? 0
    if (newest.term > term)
      await this.#remember({ grant: null, knownTerm: Math.max(newest.term, this.#memory.knownTerm) })
    else if (newest.number > this.#memory.number) await this.#remember({ number: newest.number })
  }

  async #remember(change: Partial<DutyMemory>): Promise<void> {
    const memory = { ...this.#memory, ...change }
    await this.#parts.save(memory)
    this.#memory = memory
  }
}
