/** Far beyond what any log reaches; sums of positions stay whole numbers. */
export const MAX_LOG_POSITION = 2 ** 52

/** Whether cells may stand at `expected` (T10): at the head; on a mirror beyond it, too. Never where a cell was before. */
export const mayAppend = (head: number, expected: number, mayLeap: boolean): boolean =>
  mayLeap ? expected >= head && expected < MAX_LOG_POSITION : expected === head
