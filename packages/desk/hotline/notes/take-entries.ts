/**
 * What the staff log says about the hotline: keys, seeds, notes, parts on their way to the board. Everything is
 * verified and opened first and then written in the one change that also moves the place in the log.
 */
import { equalBytes } from "@kunak/core/bytes/equal"
import { type IntakeWindow, verifyIntakeKey, windowOf } from "@kunak/core/intake/intake-key"
import { type IntakeWrap, unwrapIntakeSeed } from "@kunak/core/intake/intake-wrap"
import { verifyReceiveKeys } from "@kunak/core/intake/receive-keys"
import type { Entry } from "@kunak/core/log/entry"
import type { SealedNote } from "@kunak/core/log/note"
import { kemOpener } from "@kunak/core/suite"
import type { Instant } from "@kunak/core/time/instant"
import type { LineState } from "@kunak/duty/line/line-state"
import type { ReadEntry } from "@kunak/duty/line/log-follower"
import type { Officer } from "../../enrolment/officer.ts"
import { enqueue } from "../../sync/outbox.ts"
import { sql } from "../../vault/sql.ts"
import type { VaultChange, VaultReader } from "../../vault/unlocked-vault.ts"
import {
  addIntakeSeed,
  countIntakeKeys,
  eraseReceiveSeeds,
  type IntakeSeed,
  intakeKeyOf,
  intakeSeedOf,
  isGone,
  noteWrap,
  ownReceiveWindows,
  receiveSeedsOf,
  takeIntakeKey,
  takeReceiveKey,
} from "../keys/key-store.ts"
import { makerOf } from "../keys/make-keys.ts"
import { isDeletedHandle } from "../threads/thread-store.ts"
import { type Met, openSealed } from "./note-keys.ts"
import { takeNote } from "./take-note.ts"

type Write = (change: VaultChange) => void

/** @param line the state after these entries. @returns what to write, in the order of the log. */
export async function takeEntries(
  vault: VaultReader,
  entries: readonly ReadEntry[],
  line: LineState,
  officer: Officer,
  now: Instant,
): Promise<Write> {
  const writes: Write[] = []
  const met: Met = { seeds: [], keys: [] }
  for (const { position, entry } of entries) {
    const write = await take(vault, position, entry, line, officer, now, met)
    if (write) writes.push(write)
  }
  const late = await openWaiting(vault, met, officer, now)
  return (change) => {
    for (const seed of met.seeds) addIntakeSeed(change, seed.keyId, seed.window, seed)
    for (const write of writes) write(change)
    late(change)
    countIntakeKeys(change, line.intakeKeys, windowOf(now))
    // A receive key has served once the seed of the key that counts is here (rule I3's sense: nothing is kept longer).
    for (const window of ownReceiveWindows(change)) {
      const counting = intakeKeyOf(change, window)
      if (counting && intakeSeedOf(change, counting.keyId)) eraseReceiveSeeds(change, window)
    }
  }
}

async function take(
  vault: VaultReader,
  position: number,
  entry: Entry,
  line: LineState,
  officer: Officer,
  now: Instant,
  met: Met,
): Promise<Write | null> {
  switch (entry.kind) {
    case "receive-keys": {
      const given = await verifyReceiveKeys(entry.bytes, line.delegations, line.revocations)
      return (
        given &&
        ((change) => {
          for (const key of given.keys) takeReceiveKey(change, given.officer, key)
        })
      )
    }
    case "intake-key": {
      const key = await verifyIntakeKey(entry.bytes, line.delegations, line.revocations)
      const maker = key.ok ? makerOf(line, key.value) : null
      if (key.ok) met.keys.push(key.value)
      return key.ok && maker ? (change) => takeIntakeKey(change, key.value, maker) : null
    }
    case "intake-wraps": {
      const { keyId, window, wraps } = entry
      const own = wraps.filter((wrap) => equalBytes(wrap.officer, officer.key.publicKey))
      for (const wrap of own) {
        const seed = await unwrap(vault, wrap, keyId, window, officer)
        if (seed && !isGone(vault, keyId)) met.seeds.push(seed)
      }
      return (change) => {
        for (const wrap of wraps) noteWrap(change, keyId, wrap.officer, window)
      }
    }
    case "sealed":
      return await takeSealed(vault, position, entry.note, officer, now, met)
    case "part": {
      const { handle, sequence, expires } = entry.part
      return (change) => {
        // A colleague answered while another deleted: what came to the board afterwards leaves it, too.
        if (isDeletedHandle(change, handle)) {
          enqueue(change, { kind: "parts-dropped", handle, sequences: [] })
          return
        }
        change.run(sql`insert into placed_part (handle, sequence, seen, expires)
          values (${handle}, ${sequence}, ${now}, ${expires})
          on conflict (handle, sequence) do update set seen = excluded.seen, expires = excluded.expires`)
      }
    }
    case "parts-dropped": {
      const { handle, sequences } = entry
      return (change) => {
        if (sequences.length === 0) change.run(sql`delete from placed_part where handle = ${handle}`)
        for (const sequence of sequences)
          change.run(sql`delete from placed_part where handle = ${handle} and sequence = ${sequence}`)
      }
    }
    default:
      return null
  }
}

/** By whichever of this desk's one-time keys of that window opens it. */
async function unwrap(
  vault: VaultReader,
  wrap: IntakeWrap,
  keyId: Uint8Array,
  window: IntakeWindow,
  officer: Officer,
): Promise<IntakeSeed | null> {
  for (const own of receiveSeedsOf(vault, window)) {
    const opener = await kemOpener(own.seed)
    const seed = await unwrapIntakeSeed(wrap, keyId, opener, officer.organisationId)
    if (seed) return { keyId, window, publicKey: (await kemOpener(seed)).publicKey, seed }
  }
  return null
}

async function takeSealed(
  vault: VaultReader,
  position: number,
  sealed: SealedNote,
  officer: Officer,
  now: Instant,
  met: Met,
): Promise<Write | null> {
  const opened = await openSealed(vault, sealed, met, officer)
  if (opened) {
    const { note, window } = opened
    return note && ((change) => takeNote(change, note, position, window, now))
  }
  // Its seed may come with a later wrap; without any hope it is not kept, but said.
  if (isGone(vault, sealed.keyId))
    return (change) =>
      change.run(sql`insert or ignore into note_lost (position, found) values (${position}, ${now})`)
  const { keyId, nonce, ciphertext } = sealed
  return (change) =>
    change.run(sql`insert into note_waiting (position, key_id, nonce, ciphertext)
      values (${position}, ${keyId}, ${nonce}, ${ciphertext})`)
}

/** Notes of before whose seeds have come now. */
async function openWaiting(vault: VaultReader, met: Met, officer: Officer, now: Instant): Promise<Write> {
  const writes: Write[] = []
  if (met.seeds.length + met.keys.length === 0) return () => {}
  const waiting = vault.all(sql`select * from note_waiting order by number`, (row) => ({
    number: row.number("number"),
    position: row.number("position"),
    sealed: { keyId: row.bytes("key_id"), nonce: row.bytes("nonce"), ciphertext: row.bytes("ciphertext") },
  }))
  for (const { number, position, sealed } of waiting) {
    const opened = await openSealed(vault, sealed, met, officer)
    if (!opened) continue
    const { note, window } = opened
    writes.push((change) => {
      change.run(sql`delete from note_waiting where number = ${number}`)
      if (note) takeNote(change, note, position, window, now)
    })
  }
  return (change) => {
    for (const write of writes) write(change)
  }
}
