/**
 * Where cells of the staff log stand: the rule that relays, followers, desks and restorations share. docs/protocol.md §15,
 * rule L10.
 *
 * Positions are cut into stretches. A log begins in stretch 0. A relay A that lost its disk goes on at the beginning of a
 * later stretch, behind one cell that nobody can open; within a stretch it writes cell behind cell. So of any gap its two
 * ends say what was there.
 */
import type { Instant } from "../time/instant.ts"

/** What ten desks write in six years: a log that fills one goes on into the next. */
export const STRETCH_POSITIONS = 2 ** 27
/** Of two restorations the later begins a later stretch; in 64 seconds no disk takes 2^27 cells or envelopes. */
export const STRETCH_SECONDS = 64
/** 2020-01-01T00:00:00Z. */
const FIRST_STRETCH = 1_577_836_800
/** Far beyond what any log reaches before 2088; sums of positions stay whole numbers. */
export const MAX_POSITION = 2 ** 52

export const stretchOf = (position: number): number => Math.floor(position / STRETCH_POSITIONS)
export const stretchStart = (stretch: number): number => stretch * STRETCH_POSITIONS

/**
 * The stretch of a relay that is restored at this moment: of the clock alone, since a backup does not know whether it was used
 * before. It must not be in service before `stretchBegins`.
 */
export const stretchAt = (now: Instant): number => Math.floor((now - FIRST_STRETCH) / STRETCH_SECONDS) + 1
export const stretchBegins = (stretch: number): Instant =>
  (FIRST_STRETCH + stretch * STRETCH_SECONDS) as Instant

/** A gap over which a restored relay went on: what stood there before its end is the other relay's to tell. */
export const isLeap = (from: number, first: number): boolean => stretchOf(first) > stretchOf(from)

/** Cells that certainly stood between the next position to read and the first one that is left. */
export const trimmedBetween = (from: number, first: number): number =>
  isLeap(from, first) ? first - stretchStart(stretchOf(first)) : first - from
