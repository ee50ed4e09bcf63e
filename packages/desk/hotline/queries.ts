/** What the window *Hotline* is shown. Reads the vault and nothing else. */
import { equalBytes } from "@kunak/core/bytes/equal"
import { fromHex, toHex } from "@kunak/core/bytes/hex"
import { windowEnd, windowOf, windowStart } from "@kunak/core/intake/intake-key"
import type { PublicKey } from "@kunak/core/keys"
import { HEADER_EVERY_TICKS, NEWEST_SLOTS, THREAD_SLOTS, TICKS } from "@kunak/core/parameters"
import { isRevoked } from "@kunak/core/revocation/revocation"
import type { ThreadId } from "@kunak/core/thread/keys"
import type { Instant } from "@kunak/core/time/instant"
import type { OpenDesk } from "../open-desk.ts"
import { sql } from "../vault/sql.ts"
import { unopened } from "./hotline.ts"
import { intakeSeedOf, type KnownIntakeKey } from "./keys/key-store.ts"
import { delegationOf, receivingUntil } from "./keys/make-keys.ts"
import type {
  AsideView,
  ConversationItem,
  ConversationView,
  QueueView,
  ReplyCheck,
  ThreadSummary,
} from "./model.ts"
import { URGENCIES } from "./model.ts"
import { cutReply, heldUntil, replyExpires, replyText } from "./replies/compose.ts"
import { heldKeys } from "./replies/place.ts"
import { replyRisks } from "./replies/reply-risks.ts"
import { type KeptReply, repliesOf } from "./replies/reply-store.ts"
import { LONGEST_AWAY_SECONDS } from "./rings/read-rings.ts"
import { ringPlace } from "./rings/ring-store.ts"
import { assigneeOf, checkQuestionOf, textOf, urgencyOf } from "./threads/facts.ts"
import { labelOf } from "./threads/label.ts"
import { standingOf } from "./threads/thread-state.ts"
import {
  allThreads,
  asideOf,
  type KeptMessage,
  type KeptThread,
  messagesOf,
  threadById,
} from "./threads/thread-store.ts"

const EXCERPT_LETTERS = 90

/** Officers of the week, this one among them. */
export function officersNow(
  desk: OpenDesk,
): readonly { readonly key: PublicKey<"officer">; readonly label: string; readonly isMe: boolean }[] {
  const line = desk.sync.line()
  const delegation = delegationOf(line, windowOf(desk.now()))
  return (delegation?.officers ?? [])
    .filter((key) => !isRevoked(key, line.revocations))
    .map((key) => ({
      key,
      label: officerLabel(desk, key),
      isMe: equalBytes(key, desk.officer.key.publicKey),
    }))
}

/** As the ceremony labels them: by their place. One's own as the enrolment says. */
export function officerLabel(desk: OpenDesk, key: Uint8Array): string {
  if (equalBytes(key, desk.officer.key.publicKey)) return desk.officer.label
  for (const { officers } of desk.sync.line().delegations) {
    const place = officers.findIndex((one) => equalBytes(one, key))
    if (place >= 0) return `officer ${place + 1}`
  }
  return "officer ?"
}

export const threadLabel = (desk: OpenDesk, id: ThreadId): string =>
  textOf(desk.vault, id, "label") || labelOf(id, desk.settings().language)

/** The oldest message that came after the last reply. */
function unansweredSince(messages: readonly KeptMessage[], replies: readonly KeptReply[]): Instant | null {
  const after = Math.max(0, ...replies.map((reply) => reply.after))
  const open = messages.filter(({ number }) => number > after)
  return open.length === 0 ? null : (Math.min(...open.map(({ opened }) => opened)) as Instant)
}

export function summaryOf(desk: OpenDesk, thread: KeptThread): ThreadSummary {
  const { vault } = desk
  const { id } = thread
  const [messages, replies] = [messagesOf(vault, id), repliesOf(vault, id)]
  const assignee = assigneeOf(vault, id)
  const aside = asideOf(vault, thread)
  const { state, news } = standingOf(vault, thread, messages, aside)
  return {
    id: toHex(id),
    label: threadLabel(desk, id),
    state,
    urgency: urgencyOf(vault, id),
    assignee: assignee ? officerLabel(desk, assignee) : "",
    isMine: assignee !== null && equalBytes(assignee, desk.officer.key.publicKey),
    unansweredSince:
      state === "open" ? unansweredSince(news.length > 0 ? news : [...messages, ...aside], replies) : null,
    wroteAgain: news[0]?.opened ?? null,
    lastMessage: messages.at(-1)?.opened ?? null,
    lastReply: replies.at(-1)?.written ?? null,
    excerpt: excerptOf(messages.at(-1)?.text ?? ""),
    messages: messages.length,
    putAside: thread.putAside,
  }
}

