/** What somebody has who takes duty's machine: its enrolment, its memory, and every 32 bytes in them as a key to try. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { fromBase64 } from "@kunak/core/bytes/base64"
import { toHex } from "@kunak/core/bytes/hex"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import { type Delegation, verifyDelegation } from "@kunak/core/delegation/delegation"
import { decodeEnrolment, type Enrolment } from "@kunak/core/enrolment/enrolment"
import { must } from "@kunak/core/result"
import { reveal, Secret } from "@kunak/core/secret"
import type { DutyMemory } from "@kunak/duty/duty"
import { loadMemory } from "@kunak/duty/memory-file"

export interface SeizedDuty {
  readonly enrolment: Enrolment
  readonly memory: DutyMemory
  /** Candidates, of whatever use: decoded from both files, whole and as pieces of what is longer, and placing keys. */
  readonly keys: readonly Secret<Uint8Array>[]
}

const KEY_BYTES = 32

/** @param folder `kunak/` of its machine. */
export async function seizeDuty(folder: string): Promise<SeizedDuty> {
  const texts = ["enrolment.json", "memory.json"].map((name) => readFileSync(join(folder, name), "utf8"))
  const enrolment = must(decodeEnrolment(texts[0] ?? ""))
  const chain = must(await verifyCharterChain(enrolment.charterChain, null))
  const delegations: Delegation[] = []
  for (const bytes of enrolment.delegations) {
    const delegation = await verifyDelegation(bytes, chain)
    if (delegation.ok) delegations.push(delegation.value)
  }
  const memory = must(await loadMemory(join(folder, "memory.json"), chain, delegations))
  const found = new Map<string, Uint8Array>()
  const add = (bytes: Uint8Array): void => {
    if (bytes.length === KEY_BYTES) found.set(toHex(bytes), bytes.slice())
  }
  for (const text of texts)
    for (const value of stringsIn(JSON.parse(text))) add(fromBase64(value) ?? new Uint8Array())
  for (const { keys } of memory.line.waiting)
    for (const { cell, placement } of keys) for (const key of [cell, placement]) add(reveal(key))
  return { enrolment, memory, keys: [...found.values()].map((bytes) => new Secret(bytes)) }
}

function* stringsIn(json: unknown): Generator<string> {
  if (typeof json === "string") yield json
  else if (typeof json === "object" && json !== null)
    for (const value of Object.values(json)) yield* stringsIn(value)
}
