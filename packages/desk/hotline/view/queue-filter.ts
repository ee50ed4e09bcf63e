/** Which threads the queue shows. Pure; the order is the model's: unanswered first, by urgency, then by age. */
import type { ThreadSummary } from "../model.ts"

export const FILTERS = ["all", "mine", "unassigned", "closed", "spam"] as const
export type Filter = (typeof FILTERS)[number]

/** Whether a thread stands under a filter; the first three speak of open ones. */
export function passes(thread: ThreadSummary, filter: Filter): boolean {
  switch (filter) {
    case "all":
      return thread.state === "open"
    case "mine":
      return thread.state === "open" && thread.isMine
    case "unassigned":
      return thread.state === "open" && thread.assignee === ""
    case "closed":
    case "spam":
      return thread.state === filter
  }
}

/** Every word that was typed stands somewhere in what the queue shows of the thread. */
export function matches(thread: ThreadSummary, search: string): boolean {
  const text = `${thread.label} ${thread.excerpt} ${thread.assignee}`.toLocaleLowerCase()
  return search
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word))
}

export const filtered = (
  threads: readonly ThreadSummary[],
  filter: Filter,
  search: string,
): readonly ThreadSummary[] =>
  threads.filter((thread) => passes(thread, filter) && matches(thread, search.trim()))
