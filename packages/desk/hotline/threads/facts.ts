/** What officers say about a thread: of each field the latest counts, then the greater key (rule L9). */
import { compareBytes } from "@kunak/core/bytes/equal"
import { ByteReader } from "@kunak/core/bytes/reader"
import { ByteWriter } from "@kunak/core/bytes/writer"
import type { FactField, FactNote } from "@kunak/core/log/note"
import { DAY_SECONDS, type Instant, plusSeconds } from "@kunak/core/time/instant"
import { sql } from "../../vault/sql.ts"
import type { VaultChange, VaultReader } from "../../vault/unlocked-vault.ts"
import { type ThreadUrgency, URGENCIES } from "../model.ts"
import { deleteThread } from "./delete-thread.ts"
import { addThread, isDeleted, threadById } from "./thread-store.ts"

export interface KeptFact {
  readonly time: Instant
  readonly officer: Uint8Array
  readonly value: Uint8Array
}

export const factOf = (vault: VaultReader, thread: Uint8Array, field: FactField): KeptFact | null =>
  vault.first(
    sql`select time, officer, value from fact where thread = ${thread} and field = ${field}`,
    (row) => ({
      time: row.number("time") as Instant,
      officer: row.bytes("officer"),
      value: row.bytes("value"),
    }),
  )

/** Later than what is known of the field, whatever the clock says: who sees a value can always change it. */
export function timeToSet(vault: VaultReader, thread: Uint8Array, field: FactField, now: Instant): Instant {
  const before = factOf(vault, thread, field)
  return before && before.time >= now ? plusSeconds(before.time, 1) : now
}

const isLater = (a: KeptFact, b: KeptFact): boolean =>
  a.time > b.time || (a.time === b.time && compareBytes(a.officer, b.officer) > 0)

/**
 * Takes a fact in, one's own or a colleague's. One dated more than a day ahead is passed over: it would have the last
 * word for ever. A deletion has it anyway, whatever either desk's clock says.
 */
export function takeFact(change: VaultChange, fact: FactNote, now: Instant): void {
  const { threadId, field, time, officer, value } = fact
  if (isDeleted(change, threadId)) return
  if (field === "deleted") {
    deleteThread(change, threadId)
    return
  }
  if (time > now + DAY_SECONDS) return
  // A fact can come before its thread's letters: two desks wrote in the same minute.
  if (!threadById(change, threadId)) addThread(change, threadId, 0 as never, now)
  const before = factOf(change, threadId, field)
  if (before && !isLater(fact, before)) return
  change.run(sql`insert into fact (thread, field, time, officer, value)
    values (${threadId}, ${field}, ${time}, ${officer}, ${value})
    on conflict (thread, field) do update set time = excluded.time, officer = excluded.officer,
      value = excluded.value`)
  if (field === "assignee")
    change.run(sql`insert or ignore into handover (thread, time, officer, assignee)
      values (${threadId}, ${time}, ${officer}, ${value})`)
}

export const scaleValue = <T extends string>(scale: readonly T[], value: T): Uint8Array =>
  Uint8Array.of(scale.indexOf(value))

const fromScale = <T extends string>(scale: readonly T[], fact: KeptFact | null): T =>
  scale[fact?.value.length === 1 ? (fact.value[0] as number) : 0] ?? (scale[0] as T)

export const urgencyOf = (vault: VaultReader, thread: Uint8Array): ThreadUrgency =>
  fromScale(URGENCIES, factOf(vault, thread, "urgency"))

/** The officer's key; null for nobody. */
export function assigneeOf(vault: VaultReader, thread: Uint8Array): Uint8Array | null {
  const value = factOf(vault, thread, "assignee")?.value
  return value?.length === 32 ? value : null
}

const TEXT_BYTES = 4000

export const textValue = (text: string): Uint8Array => new ByteWriter().text(text).bytes()

export function textOf(vault: VaultReader, thread: Uint8Array, field: "note" | "label"): string {
  const from = new ByteReader(factOf(vault, thread, field)?.value ?? new Uint8Array())
  const text = from.text(TEXT_BYTES)
  return from.end() ? text : ""
}

export const checkQuestionValue = (question: string, answer: string): Uint8Array =>
  new ByteWriter().text(question).text(answer).bytes()

export function checkQuestionOf(
  vault: VaultReader,
  thread: Uint8Array,
): { readonly question: string; readonly answer: string } | null {
  const from = new ByteReader(factOf(vault, thread, "check-question")?.value ?? new Uint8Array())
  const found = { question: from.text(TEXT_BYTES), answer: from.text(TEXT_BYTES) }
  return from.end() && found.question !== "" ? found : null
}
