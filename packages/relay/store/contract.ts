/**
 * All that a relay keeps. Everything in it is public or sealed by others; there is no address and no time.
 * Each store runs `testing/store-contract.ts`.
 *
 * "On disk" means that it survives kill -9 and loss of power as far as the disk tells the truth.
 * `unavailable`: the disk is full or read-only, or the database is away. Nothing was changed, or (a database
 * lost in the middle of a commit) the caller finds out by asking again: every write here may be repeated.
 */
import type { EditionId } from "@kunak/core/edition/header"
import type { Result } from "@kunak/core/result"

export interface StoreUnavailable {
  readonly kind: "unavailable"
  /** The commit was on its way when the answer was lost: it may be on disk. Absent where it is known that it is not. */
  readonly mayBeStored?: true
}

/** One edition as duty sent it. The store does not look inside. */
export interface StoredEdition {
  readonly id: EditionId
  readonly package: Uint8Array
}

export interface TermStore {
  /** The highest term granted or published (0 at first). */
  term(): Promise<Result<number, StoreUnavailable>>
  /** Grants `expected + 1` once it is on disk, if `expected` is still the term (T6: no term is granted twice). */
  grantTerm(expected: number): Promise<Result<number, StaleTerm | StoreUnavailable>>
}

export interface StaleTerm {
  readonly kind: "stale-term"
  readonly term: number
}

export interface EditionStore {
  /** Id of the newest edition; null before the first. */
  newestId(): Promise<Result<EditionId | null, StoreUnavailable>>
  /** The kept editions with a higher id than `after` (all of them after null), oldest first. */
  editionsAfter(after: EditionId | null): Promise<Result<readonly StoredEdition[], StoreUnavailable>>
  /**
   * Keeps the edition once it is on disk, and the four before it (T8: all of it or nothing).
   * Fails with `used-id` unless its id is higher than every stored one and its term not below the highest
   * granted (T7, T9); the same bytes under an id that is still kept succeed again. `floor` is the id that
   * stands in the way.
   */
  publish(edition: StoredEdition): Promise<Result<"stored" | "already-stored", UsedId | StoreUnavailable>>
}

export interface UsedId {
  readonly kind: "used-id"
  readonly floor: EditionId
}

/** Cells of 4,096 bytes at positions from 0 on; without gaps, but for a mirror's (core/log/positions.ts). */
export interface LogStore {
  /**
   * Writes the cells after the head, once, if the head is `expected` (T10), and returns the new head once they are on disk.
   *
   * @param mayLeap on a mirror, which does not order the log: cells beyond the head are taken, and what lies between is a
   *   gap as if it had been trimmed. Else a new mirror could never begin once the other relay has trimmed its first cells.
   */
  append(
    expected: number,
    cells: readonly Uint8Array[],
    mayLeap?: boolean,
  ): Promise<Result<number, StaleHead | StoreUnavailable>>
  /**
   * At most `limit` cells from `from` on, oldest first; from the next kept one if there is none at `from` (T11). A page ends
   * before a gap: its cells follow one another.
   */
  read(from: number, limit: number): Promise<Result<LogPage, StoreUnavailable>>
}

export interface StaleHead {
  readonly kind: "stale-head"
  readonly head: number
}

export interface LogPage {
  /** Position that the next cell will have. */
  readonly head: number
  /** Position of the first cell returned; where none is, `from` or the head, whichever is lower. */
  readonly first: number
  readonly cells: readonly Uint8Array[]
}

export interface RevocationStore {
  /** Keeps a verified revocation once it is on disk; the same one again succeeds (T13). Fails with `too-many` at 256. */
  addRevocation(revocation: Uint8Array): Promise<Result<void, TooMany | StoreUnavailable>>
  /** In the order in which they came. */
  revocations(): Promise<Result<readonly Uint8Array[], StoreUnavailable>>
}

export interface TooMany {
  readonly kind: "too-many"
}

/**
 * The ring: envelopes of 4,096 bytes, and all that a relay keeps of what people send. A position and nothing
 * else: no address, no time, no order but the positions'. Position p lies in slot p mod `slots`.
 */
export interface RingStore {
  ringState(): Promise<Result<RingState, StoreUnavailable>>
  /**
   * The first fill: writes dummies after the head, already acknowledged, if the head is `expected` and the ring
   * not yet once full. @returns the head once they are on disk; `stale-head` where it is another, or full.
   */
  fillRing(
    expected: number,
    envelopes: readonly Uint8Array[],
  ): Promise<Result<number, StaleHead | StoreUnavailable>>
  /**
   * Writes after the newest slot and returns the position once it is on disk (R1: a position, once answered, is
   * never given to another envelope, whatever crashes). Fails with `busy` where that slot's envelope has not
   * been acknowledged, or the ring was never full (R2).
   */
  post(envelope: Uint8Array): Promise<Result<number, RingBusy | StoreUnavailable>>
  /** The same for many, in one commit; null for each for which there was no room any more. */
  postAll(envelopes: readonly Uint8Array[]): Promise<Result<readonly (number | null)[], StoreUnavailable>>
  /**
   * At most `limit` envelopes from `from` on, oldest first; from the oldest that was not overwritten if `from`
   * lies before it (R3: who has seen a position never later meets a smaller one).
   */
  readRing(from: number, limit: number): Promise<Result<RingPage, StoreUnavailable>>
  /**
   * Lets everything before `position` be overwritten, once that is on disk; nothing is taken back, and nothing
   * that is not there yet is acknowledged (R4). @returns what is acknowledged now.
   */
  acknowledge(position: number): Promise<Result<number, StoreUnavailable>>
}

export interface RingState {
  /** Slots, M. */
  readonly slots: number
  /** Position that the next envelope will have; below M the ring is being filled. */
  readonly head: number
  /** Everything before it may be overwritten. */
  readonly acknowledged: number
}

export interface RingBusy {
  readonly kind: "busy"
}

export interface RingPage extends RingState {
  /** Position of the first envelope returned; where none is, `from` or the head, whichever is lower. */
  readonly first: number
  readonly envelopes: readonly Uint8Array[]
}

/** What a relay counts: none of these numbers is ever given twice, also after its disk was lost. */
export interface Counters {
  /** The highest term granted or published. */
  readonly term: number
  /** Position that the next cell of the log will have. */
  readonly logHead: number
  /** Position that the next envelope will have. */
  readonly ringHead: number
}

export interface ResumeStore {
  /**
   * For a new store in the place of a lost one, its ring once full of dummies: it goes on counting there.
   *
   * @param first a cell that nobody can open, for the relay that orders the log: it stands before the head, so that readers
   *   meet a gap and know what to write behind; null on a mirror.
   * @returns `not-new` for a store that has given any number of its own, or whose ring is not full.
   * @throws RangeError unless `ringHead` is a multiple of the ring's slots: position p lies in slot p mod M.
   */
  resume(
    counters: Counters,
    first: Uint8Array | null,
  ): Promise<Result<void, { readonly kind: "not-new" } | StoreUnavailable>>
}

export interface RelayStore
  extends TermStore,
    EditionStore,
    LogStore,
    RevocationStore,
    RingStore,
    ResumeStore {
  close(): Promise<void>
}

export interface StoreSettings {
  /** Cells of the staff log that are kept; older ones are trimmed as new ones come. */
  readonly keepCells: number
  /** Slots of the ring: the charter's. A store keeps the number that it was made with. */
  readonly slots: number
}

export const EDITIONS_KEPT = 5
export const MAX_REVOCATIONS = 256
export const MAX_TERM = 0xffff_ffff
