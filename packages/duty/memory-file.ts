/** A duty's memory on disk: signed objects and places in the log, nothing that opens anything. */
import { open, readFile, rename } from "node:fs/promises"
import { dirname } from "node:path"
import { fromBase64, toBase64 } from "@kunak/core/bytes/base64"
import type { CharterChain } from "@kunak/core/charter/charter"
import type { Delegation } from "@kunak/core/delegation/delegation"
import { asPublicKey } from "@kunak/core/keys"
import { decodeEntry, type Entry, encodeEntry } from "@kunak/core/log/entry"
import { err, ok, type Result } from "@kunak/core/result"
import type { Instant } from "@kunak/core/time/instant"
import { decodeWarning, encodeWarning } from "@kunak/core/warning/codec"
import type { DutyMemory } from "./duty.ts"
import { eraseFile, overwriteOpen } from "./erase-file.ts"
import { applyEntry, emptyLine, type LineState } from "./line/line-state.ts"
import { LOG_START } from "./line/log-follower.ts"
import type { WaitingThread } from "./line/waiting.ts"

export const freshMemory = (chain: CharterChain, delegations: readonly Delegation[]): DutyMemory => ({
  line: emptyLine(chain, delegations),
  place: LOG_START,
  resume: LOG_START,
  grant: null,
  knownTerm: 0,
  number: 0,
})

/**
 * Whole or not at all: written beside, flushed, renamed, and the folder flushed. The former is overwritten then: in free blocks a
 * disk would tell of each edition when which thread was spoken of, and hold keys of weeks that are over. @throws when the disk refuses.
 */
export async function saveMemory(path: string, memory: DutyMemory): Promise<void> {
  const beside = `${path}.new`
  // What a crash left there holds keys as well: cut off, it would stand in free blocks.
  eraseFile(beside)
  const file = await open(beside, "w", 0o600)
  try {
    await file.writeFile(encodeMemory(memory))
    await file.sync()
  } finally {
    await file.close()
  }
  const former = await open(path, "r+").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return null
    throw error
  })
  try {
    await rename(beside, path)
    const folder = await open(dirname(path), "r")
    await folder.sync().finally(() => folder.close())
    if (former) overwriteOpen(former.fd)
  } finally {
    await former?.close()
  }
}

export type MemoryError =
  | { readonly kind: "malformed-memory" }
  /** Written by a newer program. */
  | { readonly kind: "newer-memory" }

/** @returns fresh memory when there is no file yet. Every object in it is verified again. */
export async function loadMemory(
  path: string,
  chain: CharterChain,
  delegations: readonly Delegation[],
): Promise<Result<DutyMemory, MemoryError>> {
  let text: string
  try {
    text = await readFile(path, "utf8")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return ok(freshMemory(chain, delegations))
    throw error
  }
  return await decodeMemory(text, chain, delegations)
}

/** The file's text. Every object in it is verified again. */
export async function decodeMemory(
  text: string,
  chain: CharterChain,
  delegations: readonly Delegation[],
): Promise<Result<DutyMemory, MemoryError>> {
  try {
    const saved = JSON.parse(text) as Saved
    if (Number.isInteger(saved.version) && saved.version > VERSION) return err({ kind: "newer-memory" })
    return ok(await decode(saved, freshMemory(chain, delegations)))
  } catch {
    return err({ kind: "malformed-memory" })
  }
}

/** Raised with every change that an older program can't read; this one reads all before (docs/forms.md). */
const VERSION = 1

