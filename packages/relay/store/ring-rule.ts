import type { RingState } from "./contract.ts"

/** Whether it holds an envelope in every slot, so that it may be served. */
export const isFull = ({ head, slots }: RingState): boolean => head >= slots

/** Whether the next slot may be overwritten (R2). */
export const hasRoom = (state: RingState): boolean =>
  isFull(state) && state.head - state.slots < state.acknowledged

/** What is acknowledged after `position` was asked for (R4). */
export const acknowledgedAfter = ({ head, acknowledged }: RingState, position: number): number =>
  position > acknowledged && position <= head ? position : acknowledged

/** Position of the first envelope that a reader from `from` on gets (R3). */
export const firstFrom = ({ head, slots }: RingState, from: number): number =>
  Math.min(Math.max(from, head - slots), head)
