/**
 * A relay made of a backup: a new store, which goes on counting far beyond everything that the lost one can have given
 * (rules R1, T6, T7, T10), with the revocations that the other relay knows (T13).
 */

import { rm } from "node:fs/promises"
import { join, resolve } from "node:path"
import { setTimeout } from "node:timers/promises"
import { equalBytes } from "@kunak/core/bytes/equal"
import { fromHex } from "@kunak/core/bytes/hex"
import type { CharterChain } from "@kunak/core/charter/charter"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import { verifyEdition } from "@kunak/core/edition/verify"
import { signingKeyFromSeed } from "@kunak/core/suite"
import { formatIso } from "@kunak/core/time/format"
import { type Instant, instantFromMs } from "@kunak/core/time/instant"
import { type Outgoing, type RelayClient, relayClient } from "@kunak/duty/relay-client"
import { resumeStore } from "@kunak/relay/backup/make-store"
import { decodeRelayBackup, type RelayBackup } from "@kunak/relay/backup/relay-backup"
import { parseConfig, type RelayConfig } from "@kunak/relay/config"
import { openStore } from "@kunak/relay/files"
import type { OnFill } from "@kunak/relay/ring/fill"
import { startSentence } from "@kunak/relay/start-sentence"
import type { Counters } from "@kunak/relay/store/contract"
import { Failure } from "../failure.ts"
import type { Backup } from "./backup-file.ts"
import { isApart, listenForClock, mostAhead, type PeerClock } from "./peer-clock.ts"
import { damaged } from "./sentences.ts"
import { makeFolder, makeWhole, noSpace, putFile, requireFree } from "./whole-file.ts"

export interface RelayPutBack {
  readonly countsTerms: boolean
  readonly counters: Counters
  /** What this machine's clock said: by it the relay goes on counting. */
  readonly clock: Instant
  /** Taken from the other relay beyond the backup's. */
  readonly revocations: number
  /** Of the other relay's newest edition, which says what was taken back until then; null where it has none, or was not asked. */
  readonly asOf: Instant | null
  /** Whether that edition's time is over: what was taken back later is not known. */
  readonly isOld: boolean
  readonly newerCharter: boolean
}

/** What the other relay shows everybody, verified. */
interface Shown {
  readonly chain: CharterChain | null
  readonly term: number
  readonly revocations: readonly Uint8Array[]
  /** Null before its first edition. */
  readonly issued: Instant | null
  readonly expires: Instant | null
}

const NOTHING: Shown = { chain: null, term: 0, revocations: [], issued: null, expires: null }
const TERM_KEY = "term.key"
/** Clocks differ. */
const MOST_BEHIND_SECONDS = 600

