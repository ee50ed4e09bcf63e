/** The hotline's tables. What a row is erased for stands beside its table; the vault overwrites what it deletes. */
import { sql } from "../vault/sql.ts"
import type { VaultChange } from "../vault/unlocked-vault.ts"

export function makeHotlineTables(change: VaultChange): void {
  keys(change)
  rings(change)
  threads(change)
  replies(change)
}

function keys(change: VaultChange): void {
  // An enrolment of before the hotline keeps what it has: null until its officer enrols again.
  change.run(sql`alter table enrolment add column acknowledge_a blob`)
  change.run(sql`alter table enrolment add column acknowledge_b blob`)
  // form "note": sealed only when it is cut to cells, under the key of that hour. thread: what a deletion takes along.
  change.run(sql`alter table outbox add column form text not null default 'entry'`)
  change.run(sql`alter table outbox add column thread blob`)
  // Own one-time keys. Gone once the seed of the key that counts was unwrapped, or with their window.
  change.run(sql`create table receive_seed (public_key blob primary key, window integer not null,
    seed blob not null)`)
  // Everybody's public halves, this desk's too, as the log said them.
  change.run(sql`create table receive_key (officer blob not null, window integer not null,
    public_key blob not null, primary key (officer, window))`)
  // Intake keys that officers signed; counts: the first of its window (rule L8).
  change.run(sql`create table intake_key (key_id blob primary key, window integer not null,
    public_key blob not null, officer blob not null, counts integer not null)`)
  // Private halves, until rule I3. public_key is what the seed gives: a wrap can lie about its key id.
  change.run(sql`create table intake_seed (key_id blob not null, public_key blob not null, window integer not null,
    seed blob not null, primary key (key_id, public_key))`)
  // Whom the log has given a seed to.
  change.run(sql`create table intake_wrap (key_id blob not null, officer blob not null, window integer not null,
    primary key (key_id, officer))`)
  // Erased: what comes under these now, nobody opens.
  change.run(sql`create table intake_gone (key_id blob primary key, window integer not null)`)
  // Notes whose key has not come yet: sealed as they stood in the log.
  change.run(sql`create table note_waiting (number integer primary key, position integer not null,
    key_id blob not null, nonce blob not null, ciphertext blob not null)`)
}

function rings(change: VaultChange): void {
  // opened: everything before it was looked at; read_at: when that was the head.
  change.run(sql`create table ring (relay text primary key, opened integer not null, acknowledged integer not null,
    head integer not null, read_at integer, unopenable integer not null default 0)`)
  // Ends of what was read in one round: only these are acknowledged, so that a relay sees no single position.
  change.run(sql`create table ring_batch (relay text not null, until integer not null,
    primary key (relay, until))`)
  // Letters that are not yet in the log of both relays. log_position: where a note of it stands.
  change.run(sql`create table ring_pending (relay text not null, position integer not null, thread blob not null,
    item blob not null, letter blob not null, log_position integer, said integer not null default 0,
    primary key (relay, position))`)
  // Envelopes without a key here: it may still come, or a colleague has it.
  change.run(sql`create table ring_unopened (relay text not null, position integer not null,
    key_id blob not null, since integer not null, primary key (relay, position))`)
  // Heads of a day, for the rate at which a ring fills.
  change.run(sql`create table ring_rate (relay text not null, time integer not null, head integer not null,
    primary key (relay, time))`)
}

/** What was overwritten before it was read, and where a ring that was made anew has its dummies. */
export function addRingGaps(change: VaultChange): void {
  change.run(sql`alter table ring add column missed integer not null default 0`)
  change.run(sql`alter table ring add column missed_at integer`)
  change.run(sql`alter table ring add column read_before integer`)
  change.run(sql`alter table ring add column dummies_until integer not null default 0`)
}

/** Notes that came under keys that are destroyed here: whoever wrote them has a wrong clock. */
export function addLostNotes(change: VaultChange): void {
  change.run(sql`create table note_lost (position integer primary key, found integer not null)`)
}

function threads(change: VaultChange): void {
  // came_back: with keys of later weeks or when something unread was over, and that has not been placed again yet.
  change.run(sql`create table thread (id blob primary key, handle blob not null unique,
    first integer not null, keys_week integer not null, draft text not null default '',
    opened_ids blob not null default x'', opened_said integer not null default 0,
    day integer not null default 0, day_count integer not null default 0, put_aside integer not null default 0,
    came_back integer not null default 0)`)
  // As weeks pass they go.
  change.run(sql`create table week_key (thread blob not null references thread (id) on delete cascade,
    week integer not null, key blob not null, primary key (thread, week))`)
  // log_position: where it stands in the log of relay A; null while it is only here. Kept for ever, or until deleted.
  // kept: 1; 2 put aside, too many for their day; 0 such of which the id alone is kept.
  change.run(sql`create table message (number integer primary key, thread blob not null
    references thread (id) on delete cascade, id blob not null, opened integer not null, text text not null,
    quarantined integer not null, kept integer not null, log_position integer, unique (thread, id))`)
  change.run(sql`create table fact (thread blob not null references thread (id) on delete cascade,
    field text not null, time integer not null, officer blob not null, value blob not null,
    primary key (thread, field))`)
  change.run(sql`create table handover (thread blob not null references thread (id) on delete cascade,
    time integer not null, officer blob not null, assignee blob not null, primary key (thread, time, officer))`)
  // All that is left of a deleted thread: later letters of it are not taken (rule L9).
  change.run(sql`create table deleted_thread (id blob primary key, handle blob not null unique)`)
}

function replies(change: VaultChange): void {
  change.run(sql`create table reply (id blob primary key, thread blob not null
    references thread (id) on delete cascade, officer blob not null, written integer not null,
    expires integer not null, text text not null, after integer not null)`)
  // is_read: 0; 2 once the person said so, 1 once duty was told to take it down.
  change.run(sql`create table reply_part (thread blob not null references thread (id) on delete cascade,
    sequence integer not null, reply blob not null, place integer not null, is_read integer not null default 0,
    primary key (thread, sequence))`)
  // after (in reply): messages with a greater number came after it.
  // What stands in the log for duty: by handle, and when this desk saw it there.
  change.run(sql`create table placed_part (handle blob not null, sequence integer not null, seen integer not null,
    expires integer not null, primary key (handle, sequence))`)
}
