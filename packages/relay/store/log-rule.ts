/** Far beyond what any log reaches; sums of positions stay whole numbers. */
export const MAX_LOG_POSITION = 2 ** 52

/**
 * More positions than any relay keeps cells: so far below the head lies what a mirror had before the other relay was restored.
 * That stays until as much has come behind the leap as is kept, or desks that were away could not read it any more.
 */
export const STRETCH = 2 ** 31

/** Whether cells may stand at `expected` (T10): at the head; on a mirror beyond it, too. Never where a cell was before. */
export const mayAppend = (head: number, expected: number, mayLeap: boolean): boolean =>
  mayLeap ? expected >= head && expected < MAX_LOG_POSITION : expected === head
