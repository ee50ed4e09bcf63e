/** When a visit speaks, and of what size: the same for everybody. docs/protocol.md §21, rules Z1, Z2. */
import type { ThreadSlot } from "../board/placement.ts"
import {
  FIRST_TICK_DIVISOR,
  HEADER_EVERY_TICKS,
  LATER_DIVISOR,
  MOST_LATER_MS,
  THREAD_SLOTS,
  TICKS,
} from "../parameters.ts"

/** Milliseconds after the script's start. */
export const tickAt = (tick: number, tickMs: number): number => tickMs / FIRST_TICK_DIVISOR + tick * tickMs

/**
 * By how much later than that a tick is sent, drawn anew for each (rule Z1): what a device is busy with moves a tick by some
 * milliseconds, and must be lost in what chance moves it by.
 *
 * @param chance uniform in [0, 1).
 */
export const sentLaterBy = (chance: number, tickMs: number): number =>
  chance * Math.min(MOST_LATER_MS, tickMs / LATER_DIVISOR)

export const wantsHeader = (tick: number): boolean => tick % HEADER_EVERY_TICKS === 0

/** Which relay gets an envelope at this tick. */
export const postsTo = (tick: number): "A" | "B" | null => (tick === 0 ? null : tick % 2 === 0 ? "A" : "B")

export const slotAt = (tick: number): ThreadSlot => ((tick + THREAD_SLOTS - 1) % THREAD_SLOTS) as ThreadSlot

export const isLastTick = (tick: number): boolean => tick === TICKS - 1
