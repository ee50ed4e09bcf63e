import { formatIso } from "@kunak/core/time/format"
import type { Instant } from "@kunak/core/time/instant"
import { placeName } from "./http/listen.ts"
import type { StartError } from "./start.ts"

/** What is wrong and what to do, in one sentence or two. */
export function startSentence(error: StartError): string {
  switch (error.kind) {
    case "file-missing":
      return `The ${error.what} can't be read at ${error.path}: check the path${error.what === "configuration" ? "" : " in the configuration"} and its permissions.`
    case "bad-config":
      return `The configuration can't be used: ${error.sentence}`
    case "bad-charter":
      return `${error.path} is no charter that holds (${error.error.kind}): take the file again from the organisation.`
    case "bad-term-key":
      return `${error.path} is no term key: it must hold 64 hexadecimal digits.`
    case "open-term-key":
      return `${error.path} can be read by others on this machine: run "chmod 600 ${error.path}".`
    case "foreign-term-key":
      return `${error.path} is not the key that the charter names for relay A: only relay A counts terms; on relay B leave "termKey" out.`
    case "demonstration-in-public":
      return `This charter is a demonstration and is served on this machine only: ${placeName(error.place)} can be reached from outside. Listen on 127.0.0.1, or make a real charter with "kunak init".`
    case "store":
      return storeSentence(error)
    case "ring-not-filled":
      return `The store refused before its ring of ${error.slots} envelopes was full (${ringSize(error.slots)} in all): free some space or start the database, and start again; it goes on where it was.`
    case "listen":
      return error.error.kind === "in-use"
        ? `${placeName(error.error.place)} is in use by another program: stop that one, or choose another with --listen.`
        : `The relay can't listen on ${placeName(error.error.place)} (${error.error.code}): choose another with --listen.`
  }
}

function storeSentence({ path, error }: Extract<StartError, { kind: "store" }>): string {
  switch (error.kind) {
    case "in-use":
      return `Another relay process${error.pid === null ? "" : ` (pid ${error.pid})`} has ${path} open: stop it, or give this relay a store of its own.`
    case "not-a-database":
      return `${path} is no relay's store: name another file in "store.path".`
    case "cannot-open":
      return `${path} can't be opened or made: check that its folder exists, may be written, and that the disk has room.`
    case "newer-schema":
      return `${path} was made by a newer relay (form ${error.version}): update this one.`
    case "database-away":
      return "PostgreSQL can't be reached or refuses: check that it runs and that store.url, user and rights are right."
    case "other-ring":
      return `${path} has a ring of ${error.slots} envelopes, and the charter asks for another size: have desks read all that waits, then give this relay an empty store (docs/relay.md).`
    case "not-durable":
      return "PostgreSQL runs with fsync off, so what it confirms can be lost: set fsync = on."
  }
}

/** A slot takes 4.6 KiB of a SQLite file. */
const ringSize = (slots: number): string => `${Math.ceil((slots * 4.6) / 1_024)} MiB`

/** For an operator whose charter has ended: the relay goes on serving, and will take nothing new. */
export const expiredCharterSentence = (expires: Instant): string =>
  `The charter ended at ${formatIso(expires, { offsetMinutes: 0 })}: no edition is taken any more. Put the new charter's file in its place and start again.`
