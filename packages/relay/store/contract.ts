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
  newest(): Promise<Result<StoredEdition | null, StoreUnavailable>>
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

/** Cells of 4,096 bytes at positions from 0 on, without gaps. */
export interface LogStore {
  /** Writes the cells after the head, once, if the head is `expected` (T10), and returns the new head once they are on disk. */
  append(
    expected: number,
    cells: readonly Uint8Array[],
  ): Promise<Result<number, StaleHead | StoreUnavailable>>
  /** At most `limit` cells from `from` on, oldest first; from the oldest kept one if `from` lies before it (T11). */
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

/** The ring (issue of the hotline) becomes a fifth part beside these, over the same database. */
export interface RelayStore extends TermStore, EditionStore, LogStore, RevocationStore {
  close(): Promise<void>
}

export interface StoreSettings {
  /** Cells of the staff log that are kept; older ones are trimmed as new ones come. */
  readonly keepCells: number
}

export const EDITIONS_KEPT = 5
export const MAX_REVOCATIONS = 256
export const MAX_TERM = 0xffff_ffff