/** Of its two places only the one to start from: whoever reads this has nothing half read. */
export const encodeMemory = ({ line, resume, grant, knownTerm, number }: DutyMemory): string =>
  JSON.stringify({
    version: VERSION,
    position: resume.position,
    previousHash: resume.previousHash && toBase64(resume.previousHash),
    grant: grant && { term: grant.term, bytes: toBase64(grant.bytes) },
    knownTerm,
    number,
    chain: toBase64(line.chain.bytes),
    delegations: line.delegations.map(({ bytes }) => toBase64(bytes)),
    revocations: line.revocations.map(({ bytes }) => toBase64(bytes)),
    vetoes: line.vetoes.map(({ bytes }) => toBase64(bytes)),
    warnings: line.warnings.map(({ signed }) => toBase64(encodeWarning(signed))),
    receipt: line.receipt && {
      receipt: toBase64(line.receipt.receipt.bytes),
      vouched: toBase64(line.receipt.vouched),
    },
    intakeKeys: line.intakeKeys.map(({ bytes }) => toBase64(bytes)),
    parts: line.waiting.flatMap(partsOf).map((entry) => toBase64(encodeEntry(entry))),
    lease: line.lease && { ...line.lease, duty: toBase64(line.lease.duty) },
  })

/** As the log said them. */
const partsOf = ({ handle, week, keys, parts }: WaitingThread): readonly Entry[] =>
  parts.map((part) => ({ kind: "part", part: { handle, week, keys, ...part } }))

/** Shape of the file that `encodeMemory` writes. @throws TypeError for another: `loadMemory` turns it into an error. */
interface Saved {
  readonly version: number
  readonly position: number
  readonly previousHash: string | null
  readonly grant: { readonly term: number; readonly bytes: string } | null
  readonly knownTerm: number
  readonly number: number
  readonly chain: string
  readonly delegations: readonly string[]
  readonly revocations: readonly string[]
  readonly vetoes: readonly string[]
  readonly warnings: readonly string[]
  readonly receipt: { readonly receipt: string; readonly vouched: string } | null
  readonly intakeKeys: readonly string[]
  readonly parts: readonly string[]
  readonly lease: { readonly duty: string; readonly term: number; readonly until: number } | null
}

async function decode(saved: Saved, fresh: DutyMemory): Promise<DutyMemory> {
  const whole = (value: unknown): number => {
    if (!Number.isSafeInteger(value) || (value as number) < 0) throw new TypeError("no count")
    return value as number
  }
  if (saved.version !== VERSION) throw new TypeError("unknown version")
  let line: LineState = fresh.line
  // Which receipt counts was decided when it was saved: there is one.
  for (const entry of entriesOf(saved)) line = await applyEntry(line, entry, 0 as Instant)
  const place = {
    position: whole(saved.position),
    previousHash: saved.previousHash === null ? null : bytes(saved.previousHash),
  }
  return {
    line,
    place,
    resume: place,
    grant: saved.grant && { term: whole(saved.grant.term), bytes: bytes(saved.grant.bytes) },
    knownTerm: whole(saved.knownTerm),
    number: whole(saved.number),
  }
}

function entriesOf(saved: Saved): readonly Entry[] {
  const { receipt, lease } = saved
  const warnings = saved.warnings.map((text) => decodeWarning(bytes(text)))
  return [
    { kind: "charter", chain: bytes(saved.chain) },
    ...saved.delegations.map((text) => ({ kind: "delegation", bytes: bytes(text) }) as const),
    ...saved.revocations.map((text) => ({ kind: "revocation", bytes: bytes(text) }) as const),
    ...saved.vetoes.map((text) => ({ kind: "veto", bytes: bytes(text) }) as const),
    ...warnings.flatMap((warning) => (warning ? [{ kind: "warning", warning } as const] : [])),
    ...saved.intakeKeys.map((text) => ({ kind: "intake-key", bytes: bytes(text) }) as const),
    ...saved.parts.flatMap((text) => decodeEntry(bytes(text)) ?? []),
    ...(receipt
      ? [{ kind: "receipt", receipt: bytes(receipt.receipt), vouched: bytes(receipt.vouched) } as const]
      : []),
    ...(lease
      ? [
          {
            kind: "lease",
            duty: asPublicKey<"duty">(bytes(lease.duty)),
            term: lease.term,
            until: lease.until as Instant,
          } as const,
        ]
      : []),
  ]
}

function bytes(text: string): Uint8Array {
  const decoded = fromBase64(text)
  if (!decoded) throw new TypeError("no base64")
  return decoded
}