const LETTERS = new Intl.Segmenter()
function excerptOf(text: string): string {
  const line = text.replace(/\s+/g, " ").trim()
  const letters = Array.from(LETTERS.segment(line.slice(0, EXCERPT_LETTERS * 4)), ({ segment }) => segment)
  return letters.length > EXCERPT_LETTERS ? `${letters.slice(0, EXCERPT_LETTERS).join("")}…` : line
}

/** Unanswered first, by urgency, then by age; then the others, the newest first. */
const inOrder = (a: ThreadSummary, b: ThreadSummary): number =>
  Number(a.unansweredSince === null) - Number(b.unansweredSince === null) ||
  (a.unansweredSince !== null && b.unansweredSince !== null
    ? URGENCIES.indexOf(b.urgency) - URGENCIES.indexOf(a.urgency) || a.unansweredSince - b.unansweredSince
    : lastOf(b) - lastOf(a)) ||
  a.id.localeCompare(b.id)

const lastOf = ({ lastMessage, lastReply }: ThreadSummary): number =>
  Math.max(lastMessage ?? 0, lastReply ?? 0)

/** Threads of which a fact or a reply is known and no message yet are not shown. */
export const summaries = (desk: OpenDesk): readonly ThreadSummary[] =>
  allThreads(desk.vault)
    .map((thread) => summaryOf(desk, thread))
    .filter(({ messages, putAside }) => messages > 0 || putAside > 0)
    .sort(inOrder)

/** Windows whose envelopes this desk can't open: an intake key that counted, and no seed of it, nor was there one. */
export function missedWindows(desk: OpenDesk): readonly { readonly from: number; readonly until: number }[] {
  const { vault } = desk
  const now = desk.now()
  const keys: readonly Pick<KnownIntakeKey, "keyId" | "window">[] = vault.all(
    sql`select key_id, window from intake_key where counts = 1
        and key_id not in (select key_id from intake_gone) order by window`,
    (row) => ({ keyId: row.bytes("key_id"), window: row.number("window") as KnownIntakeKey["window"] }),
  )
  return keys
    .filter(({ keyId, window }) => {
      const isRecent = windowStart(window) <= now && windowEnd(window) + LONGEST_AWAY_SECONDS > now
      return isRecent && intakeSeedOf(vault, keyId) === null
    })
    .map(({ window }) => ({ from: windowStart(window), until: windowEnd(window) }))
}

/** Notes of the last days that came under destroyed keys. */
export const lostNotes = (desk: OpenDesk): number =>
  desk.vault.first(
    sql`select count(*) as n from note_lost where found > ${desk.now() - LONGEST_AWAY_SECONDS}`,
    (row) => row.number("n"),
  ) ?? 0

export function queue(desk: OpenDesk): QueueView {
  const threads = summaries(desk)
  const count = (of: (thread: ThreadSummary) => boolean): number => threads.filter(of).length
  const { vault } = desk
  return {
    threads,
    counts: {
      unanswered: count(({ unansweredSince: since }) => since !== null),
      open: count(({ state }) => state === "open"),
      closed: count(({ state }) => state === "closed"),
      spam: count(({ state }) => state === "spam"),
    },
    unopened: unopened(vault),
    missedWindows: missedWindows(desk),
    officers: officersNow(desk).map(({ label, isMe }) => ({ label, isMe })),
    canAcknowledge: desk.officer.capabilities.every(({ acknowledge }) => acknowledge !== null),
    receivingUntil: receivingUntil(desk.sync.line(), desk.now()),
    unopenable: ringPlace(vault, "A").unopenable + ringPlace(vault, "B").unopenable,
  }
}

/** The newest of them: a flood is looked into, not read. */
const MOST_ASIDE_SHOWN = 500

export function putAside(desk: OpenDesk, id: string): AsideView {
  const thread = threadOf(desk, id)
  const aside = thread ? asideOf(desk.vault, thread) : []
  return {
    messages: aside
      .slice(-MOST_ASIDE_SHOWN)
      .map(({ id: of, opened, text }) => ({ id: toHex(of), opened, text })),
    lost: (thread?.putAside ?? 0) - aside.length,
  }
}

export const threadOf = (desk: OpenDesk, id: string): KeptThread | null =>
  threadById(desk.vault, fromHex(id) ?? new Uint8Array())

/** Placed again after the person came back, it lives longer than it did when it was written. */
const liveUntil = ({ expires, parts }: KeptReply): Instant =>
  Math.max(expires, ...parts.map(({ placed }) => placed?.expires ?? 0)) as Instant

