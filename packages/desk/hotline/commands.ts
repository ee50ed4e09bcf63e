/** What officers do with a thread. Everything stands in the vault and in the outbox in one change. */

import { nextSequences, REPLY_ID_BYTES } from "@kunak/core/board/part"
import { toHex } from "@kunak/core/bytes/hex"
import { type FactField, type FactNote, MAX_FACT_BYTES } from "@kunak/core/log/note"
import { err, ok, type Result } from "@kunak/core/result"
import { toPlainText } from "@kunak/core/text/plain-text"
import type { ThreadId } from "@kunak/core/thread/keys"
import type { OpenDesk } from "../open-desk.ts"
import type { RouteError } from "../platform/route.ts"
import { closedSince } from "../sync/closed-since.ts"
import { enqueue } from "../sync/outbox.ts"
import type { UnlockedVault } from "../vault/unlocked-vault.ts"
import { type ThreadStateName, type ThreadUrgency, URGENCIES } from "./model.ts"
import { enqueueNote } from "./notes/note-outbox.ts"
import { officerLabel, officersNow, threadOf } from "./queries.ts"
import { cutReply, replyText } from "./replies/compose.ts"
import { place } from "./replies/place.ts"
import { highestSequence, takeReply } from "./replies/reply-store.ts"
import {
  assigneeOf,
  checkQuestionValue,
  scaleValue,
  takeFact,
  textOf,
  textValue,
  timeToSet,
  urgencyOf,
} from "./threads/facts.ts"
import { standingOf, stateValue } from "./threads/thread-state.ts"
import { handleOf, saveReplyDraft, threadById } from "./threads/thread-store.ts"

type Done<T> = Result<T, RouteError>
const NO_THREAD = err({ kind: "no-such-thread" })

function setFact(desk: OpenDesk, threadId: ThreadId, field: FactField, value: Uint8Array): Done<null> {
  if (value.length > MAX_FACT_BYTES) return err({ kind: "too-long" })
  const officer = desk.officer.key.publicKey
  return desk.vault.change((change) => {
    const time = timeToSet(change, threadId, field, desk.sync.factTime())
    const fact: FactNote = { threadId, officer, time, field, value }
    takeFact(change, fact, time)
    enqueueNote(change, { kind: "fact", ...fact })
    return null
  })
}

/** Sets a field and answers with what was there before, by which it is taken back. */
function change<T>(
  desk: OpenDesk,
  id: string,
  field: FactField,
  value: Uint8Array,
  before: (thread: ThreadId) => T,
): Done<{ readonly before: T }> {
  const thread = threadOf(desk, id)
  if (!thread) return NO_THREAD
  const was = before(thread.id)
  const set = setFact(desk, thread.id, field, value)
  return set.ok ? ok({ before: was }) : set
}

/** @param to an officer's label; "" for nobody. */
export function assign(desk: OpenDesk, id: string, to: string): Done<{ readonly before: string }> {
  const officer = officersNow(desk).find(({ label }) => label === to)
  if (to !== "" && !officer) return err({ kind: "no-such-officer" })
  return change(desk, id, "assignee", officer?.key ?? new Uint8Array(), (thread) => {
    const before = assigneeOf(desk.vault, thread)
    return before ? officerLabel(desk, before) : ""
  })
}

export const setUrgency = (
  desk: OpenDesk,
  id: string,
  urgency: ThreadUrgency,
): Done<{ readonly before: ThreadUrgency }> =>
  change(desk, id, "urgency", scaleValue(URGENCIES, urgency), (thread) => urgencyOf(desk.vault, thread))

/** @param seen how many of the thread's messages the officer had before their eyes. */
export function setState(
  desk: OpenDesk,
  id: string,
  state: ThreadStateName,
  seen = Number.POSITIVE_INFINITY,
): Done<{ readonly before: ThreadStateName }> {
  const { vault } = desk
  const thread = threadOf(desk, id)
  if (!thread) return NO_THREAD
  const value = stateValue(vault, thread.id, state, seen)
  return change(desk, id, "state", value, () => standingOf(vault, thread).state)
}

