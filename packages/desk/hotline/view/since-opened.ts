/** What others did to a conversation while it was open here: said before anything is sent. */
import type { ConversationItem } from "../model.ts"

export interface SinceOpened {
  /** Officers who have replied since, each once. */
  readonly repliedBy: readonly string[]
  /** Messages of the person that came since. */
  readonly messages: number
  /** The first of these. */
  readonly first: string | null
}

/** An item's name in the list; a handing over has no id of its own. */
export const itemKey = (item: ConversationItem): string =>
  item.kind === "handed-over" ? `handed ${item.time} ${item.to}` : item.id

export const seenKeys = (items: readonly ConversationItem[]): ReadonlySet<string> =>
  new Set(items.map(itemKey))

/** @param me label of this desk's officer: own replies are no news. */
export function sinceOpened(
  seen: ReadonlySet<string>,
  items: readonly ConversationItem[],
  me: string,
): SinceOpened {
  const fresh = items.filter((item) => !seen.has(itemKey(item)))
  const news = fresh.filter((item) => item.kind === "message" || (item.kind === "reply" && item.by !== me))
  const officers = news.flatMap((item) => (item.kind === "reply" ? [item.by] : []))
  return {
    repliedBy: [...new Set(officers)],
    messages: news.length - officers.length,
    first: news[0] ? itemKey(news[0]) : null,
  }
}
