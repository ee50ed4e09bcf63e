/** Reading a ring: what a desk that was away for days waits for, beside the bare cryptography of an envelope. */
import {
  createCipheriv,
  createDecipheriv,
  createSecretKey,
  decapsulate,
  diffieHellman,
  encapsulate,
  generateKeyPairSync,
  hash,
  randomBytes,
} from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { OrganisationId } from "@kunak/core/charter/charter"
import { openEnvelope, parseEnvelope, sealEnvelope } from "@kunak/core/envelope/envelope"
import { LETTER_BYTES, type Letter } from "@kunak/core/envelope/letter"
import { windowOf } from "@kunak/core/intake/intake-key"
import { must, ok } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import { type KemOpener, kemOpener, makeKemKey } from "@kunak/core/suite"
import { SAMPLE_NOW } from "@kunak/core/testing/organisation"
import type { ThreadId, WeekKey } from "@kunak/core/thread/keys"
import { weekOf } from "@kunak/core/time/instant"
import type { Officer } from "@kunak/desk/enrolment/officer"
import { addIntakeSeed } from "@kunak/desk/hotline/keys/key-store"
import { makeOpeners, readRing } from "@kunak/desk/hotline/rings/read-rings"
import { ringPlace } from "@kunak/desk/hotline/rings/ring-store"
import { createVault } from "@kunak/desk/vault/open-vault"
import { SCHEMA } from "@kunak/desk/vault/schema"
import { sql } from "@kunak/desk/vault/sql"
import type { UnlockedVault } from "@kunak/desk/vault/unlocked-vault"
import { passphraseBytes } from "@kunak/desk/vault/vault-key"
import type { RelayClient } from "@kunak/duty/relay-client"
import { median, type Row, row } from "./row.ts"

const ROUNDS = 9
const ENVELOPES = 1280
const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))
const ORGANISATION = random(32) as OrganisationId
const KEY_ID = random(8)

export async function deskBench(): Promise<Row[]> {
  const pair = await makeKemKey(random)
  const covers = await sealed(pair, () => null, ENVELOPES)
  const letters = await sealed(pair, (i) => `message ${i}, ${"слово ".repeat(60)}`, ENVELOPES)
  const opener = await kemOpener(pair.seed)
  // In turns, so that whatever else the machine does falls on all alike; the first turn warms up.
  const turns: { bare: number; opened: number; messages: number; ring: number; letters: number }[] = []
  for (let i = 0; i <= ROUNDS; i += 1)
    turns.push({
      bare: barePerSecond(),
      opened: await openedPerSecond(opener, covers),
      messages: await openedPerSecond(opener, letters),
      ring: await readPerSecond(pair, covers),
      letters: await readPerSecond(pair, letters),
    })
  const of = (what: keyof (typeof turns)[number]) => median(turns.slice(1).map((turn) => turn[what]))
  const common = {
    unit: "envelopes/s",
    beside: "bare X-Wing (ML-KEM-768, X25519, SHA-3) and AES-256-GCM of node:crypto",
    besideValue: of("bare"),
    direction: "higher is better",
  } as const
  return [
    row({
      id: "desk.openings",
      what: "envelopes opened, from 4,096 bytes to the letter: of readers, as nearly all are",
      value: of("opened"),
      goal: 0.6,
      slope: null,
      ...common,
    }),
    row({
      id: "desk.openings-messages",
      what: "the same with 370 letters of Cyrillic in each",
      value: of("messages"),
      goal: null,
      slope: null,
      ...common,
    }),
    row({
      id: "desk.ring",
      what: "envelopes of readers read from a ring, opened and passed over, 64 in one durable change of the vault",
      value: of("ring"),
      goal: null,
      slope: await slopeOf(pair),
      ...common,
    }),
    row({
      id: "desk.letters",
      what: "envelopes with a message, each of a new thread, read from a ring into the encrypted vault",
      value: of("letters"),
      goal: null,
      slope: null,
      ...common,
    }),
  ]
}

/**
 * What an opening can't do without, each in the form that Node takes fastest, with the private halves imported: ML-KEM-768,
 * X25519 with a share that comes as bytes, SHA-3 of both (X-Wing's combiner), and AES-256-GCM with its tag held.
 */