export function setText(desk: OpenDesk, id: string, field: "note" | "label", typed: string): Done<null> {
  const set = change(desk, id, field, textValue(toPlainText(typed)), (thread) =>
    textOf(desk.vault, thread, field),
  )
  return set.ok ? ok(null) : set
}

export function setCheckQuestion(desk: OpenDesk, id: string, question: string, answer: string): Done<null> {
  const value = checkQuestionValue(toPlainText(question), toPlainText(answer))
  const set = change(desk, id, "check-question", value, () => null)
  return set.ok ? ok(null) : set
}

export function saveDraft(desk: OpenDesk, id: string, text: string): Done<null> {
  const thread = threadOf(desk, id)
  if (!thread) return NO_THREAD
  return desk.vault.change((vault) => {
    saveReplyDraft(vault, thread.id, text)
    return null
  })
}

/** Into the vault, to colleagues and onto the board, in one change. Without keys for this week it waits until the person is back. */
export async function reply(
  desk: OpenDesk,
  id: string,
  typed: string,
): Promise<Done<{ readonly reply: string }>> {
  const thread = threadOf(desk, id)
  if (!thread) return NO_THREAD
  const text = replyText(typed)
  if (text === "") return err({ kind: "reply-empty" })
  const { pieces, over } = cutReply(text)
  if (over > 0) return err({ kind: "reply-too-long", over })
  // The page offers no place any more to come back to.
  if (closedSince(desk.vault) !== null) return err({ kind: "organisation-closed" })
  const now = desk.now()
  if (!desk.sync.delegation(now)) return err({ kind: "not-delegated" })
  const officer = desk.officer.key.publicKey
  const replyId = desk.random(REPLY_ID_BYTES)
  const highest = highestSequence(desk.vault, thread.id)
  const sequences = nextSequences(highest, thread.id, officer, pieces.length)
  const parts = sequences.map((sequence, at) => ({ sequence, place: at, isRead: false, placed: null }))
  const kept = { threadId: thread.id, replyId, written: now, expires: now, text, parts }
  let isTaken = false
  const placed = await place(desk.sync.hotline.placing, thread.id, kept, (vault, expires) => {
    // Another reply took these sequences while this one was sealed.
    if (highestSequence(vault, thread.id) !== highest) return false
    const note = {
      threadId: thread.id,
      replyId,
      officer,
      written: now,
      expires: expires ?? now,
      sequences,
      text,
    }
    takeReply(vault, note, now, null)
    enqueueNote(vault, { kind: "reply", ...note })
    saveReplyDraft(vault, thread.id, "")
    isTaken = true
    return true
  })
  if (!placed.ok) return placed
  if (isTaken) return ok({ reply: toHex(replyId) })
  // Locked meanwhile: nothing was written, the draft is as it was.
  if (desk.sync.hotline.placing.isClosed()) return err({ kind: "locked" })
  return threadById(desk.vault, thread.id) ? reply(desk, id, typed) : NO_THREAD
}

/** Can't be taken back: everything of the thread here, its parts on the board, and at every colleague's desk. */
export function remove(desk: OpenDesk, id: string): Done<null> {
  const thread = threadOf(desk, id)
  if (!thread) return NO_THREAD
  const officer = desk.officer.key.publicKey
  const { vault } = desk
  const done = vault.change((change) => {
    const fact: FactNote = {
      threadId: thread.id,
      officer,
      time: desk.now(),
      field: "deleted",
      value: new Uint8Array(),
    }
    takeFact(change, fact, desk.now())
    enqueueNote(change, { kind: "fact", ...fact })
    enqueue(change, { kind: "parts-dropped", handle: handleOf(thread.id), sequences: [] })
    return null
  })
  if (done.ok) forgetPages(vault)
  return done
}

/** The write-ahead log still holds the pages as they were. */
const forgetPages = (vault: UnlockedVault): void => vault.checkpoint()
