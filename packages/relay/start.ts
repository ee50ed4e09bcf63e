/** Puts a relay together from its files and opens its sockets. */
import { readFileSync, statSync } from "node:fs"
import type { Server } from "node:http"
import { dirname } from "node:path"
import { equalBytes } from "@kunak/core/bytes/equal"
import { fromHex } from "@kunak/core/bytes/hex"
import type { CharterChain } from "@kunak/core/charter/charter"
import { type CharterError, verifyCharterChain } from "@kunak/core/charter/verify"
import type { SigningKey } from "@kunak/core/keys"
import { err, ok, type Result } from "@kunak/core/result"
import { erase } from "@kunak/core/secret"
import { signingKeyFromSeed } from "@kunak/core/suite"
import { instantFromMs } from "@kunak/core/time/instant"
import { createApp } from "./app.ts"
import { type ConfigError, parseConfig, type RelayConfig } from "./config.ts"
import { isLocal, type ListenError, listen, type Place } from "./http/listen.ts"
import { httpServer } from "./http/server.ts"
import { type HttpSettings, httpSettings } from "./http/settings.ts"
import type { Report } from "./notice.ts"
import { fillRing, type OnFill } from "./ring/fill.ts"
import type { RelayStore } from "./store/contract.ts"
import { type PostgresOpenError, postgresStore } from "./store/postgres/store.ts"
import type { OpenError } from "./store/sqlite/database.ts"
import { sqliteStoreInWorker } from "./store/sqlite/store-in-worker.ts"

export interface RunningRelay {
  readonly chain: CharterChain
  /** Whether it counts terms (relay A). */
  readonly countsTerms: boolean
  readonly places: readonly Place[]
  /** Answers what is being asked, takes no more, closes the store. */
  readonly close: () => Promise<void>
}

export type StartError =
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
  | { readonly kind: "demonstration-in-public"; readonly place: Place }
  | { readonly kind: "store"; readonly path: string; readonly error: OpenError | PostgresOpenError }
  /** The store refused in the middle of the ring's first fill; it goes on from there. */
  | { readonly kind: "ring-not-filled"; readonly slots: number }
  | { readonly kind: "listen"; readonly error: ListenError }

export interface StartOptions {
  /** In place of the configuration's. */
  readonly listen?: readonly Place[]
  readonly http?: HttpSettings
  /** Told how far the ring's first fill has come. */
  readonly onFill?: OnFill
  readonly report: Report
}

/** @param configPath of the JSON file. */
export async function startRelay(
  configPath: string,
  options: StartOptions,
): Promise<Result<RunningRelay, StartError>> {
  const text = readText(configPath)
  if (text === null) return err({ kind: "file-missing", what: "configuration", path: configPath })
  const config = parseConfig(text, dirname(configPath))
  if (!config.ok) return config
  const chain = await readCharter(config.value.charter)
  if (!chain.ok) return chain
  const termKey = readTermKey(config.value.termKey, chain.value)
  if (!termKey.ok) return termKey
  const places = options.listen ?? config.value.listen
  const exposed = places.find((place) => !isLocal(place))
  if (exposed && chain.value.current.charter.demonstration) {
    return err({ kind: "demonstration-in-public", place: exposed })
  }
  const slots = 2 ** chain.value.current.charter.log2Slots
  const store = await openStore(config.value, slots, options.report)
  if (!store.ok) return store
  const filled = await fillRing(store.value, chain.value.organisationId, options.onFill ?? (() => {}))
  if (!filled.ok) {
    await store.value.close()
    return err({ kind: "ring-not-filled", slots })
  }
  const app = createApp({
    chain: chain.value,
    store: store.value,
    capabilities: config.value.capabilities,
    termKey: termKey.value,
    now: () => instantFromMs(Date.now()),
    clockMs: () => performance.now(),
    report: options.report,
  })
  const opened = await openSockets(places, () => httpServer(app, options.http ?? httpSettings))
  if (!opened.ok) {
    await store.value.close()
    return err({ kind: "listen", error: opened.error })
  }
  return ok({
    chain: chain.value,
    countsTerms: termKey.value !== null,
    places: opened.value.places,
    close: async () => {
      await Promise.all(opened.value.servers.map(closeServer))
      await store.value.close()
      if (termKey.value) erase(termKey.value.seed)
    },
  })
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, "utf8")
  } catch {
    return null
  }
}

async function readCharter(path: string): Promise<Result<CharterChain, StartError>> {
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
): Result<SigningKey<"relay-term"> | null, StartError> {
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

async function openStore(
  config: RelayConfig,
  slots: number,
  report: Report,
): Promise<Result<RelayStore, StartError>> {
  const settings = { keepCells: config.keepCells, slots }
  const { store } = config
  const opened =
    store.kind === "sqlite"
      ? await sqliteStoreInWorker(store.path, settings, report)
      : await postgresStore(store.url, settings, report)
  // The address of a database may hold its password: it is not repeated.
  const path = store.kind === "sqlite" ? store.path : "PostgreSQL"
  return opened.ok ? opened : err({ kind: "store", path, error: opened.error })
}

interface OpenSockets {
  readonly servers: readonly Server[]
  readonly places: readonly Place[]
}

async function openSockets(
  places: readonly Place[],
  makeServer: () => Server,
): Promise<Result<OpenSockets, ListenError>> {
  const servers: Server[] = []
  const taken: Place[] = []
  for (const place of places) {
    const server = makeServer()
    const listening = await listen(server, place)
    if (!listening.ok) {
      await Promise.all(servers.map(closeServer))
      return listening
    }
    servers.push(server)
    taken.push(listening.value)
  }
  return ok({ servers, places: taken })
}

/** Time for answers under way when the relay stops. */
const CLOSE_MS = 2_000

function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    const force = setTimeout(() => server.closeAllConnections(), CLOSE_MS)
    server.close(() => {
      clearTimeout(force)
      resolve()
    })
    server.closeIdleConnections()
  })
}