function barePerSecond(): number {
  const kem = generateKeyPairSync("ml-kem-768")
  const { ciphertext } = encapsulate(kem.publicKey)
  const { privateKey } = generateKeyPairSync("x25519")
  const shares = Array.from({ length: ENVELOPES }, () =>
    generateKeyPairSync("x25519").publicKey.export({ type: "spki", format: "pem" }),
  )
  const [key, nonce, combined] = [random(32), random(12), random(134)]
  const cipher = createCipheriv("aes-256-gcm", key, nonce)
  const sealed = cipher.update(random(LETTER_BYTES))
  cipher.final()
  const tag = cipher.getAuthTag()
  const start = performance.now()
  for (const share of shares) {
    decapsulate(kem.privateKey, ciphertext)
    diffieHellman({ privateKey, publicKey: share as never })
    hash("sha3-256", combined, "buffer")
    const decipher = createDecipheriv("aes-256-gcm", createSecretKey(key), nonce).setAuthTag(tag)
    decipher.update(sealed)
    decipher.final()
  }
  return (1000 * ENVELOPES) / (performance.now() - start)
}

type Pair = Awaited<ReturnType<typeof makeKemKey>>

async function sealed(
  pair: Pair,
  textOf: (i: number) => string | null,
  count: number,
): Promise<readonly Uint8Array[]> {
  const ring: Uint8Array[] = []
  for (let i = 0; i < count; i += 1)
    ring.push(
      await sealEnvelope({ keyId: KEY_ID, publicKey: pair.publicKey }, ORGANISATION, letter(textOf(i))),
    )
  return ring
}

async function openedPerSecond(opener: KemOpener, ring: readonly Uint8Array[]): Promise<number> {
  const start = performance.now()
  for (const bytes of ring) {
    const envelope = parseEnvelope(bytes)
    const opened = envelope && (await openEnvelope(envelope, opener, ORGANISATION))
    if (!opened) throw new Error("an envelope was not opened")
  }
  return (1000 * ring.length) / (performance.now() - start)
}

/** Behind a relay that answers at once, by a desk with a vault on disk. */
async function readPerSecond(pair: Pair, ring: readonly Uint8Array[]): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), "kunak-bench-"))
  const vault = await vaultWith(folder, pair)
  try {
    const relay = { readRing: async (from: number, limit = 64) => ok(page(ring, from, limit)) }
    const reader = {
      vault,
      officer: { organisationId: ORGANISATION } as unknown as Officer,
      openers: makeOpeners(),
      now: () => SAMPLE_NOW,
      sureNow: () => SAMPLE_NOW,
      isClosed: () => false,
    }
    const start = performance.now()
    // A round reads 64 pages.
    while (ringPlace(vault, "A").opened < ring.length)
      must(await readRing(reader, "A", relay as unknown as RelayClient))
    const seconds = (performance.now() - start) / 1000
    const { opened, unopenable } = ringPlace(vault, "A")
    if (opened !== ring.length || unopenable > 0)
      throw new Error(`${opened} of ${ring.length} opened, ${unopenable} not`)
    return ring.length / seconds
  } finally {
    vault.lock()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** 1, 10 and 100 times as many. */
async function slopeOf(pair: Pair): Promise<string> {
  const ring = await sealed(pair, () => null, 12_800)
  const seconds: number[] = []
  for (const count of [128, 1_280, 12_800])
    seconds.push(count / (await readPerSecond(pair, ring.slice(0, count))))
  return `128, 1,280, 12,800 envelopes: ${seconds.map((value) => value.toFixed(2)).join(", ")} s`
}

function page(ring: readonly Uint8Array[], from: number, limit: number) {
  return { head: ring.length, acknowledged: 0, first: from, envelopes: ring.slice(from, from + limit) }
}

function letter(text: string | null): Letter {
  const week = weekOf(SAMPLE_NOW)
  return {
    edition: { term: 1, number: 1 },
    threadId: random(16) as ThreadId,
    week,
    weekKeys: [0, 1, 2].map(() => new Secret(random(32)) as WeekKey),
    read: [],
    message: text === null ? null : { id: random(8), text },
  }
}

async function vaultWith(folder: string, pair: Pair): Promise<UnlockedVault> {
  const cost = { memoryKiB: 64, passes: 1, lanes: 1 }
  const place = { file: join(folder, "desk.vault"), migrations: SCHEMA, random, cost }
  const vault = must(
    await createVault(place, { passphrase: passphraseBytes("of a bench"), remoteShare: null }),
  )
  const window = windowOf(SAMPLE_NOW)
  must(
    vault.change((change) => {
      change.run(sql`insert into intake_key (key_id, window, public_key, officer, counts)
        values (${KEY_ID}, ${window}, ${pair.publicKey}, ${random(32)}, 1)`)
      addIntakeSeed(change, KEY_ID, window, pair)
    }),
  )
  return vault
}