/** @param options.withPeer whether to ask the other relay. */
export async function putBackRelay(
  { content, organisation, made }: Backup,
  options: {
    readonly to: string
    /** Where the SQLite store goes; in the folder unless it is named. */
    readonly store: string | undefined
    readonly withPeer: boolean
    readonly outgoing: Outgoing
    readonly onFill: OnFill
  },
): Promise<RelayPutBack> {
  const backup = decodeRelayBackup(content, organisation)
  const chain = backup && (await verifyCharterChain(backup.charterChain, null))
  if (!backup || !chain?.ok || !equalBytes(chain.value.organisationId, organisation)) throw damaged()
  const target = resolve(options.to)
  requireFree(target)
  const countsTerms = backup.termKey !== null
  const peer = chain.value.current.charter.relays[countsTerms ? 1 : 0].web
  const listening = listenForClock(options.outgoing)
  const shown = options.withPeer ? await look(peer, chain.value, listening.outgoing) : NOTHING
  const clock = options.withPeer ? agreeing(listening.clock(), peer) : null
  const now = instantFromMs(Date.now())
  if (now + MOST_BEHIND_SECONDS < Math.max(made, shown.issued ?? 0)) throw clockBehind(now)
  const current = shown.chain ?? chain.value
  requireTermKey(backup, current)
  const elsewhere = storeElsewhere(backup, options.store)
  return await makeWhole(target, async (part) => {
    await makeFolder(part)
    const config = await writeFiles(part, backup, current, elsewhere)
    const known = { ...backup.counters, term: Math.max(backup.counters.term, shown.term) }
    const fresh = shown.revocations.filter((one) => !backup.revocations.some((kept) => equalBytes(kept, one)))
    const fill = (filled: RelayConfig): Promise<Counters> =>
      makeStore(filled, current, known, {
        countsTerms,
        revocations: [...backup.revocations, ...fresh],
        onFill: options.onFill,
        // By both clocks: neither may have been earlier when this backup was restored before.
        now: Math.max(now, clock?.said ?? 0) as Instant,
        until: (moment) =>
          setTimeout(Math.max(0, (moment + (clock ? mostAhead(clock) : 0)) * 1000 - Date.now())),
      })
    const counters =
      elsewhere === null
        ? await fill(config)
        : await makeWhole(
            elsewhere,
            (file) => fill({ ...config, store: { kind: "sqlite", path: file } }),
            STORE_SIDES,
          )
    try {
      // Last: whatever cuts this off before leaves no key in the clear.
      if (backup.termKey !== null) await putFile(join(part, TERM_KEY), `${backup.termKey}\n`)
    } catch (error) {
      if (elsewhere !== null) await rm(elsewhere, { force: true })
      throw error
    }
    return {
      countsTerms,
      counters,
      clock: now,
      revocations: fresh.length,
      asOf: shown.issued,
      isOld: shown.expires !== null && shown.expires < now,
      newerCharter: shown.chain !== null,
    }
  })
}

const STORE_SIDES = ["-wal", "-shm", "-journal", ".pid"]

async function makeStore(
  config: RelayConfig,
  chain: CharterChain,
  known: Counters,
  parts: Parameters<typeof resumeStore>[3],
): Promise<Counters> {
  const store = await openStore(config, chain, () => {})
  if (!store.ok) throw new Failure(startSentence(store.error), store.error.kind, 3)
  try {
    const resumed = await resumeStore(store.value, chain, known, parts)
    if (!resumed.ok) throw resumeFailure(resumed.error.kind, config, parts.now)
    return resumed.value
  } finally {
    await store.value.close()
    if (config.store.kind === "sqlite") await rm(`${config.store.path}.pid`, { force: true })
  }
}

/** @throws Failure where something is there: the relay would go on with it, and count from wherever that stands. */
function storeElsewhere(backup: RelayBackup, typed: string | undefined): string | null {
  if (typed === undefined) return null
  if (kindOfStore(backup) !== "sqlite")
    throw new Failure(
      "--store names a file, and this relay's configuration keeps its store in a database: leave --store out.",
      "no-file-store",
    )
  const path = resolve(typed)
  requireFree(path)
  return path
}

const kindOfStore = (backup: RelayBackup): unknown =>
  (configOf(backup).store as { readonly kind?: unknown } | null | undefined)?.kind

function configOf({ configText }: RelayBackup): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(configText)
  } catch {
    throw damaged()
  }
}

/** Its newest edition: the term that stands in public, everything that was taken back, perhaps a newer charter. */
async function look(peer: string, chain: CharterChain, outgoing: Outgoing): Promise<Shown> {
  const place = chain.current.charter.relays.find(({ web }) => web === peer) ?? { web: peer, onion: "" }
  const relay = relayClient(place, { read: null, append: null, acknowledge: null, publish: null }, outgoing)
  return await lookAt(relay, peer, chain, LOOKS)
}

/** Between our two questions a new edition can have come: so it is asked again. */
const LOOKS = 3

