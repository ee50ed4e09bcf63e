/** Reading a ring: what a desk that was away for days waits for, beside the bare cryptography of an envelope. */
import {
  createDecipheriv,
  createPrivateKey,
  createPublicKey,
  decapsulate,
  diffieHellman,
  encapsulate,
  generateKeyPairSync,
  randomBytes,
} from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { OrganisationId } from "@kunak/core/charter/charter"
import { sealEnvelope } from "@kunak/core/envelope/envelope"
import { LETTER_BYTES, type Letter } from "@kunak/core/envelope/letter"
import { windowOf } from "@kunak/core/intake/intake-key"
import { must, ok } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import { makeKemKey } from "@kunak/core/suite"
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

const ROUNDS = 3
const ENVELOPES = 640
const random = (bytes: number): Uint8Array => new Uint8Array(randomBytes(bytes))
const ORGANISATION = random(32) as OrganisationId
const KEY_ID = random(8)

export async function deskBench(): Promise<Row[]> {
  const pair = await makeKemKey(random)
  const bare = median(Array.from({ length: ROUNDS }, () => barePerSecond()))
  const beside = "bare ML-KEM-768, X25519 and AES-256-GCM of node:crypto"
  const cover = median(await times(() => openedPerSecond(pair, () => null)))
  const letters = median(
    await times(() => openedPerSecond(pair, (i) => `message ${i}, ${"слово ".repeat(60)}`)),
  )
  const slope = await slopeOf(pair)
  const common = { unit: "envelopes/s", beside, besideValue: bare, direction: "higher is better" } as const
  return [
    row({
      id: "desk.openings",
      what: "envelopes of readers read from a ring, opened and passed over, into the vault's place",
      value: cover,
      goal: 0.6,
      slope,
      ...common,
    }),
    row({
      id: "desk.letters",
      what: "envelopes with a message, each of a new thread, opened into the encrypted vault",
      value: letters,
      goal: null,
      slope: null,
      ...common,
    }),
  ]
}

const times = async (measure: () => Promise<number>): Promise<number[]> => {
  const values: number[] = []
  for (let i = 0; i < ROUNDS; i += 1) values.push(await measure())
  return values
}

/** One KEM opening of each kind and one opening of a letter, with imported keys. */
function barePerSecond(): number {
  const kem = generateKeyPairSync("ml-kem-768")
  const { ciphertext } = encapsulate(kem.publicKey)
  const [ours, theirs] = [generateKeyPairSync("x25519"), generateKeyPairSync("x25519")]
  const privateKey = createPrivateKey(ours.privateKey.export({ type: "pkcs8", format: "pem" }))
  const publicKey = createPublicKey(theirs.publicKey.export({ type: "spki", format: "pem" }))
  const [key, nonce, sealed] = [random(32), random(12), random(LETTER_BYTES)]
  const start = performance.now()
  for (let i = 0; i < ENVELOPES; i += 1) {
    decapsulate(kem.privateKey, ciphertext)
    diffieHellman({ privateKey, publicKey })
    createDecipheriv("aes-256-gcm", key, nonce).update(sealed)
  }
  return (1000 * ENVELOPES) / (performance.now() - start)
}

type Pair = Awaited<ReturnType<typeof makeKemKey>>

/** A ring of sealed letters behind a relay that answers at once, read by a desk with a vault on disk. */
async function openedPerSecond(
  pair: Pair,
  textOf: (i: number) => string | null,
  count = ENVELOPES,
): Promise<number> {
  const ring: Uint8Array[] = []
  for (let i = 0; i < count; i += 1)
    ring.push(
      await sealEnvelope({ keyId: KEY_ID, publicKey: pair.publicKey }, ORGANISATION, letter(textOf(i))),
    )
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
    must(await readRing(reader, "A", relay as unknown as RelayClient))
    const seconds = (performance.now() - start) / 1000
    const { opened, unopenable } = ringPlace(vault, "A")
    if (opened !== count || unopenable > 0) throw new Error(`${opened} of ${count} opened, ${unopenable} not`)
    return count / seconds
  } finally {
    vault.lock()
    rmSync(folder, { recursive: true, force: true })
  }
}

/** Time for ten times as many envelopes. */
async function slopeOf(pair: Pair): Promise<string> {
  const [few, many] = [
    await openedPerSecond(pair, () => null, 380),
    await openedPerSecond(pair, () => null, 3800),
  ]
  return `10 × the envelopes take ${((10 * few) / many).toFixed(1)} × as long`
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
