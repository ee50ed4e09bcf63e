/**
 * What of a duty stands in a backup: its enrolment, and what was signed and is public. Not its place in the log nor the parts
 * that wait, with the keys to place them: these it reads again. Not its term: a duty that knew an old number would give it to
 * a second edition (rule U5), so one that is restored asks relay A for a term that nobody has had.
 */
import { readFile } from "node:fs/promises"
import { join } from "node:path"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import { type Delegation, verifyDelegation } from "@kunak/core/delegation/delegation"
import { decodeEnrolment } from "@kunak/core/enrolment/enrolment"
import { err, ok, type Result } from "@kunak/core/result"
import type { DutyMemory } from "./duty.ts"
import { LOG_START } from "./line/log-follower.ts"
import { decodeMemory, encodeMemory, loadMemory } from "./memory-file.ts"

export interface DutyBackup {
  readonly organisationId: Uint8Array
  /** `enrolment.json`, as it stands there. */
  readonly enrolment: string
  /** `memory.json` of a duty that has no term and begins to read. */
  readonly memory: string
}

export type TakeDutyError =
  | { readonly kind: "no-enrolment"; readonly path: string }
  | { readonly kind: "malformed-enrolment"; readonly path: string }
  | { readonly kind: "malformed-memory" | "newer-memory"; readonly path: string }

/** May be taken while the duty runs: its memory is written whole or not at all. */
export async function takeDutyBackup(folder: string): Promise<Result<DutyBackup, TakeDutyError>> {
  const path = join(folder, "enrolment.json")
  const text = await readFile(path, "utf8").catch(() => null)
  if (text === null) return err({ kind: "no-enrolment", path })
  const enrolled = await openEnrolment(text)
  if (!enrolled) return err({ kind: "malformed-enrolment", path })
  const memoryPath = join(folder, "memory.json")
  const memory = await loadMemory(memoryPath, enrolled.chain, enrolled.delegations)
  if (!memory.ok) return err({ ...memory.error, path: memoryPath })
  return ok({
    organisationId: enrolled.chain.organisationId,
    enrolment: text,
    memory: encodeMemory(withoutTerm(memory.value)),
  })
}

async function openEnrolment(text: string) {
  const enrolment = decodeEnrolment(text)
  if (!enrolment.ok || enrolment.value.role !== "duty") return null
  const chain = await verifyCharterChain(enrolment.value.charterChain, null)
  if (!chain.ok) return null
  const delegations: Delegation[] = []
  for (const bytes of enrolment.value.delegations) {
    const delegation = await verifyDelegation(bytes, chain.value)
    if (delegation.ok) delegations.push(delegation.value)
  }
  return { chain: chain.value, delegations }
}

/** `knownTerm` stays: it only says which term to ask for first. */
const withoutTerm = ({ line, knownTerm }: DutyMemory): DutyMemory => ({
  line: { ...line, waiting: [], lease: null },
  place: LOG_START,
  resume: LOG_START,
  grant: null,
  knownTerm,
  number: 0,
})

/** What a backup's JSON says, judged again; null for anything else. */
export async function readDutyBackup(json: unknown): Promise<DutyBackup | null> {
  const { enrolment, memory } = (json ?? {}) as Readonly<Record<string, unknown>>
  if (typeof enrolment !== "string" || typeof memory !== "string") return null
  const enrolled = await openEnrolment(enrolment)
  if (!enrolled) return null
  const { chain, delegations } = enrolled
  const remembered = await decodeMemory(memory, chain, delegations)
  if (!remembered.ok) return null
  // Whatever the file says of terms and numbers.
  const fresh = encodeMemory(withoutTerm(remembered.value))
  return { organisationId: chain.organisationId, enrolment, memory: fresh }
}
