/**
 * What of a relay stands in a backup: what it was given, and what it counts. No cell, no envelope, no edition: all of these
 * are sealed or public, the other relay has them, and an older copy of them must never be served again as the newest.
 */
import { fromBase64, toBase64 } from "@kunak/core/bytes/base64"
import { toHex } from "@kunak/core/bytes/hex"
import { err, ok, type Result } from "@kunak/core/result"
import { reveal } from "@kunak/core/secret"
import { type FilesError, openStore, readRelayFiles, type StoreError } from "../files.ts"
import type { Counters } from "../store/contract.ts"

export interface RelayBackup {
  readonly organisationId: Uint8Array
  readonly configText: string
  readonly charterChain: Uint8Array
  /** Relay A's, 64 hexadecimal digits; null on B. */
  readonly termKey: string | null
  readonly counters: Counters
  readonly revocations: readonly Uint8Array[]
}

export type TakeRelayError = FilesError | StoreError | { readonly kind: "store-unavailable" }

/** Reads what the configuration names. A SQLite store must not be open in a relay: it lets in one process at a time. */
export async function takeRelayBackup(configPath: string): Promise<Result<RelayBackup, TakeRelayError>> {
  const files = await readRelayFiles(configPath)
  if (!files.ok) return files
  const { configText, config, chain, termKey } = files.value
  const store = await openStore(config, chain, () => {})
  if (!store.ok) return store
  try {
    const [term, newest, log, ring, revocations] = await Promise.all([
      store.value.term(),
      store.value.newestId(),
      store.value.read(0, 0),
      store.value.ringState(),
      store.value.revocations(),
    ])
    if (!term.ok || !newest.ok || !log.ok || !ring.ok || !revocations.ok)
      return err({ kind: "store-unavailable" })
    return ok({
      organisationId: chain.organisationId,
      configText,
      charterChain: chain.bytes,
      termKey: termKey && toHex(reveal(termKey.seed)),
      counters: {
        term: Math.max(term.value, newest.value?.term ?? 0),
        logHead: log.value.head,
        ringHead: ring.value.head,
      },
      revocations: revocations.value,
    })
  } finally {
    await store.value.close()
  }
}

export const encodeRelayBackup = (backup: RelayBackup) => ({
  config: backup.configText,
  charter: toBase64(backup.charterChain),
  termKey: backup.termKey,
  counters: backup.counters,
  revocations: backup.revocations.map(toBase64),
})

/** @returns null for anything else. Nothing in it is verified. */
export function decodeRelayBackup(json: unknown, organisationId: Uint8Array): RelayBackup | null {
  const saved = (json ?? {}) as Readonly<Record<string, unknown>>
  const charterChain = typeof saved.charter === "string" ? fromBase64(saved.charter) : null
  const revocations = Array.isArray(saved.revocations)
    ? saved.revocations.map((text) => (typeof text === "string" ? fromBase64(text) : null))
    : [null]
  const { term, logHead, ringHead } = (saved.counters ?? {}) as Readonly<Record<string, unknown>>
  const isSound =
    typeof saved.config === "string" &&
    (saved.termKey === null || typeof saved.termKey === "string") &&
    [term, logHead, ringHead].every((count) => Number.isSafeInteger(count) && (count as number) >= 0)
  if (!isSound || !charterChain || revocations.some((bytes) => bytes === null)) return null
  return {
    organisationId,
    configText: saved.config as string,
    charterChain,
    termKey: saved.termKey as string | null,
    counters: { term: term as number, logHead: logHead as number, ringHead: ringHead as number },
    revocations: revocations as readonly Uint8Array[],
  }
}
