/** What was promised, against what is there. Pure. */

export interface Told {
  readonly threadId: string
  readonly messageId: string
  readonly text: string
  /** A relay answered that there was room: from then on it must not be lost. */
  isTold: boolean
  /** A status that no visitor should ever see; 0 where there was none. */
  oddAnswer: number
}

/** Messages of a thread as a desk shows them, with doubles if there are any. */
export type Shown = ReadonlyMap<string, readonly string[]>

export interface Verdict {
  readonly told: number
  /** Told, and not in its thread. */
  readonly lost: readonly Told[]
  /** In its thread more than once. */
  readonly doubled: readonly Told[]
  /** In a thread, and nobody wrote it. */
  readonly invented: readonly string[]
}

const countOf = ({ threadId, text }: Told, shown: Shown): number =>
  (shown.get(threadId) ?? []).filter((one) => one === text).length

/** Told, and not in its thread: of one message, whatever else is there. */
export const isLost = (one: Told, shown: Shown): boolean => one.isTold && countOf(one, shown) === 0

export function judge(told: readonly Told[], shown: Shown): Verdict {
  const written = new Set(told.map(({ threadId, text }) => `${threadId} ${text}`))
  return {
    told: told.filter(({ isTold }) => isTold).length,
    lost: told.filter((one) => isLost(one, shown)),
    doubled: told.filter((one) => countOf(one, shown) > 1),
    invented: [...shown].flatMap(([threadId, texts]) =>
      texts.filter((text) => !written.has(`${threadId} ${text}`)).map((text) => `${threadId} ${text}`),
    ),
  }
}
