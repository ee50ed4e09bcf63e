const setTimer = globalThis.setTimeout

/** Lets whoever waits have their turn: arithmetic in script takes up to 20 ms a step on a slow phone. */
export const nextTask = (): Promise<void> => new Promise((resolve) => setTimer(resolve))
