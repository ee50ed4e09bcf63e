/** A relay's files as its operator has them: configuration, charter, term key, store. */
import { readFileSync, statSync } from "node:fs"
import { dirname } from "node:path"
import { equalBytes } from "@kunak/core/bytes/equal"
import { fromHex } from "@kunak/core/bytes/hex"
import type { CharterChain } from "@kunak/core/charter/charter"
import { type CharterError, verifyCharterChain } from "@kunak/core/charter/verify"
import type { SigningKey } from "@kunak/core/keys"
import { err, ok, type Result } from "@kunak/core/result"
import { signingKeyFromSeed } from "@kunak/core/suite"
import { type ConfigError, parseConfig, type RelayConfig } from "./config.ts"
import type { Report } from "./notice.ts"
import type { RelayStore } from "./store/contract.ts"
import { type PostgresOpenError, postgresStore } from "./store/postgres/store.ts"
import type { OpenError } from "./store/sqlite/database.ts"
import { sqliteStoreInWorker } from "./store/sqlite/store-in-worker.ts"

export interface RelayFiles {
  /** As it stands in the file. */
  readonly configText: string
  readonly config: RelayConfig
  readonly chain: CharterChain
  /** Relay A's; null on B. */
  readonly termKey: SigningKey<"relay-term"> | null
}

export type FilesError =
  | {
      readonly kind: "file-missing"
      readonly what: "configuration" | "charter" | "term key"
      readonly path: string
    }
  | ConfigError
  | { readonly kind: "bad-charter"; readonly path: string; readonly error: CharterError }
  | { readonly kind: "bad-term-key"; readonly path: string }
  | { readonly kind: "open-term-key"; readonly path: string }
  | { readonly kind: "foreign-term-key"; readonly path: string }

export interface StoreError {
  readonly kind: "store"
  readonly path: string
  readonly error: OpenError | PostgresOpenError
}

/** @param configPath of the JSON file. */
export async function readRelayFiles(configPath: string): Promise<Result<RelayFiles, FilesError>> {
  const configText = readText(configPath)
  if (configText === null) return err({ kind: "file-missing", what: "configuration", path: configPath })
  const config = parseConfig(configText, dirname(configPath))
  if (!config.ok) return config
  const chain = await readCharter(config.value.charter)
  if (!chain.ok) return chain
  const termKey = readTermKey(config.value.termKey, chain.value)
  if (!termKey.ok) return termKey
  return ok({ configText, config: config.value, chain: chain.value, termKey: termKey.value })
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return null
  }
}

async function readCharter(path: string): Promise<Result<CharterChain, FilesError>> {
  let bytes: Uint8Array
  try {
    bytes = readFileSync(path)
  } catch {
    return err({ kind: "file-missing", what: "charter", path })
  }
  const chain = await verifyCharterChain(new Uint8Array(bytes), null)
  return chain.ok ? chain : err({ kind: "bad-charter", path, error: chain.error })
}

/** Bits that let others than the owner at a file. */
const OTHERS = 0o077

function readTermKey(
  path: string | null,
  chain: CharterChain,
): Result<SigningKey<"relay-term"> | null, FilesError> {
  if (path === null) return ok(null)
  const text = readText(path)
  if (text === null) return err({ kind: "file-missing", what: "term key", path })
  if (process.platform !== "win32" && (statSync(path).mode & OTHERS) !== 0) {
    return err({ kind: "open-term-key", path })
  }
  const seed = fromHex(text.trim())
  if (seed?.length !== 32) return err({ kind: "bad-term-key", path })
  const key = signingKeyFromSeed("relay-term", seed)
  return equalBytes(key.publicKey, chain.current.charter.relays[0].termKey)
    ? ok(key)
    : err({ kind: "foreign-term-key", path })
}

/** With the ring's size that the charter says. */
export async function openStore(
  config: RelayConfig,
  chain: CharterChain,
  report: Report,
): Promise<Result<RelayStore, StoreError>> {
  const settings = { keepCells: config.keepCells, slots: 2 ** chain.current.charter.log2Slots }
  const { store } = config
  const opened =
    store.kind === "sqlite"
      ? await sqliteStoreInWorker(store.path, settings, report)
      : await postgresStore(store.url, settings, report)
  // The address of a database may hold its password: it is not repeated.
  const path = store.kind === "sqlite" ? store.path : "PostgreSQL"
  return opened.ok ? opened : err({ kind: "store", path, error: opened.error })
}
