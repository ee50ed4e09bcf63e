/** One message or one answer of a conversation. */
import type { VisitState } from "../visit-state.ts"

export interface Item {
  readonly view: HTMLElement
  readonly isMine: boolean
  /** By which a conversation is ordered: seconds since 1970. */
  readonly time: number
  /** In the page's language, which may have changed. */
  draw(): void
  update(state: VisitState): void
}

export const setText = (where: HTMLElement, text: string): void => {
  if (where.textContent !== text) where.textContent = text
}
