/**
 * How a conversation stands: as an officer set it, until its person writes again. What an officer had seen when setting it goes
 * along (rule L9), so every desk holds the same messages to be newer, whatever it had read itself by then.
 */
import { toHex } from "@kunak/core/bytes/hex"
import { ByteReader } from "@kunak/core/bytes/reader"
import { ByteWriter } from "@kunak/core/bytes/writer"
import { MESSAGE_ID_BYTES } from "@kunak/core/envelope/letter"
import { readUpTo } from "../../sync/log-places.ts"
import { sql } from "../../vault/sql.ts"
import type { VaultReader } from "../../vault/unlocked-vault.ts"
import { STATES, type ThreadStateName } from "../model.ts"
import { factOf } from "./facts.ts"
import { asideOf, type KeptMessage, type KeptThread, messagesOf } from "./thread-store.ts"

/** A list of the format has no more; where it is too short, a message is shown once too often. */
const MOST_IDS = 255

/** @param seen how many of the messages were on the screen: what came in the second before counts as new. */
export function stateValue(
  vault: VaultReader,
  thread: Uint8Array,
  state: ThreadStateName,
  seen: number,
): Uint8Array {
  const messages = messagesOf(vault, thread)
  const unseen = messages.slice(seen).flatMap(({ logPosition }) => logPosition ?? [])
  const before = Math.min(readUpTo(vault), firstWaitingNote(vault), ...unseen)
  const known = messages
    .slice(0, seen)
    .filter(({ logPosition }) => logPosition === null || logPosition >= before)
    .slice(-MOST_IDS)
  return new ByteWriter()
    .u8(STATES.indexOf(state))
    .u64(before)
    .list(known, (w, { id }) => w.fixed(id, MESSAGE_ID_BYTES))
    .bytes()
}

/** Of a note without a key nobody here has seen what it says. */
const firstWaitingNote = (vault: VaultReader): number =>
  vault.first(sql`select min(position) as position from note_waiting`, (row) =>
    row.numberOrNull("position"),
  ) ?? Number.POSITIVE_INFINITY

export interface Standing {
  readonly state: ThreadStateName
  /** Written since it was closed or set aside, oldest first; none of an open one. */
  readonly news: readonly KeptMessage[]
}

/** Whoever writes opens what was closed. Spam stays aside, whatever it says, and its news are told. */
export function standingOf(
  vault: VaultReader,
  thread: KeptThread,
  messages = messagesOf(vault, thread.id),
  aside = asideOf(vault, thread),
): Standing {
  const fact = factOf(vault, thread.id, "state")
  const set = STATES[fact?.value[0] ?? 0] ?? "open"
  if (!fact || set === "open") return { state: "open", news: [] }
  const from = new ByteReader(fact.value.slice(1))
  const before = from.u64()
  const ids = new Set(from.list(MOST_IDS, (r) => toHex(r.take(MESSAGE_ID_BYTES))))
  // Of before the format said what was seen; and of those put aside, of which it says nothing.
  const isOlder = ({ opened }: KeptMessage): boolean => opened <= fact.time
  const wasSeen = from.end()
    ? ({ id, logPosition }: KeptMessage) => (logPosition ?? before) < before || ids.has(toHex(id))
    : isOlder
  const news = [
    ...messages.filter((message) => !wasSeen(message)),
    ...aside.filter((message) => !isOlder(message)),
  ]
  return { state: set === "closed" && news.length > 0 ? "open" : set, news }
}