async function lookAt(
  relay: Pick<RelayClient, "header" | "bulletin">,
  peer: string,
  chain: CharterChain,
  looks: number,
): Promise<Shown> {
  const header = await relay.header()
  const bulletin = await relay.bulletin()
  if (!header.ok || !bulletin.ok)
    throw new Failure(
      `The other relay, ${peer}, can't be reached: it knows what was taken back since the backup. Restore when it answers, through Tor with --socks, or without it with --no-peer.`,
      "no-peer",
      3,
    )
  // It has no edition yet.
  if (!header.value || !bulletin.value) return NOTHING
  const edition = await verifyEdition(header.value, bulletin.value, chain.organisationId)
  if (!edition.ok && edition.error.kind === "bulletin-mismatch" && looks > 1)
    return await lookAt(relay, peer, chain, looks - 1)
  if (!edition.ok)
    throw new Failure(
      `What the other relay, ${peer}, serves does not verify (${edition.error.kind}): find out why before you trust either; --no-peer goes on without it.`,
      "peer-not-genuine",
      1,
    )
  const { bulletin: found, header: newest } = edition.value
  const isNewer =
    found.chain.links.length > chain.links.length &&
    chain.links.every(({ hash }, i) => equalBytes(hash, found.chain.links[i]?.hash ?? new Uint8Array()))
  return {
    chain: isNewer ? found.chain : null,
    term: newest.id.term,
    revocations: found.revocations.map(({ bytes }) => bytes),
    issued: newest.issued,
    expires: newest.expires,
  }
}

/** @throws Failure where the two clocks differ: one of them is wrong, and by ours the relay would go on counting. */
function agreeing(clock: PeerClock | null, peer: string): PeerClock {
  if (!clock)
    throw new Failure(
      `The other relay, ${peer}, does not say what time it is: something between hides it. Restore by another way to it, or without it with --no-peer.`,
      "peer-without-clock",
      3,
    )
  if (!isApart(clock)) return clock
  const [ours, theirs] = [clock.heard, clock.said].map((time) => formatIso(time, { offsetMinutes: 0 }))
  throw new Failure(
    `This machine's clock says ${ours}, the other relay's ${theirs}: a restored relay goes on counting by the clock, so set right whichever is wrong, then restore.`,
    "clocks-differ",
    2,
  )
}

function requireTermKey({ termKey }: RelayBackup, chain: CharterChain): void {
  if (termKey === null) return
  const seed = fromHex(termKey)
  if (seed?.length !== 32) throw damaged()
  const { publicKey } = signingKeyFromSeed("relay-term", seed)
  if (!equalBytes(publicKey, chain.current.charter.relays[0].termKey))
    throw new Failure(
      "The charter in force names another key for relay A than this backup has: it is another relay's, or of before the key was changed.",
      "foreign-term-key",
      1,
    )
}

/** All in one folder, with paths relative to it; a database stays where it is, and a store where it was asked for. */
async function writeFiles(
  folder: string,
  backup: RelayBackup,
  chain: CharterChain,
  store: string | null,
): Promise<RelayConfig> {
  const json = configOf(backup)
  const isFile = kindOfStore(backup) === "sqlite"
  const text = `${JSON.stringify(
    {
      ...json,
      charter: "charter.kunak",
      ...(backup.termKey === null ? {} : { termKey: TERM_KEY }),
      ...(isFile ? { store: { kind: "sqlite", path: store ?? "relay.db" } } : {}),
    },
    null,
    2,
  )}\n`
  const config = parseConfig(text, folder)
  if (!config.ok) throw damaged()
  await putFile(join(folder, "charter.kunak"), chain.bytes, 0o644)
  await putFile(join(folder, "relay.json"), text)
  return config.value
}

function resumeFailure(
  kind: "store-unavailable" | "not-new" | "clock-behind",
  { store }: RelayConfig,
  now: Instant,
): Failure {
  switch (kind) {
    case "store-unavailable":
      return store.kind === "sqlite"
        ? noSpace(store.path)
        : new Failure(
            "The PostgreSQL database that the configuration names went away, or can't be written: see to it, empty it, then restore.",
            "database-away",
            3,
          )
    case "not-new":
      return new Failure(
        "The database that the configuration names holds a relay's store already: give an empty one, or start that relay.",
        kind,
      )
    case "clock-behind":
      return clockBehind(now)
  }
}

/** It goes on by the clock: with one that is behind it could give numbers again. */
const clockBehind = (now: Instant): Failure =>
  new Failure(
    `This machine's clock says ${formatIso(now, { offsetMinutes: 0 })}, but the backup, or what the other relay shows, is of later: set the clock right, then restore.`,
    "clock-behind",
    2,
  )
