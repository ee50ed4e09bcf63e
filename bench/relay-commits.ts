/** How many commits a relay's store made: what shares one is compared with as many to a transaction of the bare database. */
import type { RelayStore } from "@kunak/relay/store/contract"

export interface Commits {
  /** @returns how many commits there were since it was asked before. */
  take(): number
}

/** What one commit of the store settles comes back in one turn of the event loop. */
export function countCommits(store: RelayStore, what: "append" | "postAll"): Commits {
  let count = 0
  let isCounted = false
  const write = store[what].bind(store) as (...args: readonly unknown[]) => Promise<unknown>
  const counting = async (...args: readonly unknown[]): Promise<unknown> => {
    const written = await write(...args)
    if (!isCounted) {
      isCounted = true
      count++
      setImmediate(() => {
        isCounted = false
      })
    }
    return written
  }
  Object.assign(store, { [what]: counting })
  return {
    take: () => {
      const taken = count
      count = 0
      return taken
    },
  }
}
