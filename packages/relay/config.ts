/** The relay's configuration: one JSON file, nothing secret in it but the way to relay A's own key. docs/relay.md */
import { isAbsolute, join } from "node:path"
import { fromHex } from "@kunak/core/bytes/hex"
import { err, ok, type Result } from "@kunak/core/result"
import { type CapabilityHashes, ROLES } from "./capability.ts"
import { type Place, parsePlace } from "./http/listen.ts"

export interface RelayConfig {
  /** The charter chain's file. */
  readonly charter: string
  /** Relay A's term key: a file of 64 hexadecimal digits; null on relay B. */
  readonly termKey: string | null
  readonly store: StoreChoice
  readonly capabilities: CapabilityHashes
  readonly listen: readonly Place[]
  /** Cells of the staff log that are kept. */
  readonly keepCells: number
}

export type StoreChoice =
  | { readonly kind: "sqlite"; readonly path: string }
  | { readonly kind: "postgres"; readonly url: string }

export interface ConfigError {
  readonly kind: "bad-config"
  /** What to mend, as a sentence. */
  readonly sentence: string
}

/** 256 Ki cells of 4 KiB: 1.2 GiB on disk. Desks write on a rhythm, dummies included. */
const DEFAULT_KEEP_CELLS = 262_144
const DEFAULT_LISTEN = ["127.0.0.1:8080"]
const KNOWN = ["charter", "termKey", "store", "capabilities", "listen", "keepCells"]

type Json = Readonly<Record<string, unknown>>

/** @param folder of the configuration file: the paths in it are relative to this. */
export function parseConfig(text: string, folder: string): Result<RelayConfig, ConfigError> {
  try {
    return ok(read(text, (path) => (isAbsolute(path) ? path : join(folder, path))))
  } catch (error) {
    if (error instanceof Wrong) return err({ kind: "bad-config", sentence: error.message })
    throw error
  }
}

/** Carries one sentence from the depth of the file to `parseConfig`, which alone catches it. */
class Wrong extends Error {}

function read(text: string, resolve: (path: string) => string): RelayConfig {
  const json = parseObject(text)
  const unknown = Object.keys(json).find((key) => !KNOWN.includes(key))
  if (unknown) throw new Wrong(`"${unknown}" is no setting; there are ${KNOWN.join(", ")}.`)
  const termKey = json.termKey ?? null
  return {
    charter: resolve(textOf(json.charter, `"charter" must be the path of the charter's file.`)),
    termKey:
      termKey === null ? null : resolve(textOf(termKey, `"termKey" must be the path of relay A's key file.`)),
    store: readStore(json.store, resolve),
    capabilities: readCapabilities(json.capabilities),
    listen: readListen(json.listen ?? DEFAULT_LISTEN),
    keepCells: readKeepCells(json.keepCells ?? DEFAULT_KEEP_CELLS),
  }
}

function parseObject(text: string): Json {
  try {
    const json: unknown = JSON.parse(text)
    if (isObject(json)) return json
  } catch {
    // The parser's own words quote the file, and the file may hold a database's password.
  }
  throw new Wrong("It is not a JSON object.")
}

const isObject = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value)

function textOf(value: unknown, sentence: string): string {
  if (typeof value !== "string" || value === "") throw new Wrong(sentence)
  return value
}

function readStore(value: unknown, resolve: (path: string) => string): StoreChoice {
  const store = isObject(value) ? value : {}
  if (store.kind === "sqlite") {
    return { kind: "sqlite", path: resolve(textOf(store.path, `"store.path" must be a file's path.`)) }
  }
  if (store.kind === "postgres") {
    return { kind: "postgres", url: textOf(store.url, `"store.url" must be a PostgreSQL address.`) }
  }
  throw new Wrong(
    `"store" must be {"kind": "sqlite", "path": "relay.db"} or {"kind": "postgres", "url": "postgres://…"}.`,
  )
}

function readCapabilities(value: unknown): CapabilityHashes {
  const given = isObject(value) ? value : {}
  const hashes = ROLES.map((role) => {
    const list = given[role]
    if (!Array.isArray(list) || list.length === 0) {
      throw new Wrong(`"capabilities.${role}" must list at least one SHA-256, 64 hexadecimal digits.`)
    }
    return [role, list.map((item) => readHash(item, role))]
  })
  return Object.fromEntries(hashes) as CapabilityHashes
}

function readHash(item: unknown, role: string): Uint8Array {
  const hash = typeof item === "string" ? fromHex(item) : null
  if (hash?.length !== 32) {
    throw new Wrong(`"capabilities.${role}" has an entry that is no SHA-256 (64 hexadecimal digits).`)
  }
  return hash
}

function readListen(value: unknown): readonly Place[] {
  const places = Array.isArray(value)
    ? value.map((item) => (typeof item === "string" ? parsePlace(item) : null))
    : []
  if (places.length === 0 || places.some((place) => place === null)) {
    throw new Wrong(
      `"listen" must list places such as "127.0.0.1:8080" or "unix:/run/kunak-relay/relay.sock".`,
    )
  }
  return places.filter((place) => place !== null)
}

function readKeepCells(value: unknown): number {
  if (typeof value !== "number" || !Number.isInteger(value) || value < 1_024) {
    throw new Wrong(`"keepCells" must be a whole number of at least 1024.`)
  }
  return value
}
