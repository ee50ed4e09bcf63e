/** The vault's tables, step by step. Every capability adds its own migrations to this list. */
import { addLostNotes, addRingGaps, makeHotlineTables } from "../hotline/tables.ts"
import { addLogPosition } from "../sync/outbox.ts"
import type { Migration } from "./migrations.ts"
import { sql } from "./sql.ts"

export const SCHEMA: readonly Migration[] = [
  {
    number: 1,
    apply: (change) => {
      // One row: what this officer was given face to face.
      change.run(sql`create table enrolment (
        one integer primary key check (one = 1), label text not null, charter_chain blob not null,
        seed blob not null, staff_key blob not null, line_key blob not null,
        read_a blob, append_a blob, read_b blob, append_b blob)`)
      change.run(sql`create table setting (name text primary key, value text not null)`)
      // What the staff log said, in its order; position 0 for what came with the enrolment.
      change.run(sql`create table line_entry (
        number integer primary key, position integer not null, digest blob not null unique, bytes blob not null)`)
      change.run(sql`create table log_place (position integer primary key, previous_hash blob)`)
      change.run(sql`create table outbox (number integer primary key autoincrement, digest blob not null unique,
        bytes blob not null)`)
      // form: while it is being written; signed: once somebody has signed it.
      change.run(sql`create table draft (
        id text primary key, form text, signed blob, note text not null, changed integer not null,
        own_earlier blob, subject blob not null)`)
      change.run(sql`create table warning_note (hash text primary key, note text not null)`)
      change.run(
        sql`create table published (hash text primary key, term integer not null, number integer not null)`,
      )
      change.run(sql`create table edition (one integer primary key check (one = 1), header blob not null,
        bulletin blob not null)`)
      change.run(sql`create table source (place integer primary key, id text not null, fields text not null)`)
    },
  },
  { number: 2, apply: makeHotlineTables },
  { number: 3, apply: addRingGaps },
  { number: 4, apply: addLostNotes },
  { number: 5, apply: addLogPosition },
]