function replyState(desk: OpenDesk, reply: KeptReply): "not-out" | "on-board" | "read" | "gone" {
  const unread = reply.parts.filter(({ isRead }) => !isRead)
  if (unread.length === 0) return "read"
  if (liveUntil(reply) <= desk.now()) return "gone"
  const issued = desk.sync.watch.edition()?.header.issued ?? 0
  return unread.every(({ placed }) => placed !== null && issued >= placed.seen) ? "on-board" : "not-out"
}

/** Behind the message with this number, or that message itself. */
interface Placed {
  readonly after: number
  readonly at: number
  readonly item: ConversationItem
}

/**
 * As it was said: an answer stands behind the messages that it answers, even where this desk learned of a message days
 * after a colleague had answered it.
 */
const inTurn = (a: Placed, b: Placed): number =>
  a.after - b.after || Number(b.item.kind === "message") - Number(a.item.kind === "message") || a.at - b.at

export function conversation(desk: OpenDesk, id: string): ConversationView | null {
  const { vault } = desk
  const thread = threadOf(desk, id)
  if (!thread) return null
  const messages = messagesOf(vault, thread.id)
  const handovers = vault.all(
    sql`select time, officer, assignee from handover where thread = ${thread.id} order by time`,
    (row) => ({ time: row.number("time"), officer: row.bytes("officer"), assignee: row.bytes("assignee") }),
  )
  const replies = repliesOf(vault, thread.id)
  const items: readonly Placed[] = [
    ...messages.map(({ number, id: message, opened, text, isQuarantined }) => ({
      after: number,
      at: opened,
      item: { kind: "message", id: toHex(message), opened, text, isQuarantined } as const,
    })),
    ...handovers.map(({ time, officer, assignee }) => ({
      after: messages.findLast(({ opened }) => opened <= time)?.number ?? 0,
      at: time,
      item: {
        kind: "handed-over",
        by: officerLabel(desk, officer),
        to: assignee.length === 32 ? officerLabel(desk, assignee) : "",
        time,
      } as const,
    })),
    ...replies.map((reply) => ({
      after: reply.after,
      at: reply.written,
      item: {
        kind: "reply",
        id: toHex(reply.replyId),
        by: officerLabel(desk, reply.officer),
        written: reply.written,
        expires: liveUntil(reply),
        text: reply.text,
        parts: reply.parts.length,
        state: replyState(desk, reply),
      } as const,
    })),
  ]
  return {
    thread: summaryOf(desk, thread),
    items: [...items].sort(inTurn).map(({ item }) => item),
    checkQuestion: checkQuestionOf(vault, thread.id),
    note: textOf(vault, thread.id, "note"),
    draft: thread.draft,
    replyUntil: replyUntil(desk, thread),
    language: languageOf(messages),
  }
}

/** The earlier of fourteen days and the end of the last week held; in the past where the person must come back first. */
export function replyUntil(desk: OpenDesk, thread: KeptThread): Instant {
  const held = heldKeys(desk.vault, thread)
  return heldUntil(held) <= desk.now() ? heldUntil(held) : replyExpires(desk.now(), held)
}

/** By the letters of the last messages: Cyrillic or not. */
export function languageOf(messages: readonly { readonly text: string }[]): "ru" | "en" {
  const text = messages
    .slice(-5)
    .map((message) => message.text)
    .join(" ")
  const count = (letters: RegExp): number => text.match(letters)?.length ?? 0
  return count(/\p{Script=Cyrillic}/gu) >= count(/\p{Script=Latin}/gu) ? "ru" : "en"
}

/** A visit hears of so many editions; of each it surely gets so many parts, whatever else is unread (rule O3). */
const PARTS_IN_A_VISIT = Math.ceil(TICKS / HEADER_EVERY_TICKS) * NEWEST_SLOTS

/** Judged while it is typed. */
export function checkReply(desk: OpenDesk, typed: string): ReplyCheck {
  const text = replyText(typed)
  const { pieces, over } = cutReply(text)
  const parts = text === "" ? 0 : pieces.length
  const { charter } = desk.chain().current
  const rounds = Math.ceil(parts / THREAD_SLOTS)
  const places = charter.areas.flatMap(({ names }) => names)
  return {
    parts,
    over,
    // Four parts in an edition, looked up in four ticks; what is left comes with the next ones.
    expectedSeconds:
      rounds === 0
        ? 0
        : parts > PARTS_IN_A_VISIT
          ? null
          : (rounds - 1) * charter.editionSeconds + Math.ceil((THREAD_SLOTS * charter.tickMs) / 1000),
    risks: replyRisks(text, places),
  }
}
