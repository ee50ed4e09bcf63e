/** What the window *Hotline* is told, and what it may ask. Times are seconds since 1970, ids hexadecimal. */

export const URGENCIES = ["none", "low", "high", "danger-to-life"] as const
export type ThreadUrgency = (typeof URGENCIES)[number]
export const STATES = ["open", "closed", "spam"] as const
export type ThreadStateName = (typeof STATES)[number]

/** One line of the queue. */
export interface ThreadSummary {
  readonly id: string
  /** A pseudonym that the desk makes from the thread id ("brown heron 41"), or what a colleague wrote instead. */
  readonly label: string
  readonly state: ThreadStateName
  readonly urgency: ThreadUrgency
  /** Label of the officer ("officer 2"); "" when nobody has it. */
  readonly assignee: string
  readonly isMine: boolean
  /** Of the oldest message that nobody has answered; null when all are answered. */
  readonly unansweredSince: number | null
  /** When the first message was opened that came after it was closed or set aside as spam; null: none did. */
  readonly wroteAgain: number | null
  readonly lastMessage: number | null
  readonly lastReply: number | null
  /** First letters of the newest message, one line. */
  readonly excerpt: string
  readonly messages: number
  /** Messages beyond what stands in one conversation in a day: folded, at this desk alone. */
  readonly putAside: number
}

export interface QueueView {
  /** Unanswered first: by urgency, then by age. Closed and spam apart. */
  readonly threads: readonly ThreadSummary[]
  readonly counts: {
    readonly unanswered: number
    readonly open: number
    readonly closed: number
    readonly spam: number
  }
  /** Envelopes that still have to be opened, of both rings; null while everything is opened. */
  readonly unopened: number | null
  /** Six-hour windows whose envelopes this desk has no key for, and can't open: it was away when they were made. */
  readonly missedWindows: readonly { readonly from: number; readonly until: number }[]
  readonly officers: readonly { readonly label: string; readonly isMe: boolean }[]
  /** False where the enrolment is of before the hotline: this desk opens, but can't let relays overwrite anything. */
  readonly canAcknowledge: boolean
  /** Until when there are keys to write to; null where there is none now: the page says "not receiving". */
  readonly receivingUntil: number | null
  /** Envelopes that nobody's key opens: rubbish, or their key is gone. Counted since this vault was made. */
  readonly unopenable: number
}

/**
 * What the window may ask, below /api/, with what goes in and what comes out. `id` is a thread's. Assignee, urgency and
 * state answer with what was there before: the same route takes the change back. *Deleted* can't be taken back.
 */
export interface HotlineRoutes {
  readonly "hotline/queue": readonly [Empty, QueueView]
  /** Null: there is no such thread (any more). */
  readonly "hotline/open": readonly [ById, ConversationView | null]
  /** What was too much for its day. */
  readonly "hotline/aside": readonly [ById, AsideView]
  readonly "hotline/draft": readonly [ById & { readonly text: string }, null]
  readonly "hotline/check": readonly [ById & { readonly text: string }, ReplyCheck]
  /** Errors: reply-empty, reply-too-long (over), organisation-closed, not-delegated, no-such-thread, and those of the disk. */
  readonly "hotline/reply": readonly [ById & { readonly text: string }, { readonly reply: string }]
  /** `to`: an officer's label, "" for nobody. */
  readonly "hotline/assign": readonly [ById & { readonly to: string }, { readonly before: string }]
  readonly "hotline/urgency": readonly [
    ById & { readonly urgency: ThreadUrgency },
    { readonly before: ThreadUrgency },
  ]
  readonly "hotline/state": readonly [
    // seen: how many of its messages the window showed. What came since opens it again.
    ById & { readonly state: ThreadStateName; readonly seen: number },
    { readonly before: ThreadStateName },
  ]
  readonly "hotline/check-question": readonly [
    ById & { readonly question: string; readonly answer: string },
    null,
  ]
  readonly "hotline/note": readonly [ById & { readonly note: string }, null]
  /** "": the desk's own pseudonym again. */
  readonly "hotline/label": readonly [ById & { readonly label: string }, null]
  readonly "hotline/delete": readonly [ById, null]
  readonly "hotline/canned": readonly [{ readonly language: "ru" | "en" }, readonly CannedText[]]
  /** The queue as CSV, without anything that people wrote. */
  readonly "hotline/export": readonly [Empty, string]
}

type Empty = Readonly<Record<string, never>>
interface ById {
  readonly id: string
}

export type ConversationItem =
  | {
      readonly kind: "message"
      readonly id: string
      /** When a desk opened it: when it was written nobody knows. */
      readonly opened: number
      readonly text: string
      /** Same thread id under other keys: somebody else may be writing (rule I7). */
      readonly isQuarantined: boolean
    }
  | {
      readonly kind: "reply"
      readonly id: string
      readonly by: string
      readonly written: number
      readonly expires: number
      readonly text: string
      readonly parts: number
      /** not-out: not in an edition yet. on-board: waits. read: the person said so. gone: its time is over, unread. */
      readonly state: "not-out" | "on-board" | "read" | "gone"
    }
  | { readonly kind: "handed-over"; readonly by: string; readonly to: string; readonly time: number }

export interface ConversationView {
  readonly thread: ThreadSummary
  readonly items: readonly ConversationItem[]
  readonly checkQuestion: { readonly question: string; readonly answer: string } | null
  readonly note: string
  /** What stands in the reply field, kept while it is being written. */
  readonly draft: string
  /** Until when a reply written now can be read: the last week whose keys the person gave. */
  readonly replyUntil: number
  /** Language of the person's messages, guessed from their letters: for canned texts. */
  readonly language: "ru" | "en"
}

export interface AsideView {
  /** The newest of them, oldest first. */
  readonly messages: readonly { readonly id: string; readonly opened: number; readonly text: string }[]
  /** So many more that they are only counted. */
  readonly lost: number
}

/** Judged while it is typed; nothing is sent. */
export interface ReplyCheck {
  /** Parts that it will take, and over how many letters too long it is. */
  readonly parts: number
  readonly over: number
  /** When the person can have read it, if they stay on the page: seconds from the next edition on. Null: not in one visit. */
  readonly expectedSeconds: number | null
  /** What must not be in a reply: whoever has the phrase and recorded the boards reads it for ever. */
  readonly risks: readonly {
    readonly kind: "name" | "address" | "route" | "number" | "link"
    readonly words: string
  }[]
}

export interface CannedText {
  readonly id: string
  readonly title: string
  readonly text: string
  readonly isReviewed: boolean
}
