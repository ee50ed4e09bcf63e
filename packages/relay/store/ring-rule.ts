import type { RingState } from "./contract.ts"

/** Whether it holds an envelope in every slot, so that it may be served. */
export const isFull = ({ head, slots }: RingState): boolean => head >= slots

/** Whether the next slot may be overwritten (R2). */
export const hasRoom = (state: RingState): boolean => roomIn(state) > 0

/** What is acknowledged after `position` was asked for (R4). */
export const acknowledgedAfter = ({ head, acknowledged }: RingState, position: number): number =>
  position > acknowledged && position <= head ? position : acknowledged

/** Position of the first envelope that a reader from `from` on gets (R3). */
export const firstFrom = ({ head, slots }: RingState, from: number): number =>
  Math.min(Math.max(from, head - slots), head)

/** How many more it takes before the next slot is one that was not acknowledged. */
export const roomIn = (state: RingState): number =>
  isFull(state) ? state.acknowledged + state.slots - state.head : 0
