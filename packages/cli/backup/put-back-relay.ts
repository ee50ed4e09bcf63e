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
import { type Outgoing, relayClient } from "@kunak/duty/relay-client"
import { resumeStore } from "@kunak/relay/backup/make-store"
import { decodeRelayBackup, type RelayBackup } from "@kunak/relay/backup/relay-backup"
import { parseConfig, type RelayConfig } from "@kunak/relay/config"
import { openStore } from "@kunak/relay/files"
import type { OnFill } from "@kunak/relay/ring/fill"
import { startSentence } from "@kunak/relay/start-sentence"
import type { Counters } from "@kunak/relay/store/contract"
import { Failure } from "../failure.ts"
import type { Backup } from "./backup-file.ts"
import { damaged } from "./sentences.ts"
import { makeFolder, makeWhole, noSpace, putFile, requireFree } from "./whole-file.ts"

export interface RelayPutBack {
  readonly countsTerms: boolean
  readonly counters: Counters
  /** What this machine's clock said: by it the relay goes on counting. */
  readonly clock: Instant
  /** Taken from the other relay beyond the backup's. */
  readonly revocations: number
  readonly newerCharter: boolean
}

/** What the other relay shows everybody, verified. */
interface Shown {
  readonly chain: CharterChain | null
  readonly term: number
  readonly revocations: readonly Uint8Array[]
  /** Null before its first edition. */
  readonly issued: Instant | null
}

const NOTHING: Shown = { chain: null, term: 0, revocations: [], issued: null }
const TERM_KEY = "term.key"
/** Clocks differ. */
const MOST_BEHIND_SECONDS = 600

/** @param options.withPeer whether to ask the other relay. */
export async function putBackRelay(
  { content, organisation, made }: Backup,
  options: {
    readonly to: string
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
  const shown = options.withPeer ? await look(peer, chain.value, options.outgoing) : NOTHING
  const now = instantFromMs(Date.now())
  if (now + MOST_BEHIND_SECONDS < Math.max(made, shown.issued ?? 0)) throw clockBehind(now)
  const current = shown.chain ?? chain.value
  requireTermKey(backup, current)
  return await makeWhole(target, async (part) => {
    await makeFolder(part)
    const config = await writeFiles(part, backup, current)
    const store = await openStore(config, current, () => {})
    if (!store.ok) throw new Failure(startSentence(store.error), store.error.kind, 3)
    try {
      const known = { ...backup.counters, term: Math.max(backup.counters.term, shown.term) }
      const fresh = shown.revocations.filter(
        (one) => !backup.revocations.some((kept) => equalBytes(kept, one)),
      )
      const resumed = await resumeStore(store.value, current, known, {
        countsTerms,
        revocations: [...backup.revocations, ...fresh],
        onFill: options.onFill,
        now,
        until: (moment) => setTimeout(Math.max(0, moment * 1000 - Date.now())),
      })
      if (!resumed.ok) throw resumeFailure(resumed.error.kind, options.to, now)
      // Last: whatever cuts this off before leaves no key in the clear.
      if (backup.termKey !== null) await putFile(join(part, TERM_KEY), `${backup.termKey}\n`)
      return {
        countsTerms,
        counters: resumed.value,
        clock: now,
        revocations: fresh.length,
        newerCharter: shown.chain !== null,
      }
    } finally {
      await store.value.close()
      if (config.store.kind === "sqlite") await rm(`${config.store.path}.pid`, { force: true })
    }
  })
}

/** Its newest edition: the term that stands in public, everything that was taken back, perhaps a newer charter. */
async function look(peer: string, chain: CharterChain, outgoing: Outgoing): Promise<Shown> {
  const place = chain.current.charter.relays.find(({ web }) => web === peer) ?? { web: peer, onion: "" }
  const relay = relayClient(place, { read: null, append: null, acknowledge: null, publish: null }, outgoing)
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
  }
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

/** All in one folder, with paths relative to it; a database stays where it is. */
async function writeFiles(folder: string, backup: RelayBackup, chain: CharterChain): Promise<RelayConfig> {
  const json = JSON.parse(backup.configText) as Readonly<Record<string, unknown>>
  const { kind } = (json.store ?? {}) as { readonly kind?: unknown }
  const text = `${JSON.stringify(
    {
      ...json,
      charter: "charter.kunak",
      ...(backup.termKey === null ? {} : { termKey: TERM_KEY }),
      ...(kind === "sqlite" ? { store: { kind, path: "relay.db" } } : {}),
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
  to: string,
  now: Instant,
): Failure {
  switch (kind) {
    case "store-unavailable":
      return noSpace(to)
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
