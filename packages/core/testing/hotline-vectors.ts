/** Known answers of the hotline: docs/protocol.md §18 to §22. What is expected of a bad one is written down by hand. */

import { makeBoard } from "../board/make-board.ts"
import { boardRows, rowBytes } from "../board/merkle.ts"
import { type Part, sealPart } from "../board/part.ts"
import { candidates, wrapCell } from "../board/placement.ts"
import { concatBytes } from "../bytes/equal.ts"
import { toHex } from "../bytes/hex.ts"
import { encodeLetter, type Letter } from "../envelope/letter.ts"
import { sealBy } from "../hpke/seal.ts"
import { sealByCoins } from "../hpke/testing/seal-by-coins.ts"
import { type IntakeWindow, signIntakeKey, windowOf } from "../intake/intake-key.ts"
import { encodeNote, noteKeyOf, sealNote } from "../log/note.ts"
import { MIN_LOG2_ROWS } from "../parameters.ts"
import { reveal, Secret } from "../secret.ts"
import { signBody } from "../signature/signed.ts"
import { encapsulateInScript } from "../suite/in-script.ts"
import { sealingInScript } from "../suite/sealing.ts"
import { kemKeyFromSeed, sha256 } from "../suite.ts"
import { encodeScsu } from "../text/scsu.ts"
import {
  derivationInfo,
  placingKeysOf,
  replyKeyOf,
  type ThreadRoot,
  threadIdOf,
  weekKeyOf,
} from "../thread/keys.ts"
import { PuzzleSolver } from "../tick/puzzle.ts"
import { instant, plusSeconds, type Week, weekOf } from "../time/instant.ts"
import { delegationAt, type Organisation, revocationBytes, SAMPLE_NOW } from "./organisation.ts"
import { seededRandom } from "./seeded-random.ts"
import { turned, type VectorFile, vector } from "./vector.ts"

const week = weekOf(SAMPLE_NOW)
const hex = (secret: Secret<Uint8Array>): string => toHex(reveal(secret))
const rootOf = (seed: string): ThreadRoot => new Secret(seededRandom(seed)(32)) as ThreadRoot

export async function hotlineVectors(
  organisation: Organisation,
): Promise<Readonly<Record<string, VectorFile>>> {
  return {
    scsu: scsu(),
    "thread-keys": await threadKeys(),
    "intake-key": await intakeKeys(organisation),
    envelope: await envelopes(organisation),
    part: await parts(),
    board: await boards(),
    puzzle: puzzles(),
    note: await notes(organisation),
    hpke: await sealing(),
  }
}

/** By hand: each input is a good one with one thing wrong. */
async function sealing(): Promise<VectorFile> {
  const coins = seededRandom("coins of the vectors")(64)
  const { publicKey, seed } = await kemKeyFromSeed(new Secret(seededRandom("a sealing key")(32)))
  const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text)
  const [none, info, aad]: readonly [Uint8Array, Uint8Array, Uint8Array] = [
    new Uint8Array(),
    bytesOf("kunak/1 vectors\0"),
    Uint8Array.of(1, 2, 3, 4),
  ]
  const message = bytesOf("Можно ли прийти завтра?")
  const long = seededRandom("as long as a letter")(2_951)
  const sealed = async (plaintext: Uint8Array, withInfo: Uint8Array, withAad: Uint8Array) => {
    const made = await sealByCoins(coins, publicKey, withInfo, withAad, plaintext)
    if (!made) throw new TypeError("not sealed")
    return made
  }
  const good = await sealed(message, info, aad)
  const given = (change: Readonly<Record<string, Uint8Array>> = {}) =>
    Object.fromEntries(
      Object.entries({ info, aad, ...good, ...change }).map(([name, bytes]) => [name, toHex(bytes)]),
    )
  const bad = (what: string, change: Readonly<Record<string, Uint8Array>>) =>
    vector("X7", what, given(change), "cannot-open")
  const toSeal = (key: Uint8Array, plaintext = message, withInfo = info, withAad = aad) => ({
    coins: toHex(coins),
    publicKey: toHex(key),
    info: toHex(withInfo),
    aad: toHex(withAad),
    plaintext: toHex(plaintext),
  })
  const seals = async (what: string, plaintext: Uint8Array, withInfo: Uint8Array, withAad: Uint8Array) => {
    const { enc, ciphertext } = await sealed(plaintext, withInfo, withAad)
    return vector("X5", what, toSeal(publicKey, plaintext, withInfo, withAad), {
      enc: toHex(enc),
      ciphertext: toHex(ciphertext),
    })
  }
  const noKey = (rule: string, what: string, key: Uint8Array) =>
    vector(rule, what, toSeal(key), "no-public-key")
  const point = (first: number): Uint8Array =>
    concatBytes(publicKey.slice(0, 1_184), Uint8Array.of(first, ...new Array<number>(31).fill(0)))
  return {
    what: "HPKE with X-Wing (§18): keys from seeds, seals by given coins (ML-KEM's m, then the share's secret), openings.",
    shared: { seed: hex(seed) },
    vectors: [
      vector("X4", "a public key from its seed", {}, { publicKey: toHex(publicKey) }),
      await seals("nothing, without info and aad", none, none, none),
      await seals("a short text, with info and aad", message, info, aad),
      await seals("as long as a letter", long, info, aad),
      vector("X6", "opens", given(), { plaintext: toHex(message) }),
      bad("a bit of ML-KEM's ciphertext turned", { enc: turned(good.enc, 700) }),
      bad("a bit of the share turned", { enc: turned(good.enc, 1_100) }),
      bad("the share's top bit, which X25519 does not look at", { enc: turned(good.enc, -1, 0x80) }),
      bad("a share of zeros", { enc: concatBytes(good.enc.slice(0, 1_088), new Uint8Array(32)) }),
      bad("a bit of the ciphertext turned", { ciphertext: turned(good.ciphertext, 3) }),
      bad("a bit of the tag turned", { ciphertext: turned(good.ciphertext, -1) }),
      bad("other info", { info: turned(info, 3) }),
      bad("other aad", { aad: turned(aad, 3) }),
      bad("no aad", { aad: none }),
      bad("another seed", { seed: seededRandom("another sealing key")(32) }),
      bad("enc a byte short", { enc: good.enc.slice(0, -1) }),
      bad("enc a byte long", { enc: concatBytes(good.enc, Uint8Array.of(0)) }),
      bad("a ciphertext shorter than a tag", { ciphertext: good.ciphertext.slice(0, 15) }),
      noKey("X8", "a byte short", publicKey.slice(0, -1)),
      noKey("X8", "a byte long", concatBytes(publicKey, Uint8Array.of(0))),
      noKey(
        "X2",
        "a coefficient of 4,095",
        Uint8Array.of(0xff, 0x0f | ((publicKey[1] as number) & 0xf0), ...publicKey.slice(2)),
      ),
      noKey("X3", "X25519 with u = 0", point(0)),
      noKey("X3", "X25519 with u = 1", point(1)),
    ],
  }
}

function scsu(): VectorFile {
  const good = ["", "help", "Меня ищут", "Меня ищут. OK?", "Öl", "Ӏамархо", "🙏🏽", "❤️", "a\nб\tc"]
  const bad: Readonly<Record<string, string>> = {
    "a window that is the current one": "10d6",
    "a window nothing follows": "12",
    "a letter quoted that a window has": "0e0430",
    "a quoted letter cut off": "0e04",
    "a single surrogate": "0ed83d",
    "a tag that the encoder never writes": "01b0",
    "a null letter": "00",
  }
  return {
    what: "Texts of letters and parts as SCSU (§19).",
    shared: {},
    vectors: [
      ...good.map((text) =>
        vector("I5", JSON.stringify(text), { scsu: toHex(encodeScsu(text) as Uint8Array) }, { text }),
      ),
      ...Object.entries(bad).map(([what, bytes]) => vector("I5", what, { scsu: bytes }, "not-scsu")),
    ],
  }
}

async function threadKeys(): Promise<VectorFile> {
  const vectors = await Promise.all(
    ["a first thread", "a second thread"].map(async (name, i) => {
      const root = rootOf(name)
      const of = (week + i) as Week
      const weekKey = await weekKeyOf(root, of)
      const placing = await placingKeysOf(weekKey)
      return vector(
        "J2",
        name,
        { root: hex(root), week: of },
        {
          threadId: toHex(await threadIdOf(root)),
          weekKey: hex(weekKey),
          replyKey: hex(await replyKeyOf(weekKey)),
          cellKey: hex(placing.cell),
          placementKey: hex(placing.placement),
        },
      )
    }),
  )
  return { what: "Keys of a thread from its root (§18).", shared: {}, vectors }
}

async function intakeKeys(organisation: Organisation): Promise<VectorFile> {
  const { amina, boris, vera, duties, chain } = organisation
  const delegation = delegationAt(organisation, SAMPLE_NOW)
  const { publicKey } = await kemKeyFromSeed(new Secret(seededRandom("an intake key")(32)))
  const window = windowOf(SAMPLE_NOW)
  const good = await signIntakeKey(publicKey, window, amina, delegation)
  const body = good.slice(0, -64)
  const nextWeek = await signIntakeKey(publicKey, (window + 28) as IntakeWindow, amina, delegation)
  const byDuty = concatBytes(body, await signBody("intake key", body, duties[0]))
  const smallOrder = concatBytes(publicKey.slice(0, 1_184), new Uint8Array(32))
  const noKey = await signIntakeKey(smallOrder, window, amina, delegation)
  const asReceipt = concatBytes(body, await signBody("receipt", body, amina))
  const revocation = toHex(await revocationBytes(organisation, [amina.publicKey], [boris, vera]))
  const keyId = toHex(sha256(concatBytes(new TextEncoder().encode("kunak/1 intake key\0"), body)).slice(0, 8))
  const given = (key: Uint8Array, revocations: readonly string[] = []) => ({
    intakeKey: toHex(key),
    revocations,
  })
  return {
    what: "Intake keys (§18), verified against a delegation and revocations.",
    shared: { chain: toHex(chain.bytes), delegations: [toHex(delegation.bytes)] },
    vectors: [
      vector("I1", "signed by an officer of its week", given(good), {
        keyId,
        window,
        publicKey: toHex(publicKey),
      }),
      vector("I1", "signed by a duty", given(byDuty), "intake-key-not-signed"),
      vector("I1", "signed as something else", given(asReceipt), "intake-key-not-signed"),
      vector("I1", "for a window of another week", given(nextWeek), "intake-key-not-signed"),
      vector("I1", "by an officer taken back", given(good, [revocation]), "intake-key-not-signed"),
      vector("I1", "a bit of the key turned", given(turned(good, 700)), "intake-key-not-signed"),
      vector("I1", "a public key that nobody can seal to", given(noKey), "malformed-intake-key"),
      vector("B1", "a byte too few", given(good.slice(0, -1)), "malformed-intake-key"),
      vector("B1", "a byte too many", given(concatBytes(good, Uint8Array.of(0))), "malformed-intake-key"),
    ],
  }
}

async function sampleLetter(): Promise<Letter> {
  const root = rootOf("a first thread")
  return {
    edition: { term: 3, number: 77 },
    threadId: await threadIdOf(root),
    week,
    weekKeys: await Promise.all([0, 1, 2].map((i) => weekKeyOf(root, (week + i) as Week))),
    read: [17, 33],
    message: { id: seededRandom("a message")(8), text: "Меня ищут. What now? 🙏🏽" },
  }
}

async function envelopes({ chain }: Organisation): Promise<VectorFile> {
  const random = seededRandom("envelopes of the vectors")
  const seed = new Secret(random(32))
  const { publicKey } = await kemKeyFromSeed(seed)
  const head = Uint8Array.of(1, ...random(8))
  const sealLetter = async (plaintext: Uint8Array, label = "envelope"): Promise<Uint8Array> => {
    const coins = random(32)
    const by = { ...sealingInScript, encapsulate: (key: Uint8Array) => encapsulateInScript(key, coins) }
    const info = derivationInfo(label, chain.organisationId)
    const sealed = await sealBy(by, publicKey, info, head, plaintext, random(32))
    if (!sealed) throw new TypeError("not sealed")
    return concatBytes(head, sealed.enc, sealed.ciphertext)
  }
  const letter = await sampleLetter()
  const nothing = { ...letter, read: [], message: null }
  const good = await sealLetter(encodeLetter(letter))
  const told = (given: Letter) => ({
    edition: given.edition,
    threadId: toHex(given.threadId),
    week: given.week,
    weekKeys: given.weekKeys.map(hex),
    read: given.read,
    messageId: given.message && toHex(given.message.id),
    text: given.message?.text ?? null,
  })
  const filled = encodeLetter(letter)
  filled[filled.length - 1] = 1
  return {
    what: "Envelopes (§19), opened with the seed of their intake key.",
    shared: { organisationId: toHex(chain.organisationId), seed: hex(seed), publicKey: toHex(publicKey) },
    vectors: [
      vector("I5", "a message", { envelope: toHex(good) }, told(letter)),
      vector(
        "I4",
        "nothing to say",
        { envelope: toHex(await sealLetter(encodeLetter(nothing))) },
        told(nothing),
      ),
      ...[1, 9, 700, 1_120, 1_200, 4_095].map((at) =>
        vector("I4", `a bit of byte ${at} turned`, { envelope: toHex(turned(good, at)) }, "cannot-open"),
      ),
      vector(
        "I4",
        "sealed for something else",
        { envelope: toHex(await sealLetter(encodeLetter(letter), "note")) },
        "cannot-open",
      ),
      vector(
        "I5",
        "something after the letter",
        { envelope: toHex(await sealLetter(filled)) },
        "cannot-open",
      ),
      vector(
        "I5",
        "a week that nobody can reckon with",
        { envelope: toHex(await sealLetter(encodeLetter({ ...letter, week: 7_097 as Week }))) },
        "cannot-open",
      ),
      vector(
        "I5",
        "of its intake key's week",
        { envelope: toHex(good), window: windowOf(SAMPLE_NOW) },
        told(letter),
      ),
      vector(
        "I5",
        "of the week after its intake key's",
        { envelope: toHex(good), window: windowOf(SAMPLE_NOW) - 28 },
        "cannot-open",
      ),
      vector("I4", "another version", { envelope: toHex(turned(good, 0)) }, "malformed-envelope"),
      vector("I4", "a byte too few", { envelope: toHex(good.slice(1)) }, "malformed-envelope"),
    ],
  }
}

const samplePart = (text: string): Part => ({
  sequence: text === "" ? 0 : 17,
  replyId: seededRandom("a reply")(8),
  place: 0,
  parts: 2,
  written: SAMPLE_NOW,
  expires: plusSeconds(SAMPLE_NOW, 86_400),
  opened: [seededRandom("a message")(8)],
  openedAt: SAMPLE_NOW,
  text,
})

async function parts(): Promise<VectorFile> {
  const random = seededRandom("parts of the vectors")
  const root = rootOf("a first thread")
  const [threadId, key] = [await threadIdOf(root), await replyKeyOf(await weekKeyOf(root, week))]
  const sealed = async (part: Part): Promise<Uint8Array> => await sealPart(part, threadId, key, random)
  const good = await sealed(samplePart("Мы вас слышим."))
  const told = ({ opened, replyId, ...part }: Part) => ({
    ...part,
    replyId: toHex(replyId),
    opened: opened.map(toHex),
  })
  const given = (part: Uint8Array, change: Record<string, unknown> = {}) => ({ part: toHex(part), ...change })
  return {
    what: "Parts of replies (§20), opened with the thread's reply key.",
    shared: { threadId: toHex(threadId), replyKey: hex(key) },
    vectors: [
      vector("O1", "a text", given(good), told(samplePart("Мы вас слышим."))),
      vector(
        "O1",
        "only says what was opened",
        given(await sealed({ ...samplePart(""), parts: 1 })),
        told({ ...samplePart(""), parts: 1 }),
      ),
      vector("O1", "another thread's", given(good, { threadId: toHex(random(16)) }), "cannot-open"),
      vector("O1", "a bit turned", given(turned(good, 500)), "cannot-open"),
      vector(
        "O1",
        "a place beyond its parts",
        given(await sealed({ ...samplePart("x"), place: 2 })),
        "cannot-open",
      ),
      vector(
        "O1",
        "a text without a sequence",
        given(await sealed({ ...samplePart("x"), sequence: 0 })),
        "cannot-open",
      ),
    ],
  }
}

async function boards(): Promise<VectorFile> {
  const random = seededRandom("boards of the vectors")
  const root = rootOf("a first thread")
  const keys = await placingKeysOf(await weekKeyOf(root, week))
  const part = await sealPart(
    samplePart("Мы вас слышим."),
    await threadIdOf(root),
    await replyKeyOf(await weekKeyOf(root, week)),
    random,
  )
  const board = await makeBoard([{ keys, parts: [part] }], 7, random)
  const { rows, root: merkleRoot } = boardRows(board.bytes)
  const size = rowBytes(MIN_LOG2_ROWS)
  const row = (index: number): string => toHex(rows.slice(index * size, (index + 1) * size))
  const slots = [0, 1, 2, 3] as const
  const placed = await Promise.all(slots.map((j) => candidates(keys.placement, board, j)))
  const cell = await wrapCell(part, keys, board, 0, random)
  const at = (index: number, given: string) => ({ index, row: given })
  return {
    what: "Candidates, cells and rows with their paths (§20).",
    shared: {
      salt: toHex(board.salt),
      log2Rows: board.log2Rows,
      merkleRoot: toHex(merkleRoot),
      cellKey: hex(keys.cell),
      placementKey: hex(keys.placement),
    },
    vectors: [
      ...placed.map((pair, j) => vector("O4", `slot ${j}`, { j }, { candidates: pair })),
      vector("O2", "a cell of slot 0", { cell: toHex(cell), j: 0 }, { part: toHex(part) }),
      vector("O2", "the same looked for in slot 1", { cell: toHex(cell), j: 1 }, "not-there"),
      vector("O2", "a random cell", { cell: toHex(random(1_024)), j: 0 }, "not-there"),
      vector("O4", "a row at its place", at(300, row(300)), {
        cell: toHex(board.bytes.slice(300 * 1_024, 301 * 1_024)),
      }),
      vector("Z2", "a row from another place", at(300, row(301)), "wrong-path"),
      vector(
        "Z2",
        "a bit of the cell turned",
        at(300, toHex(turned(rows.slice(300 * size, 301 * size), 5))),
        "wrong-path",
      ),
      vector(
        "Z2",
        "a bit of the path turned",
        at(300, toHex(turned(rows.slice(300 * size, 301 * size), -1))),
        "wrong-path",
      ),
    ],
  }
}

function puzzles(): VectorFile {
  const random = seededRandom("puzzles of the vectors")
  const puzzle = { termKey: random(32), headerHash: random(32), envelopeHash: random(32), bits: 12 }
  const solver = new PuzzleSolver(puzzle, new Uint8Array(8))
  let nonce: Uint8Array | null = null
  while (!nonce) nonce = solver.try(1_000)
  const given = (solution: Uint8Array, change: Record<string, unknown> = {}) => ({
    termKey: toHex(puzzle.termKey),
    headerHash: toHex(puzzle.headerHash),
    envelopeHash: toHex(puzzle.envelopeHash),
    bits: puzzle.bits,
    nonce: toHex(solution),
    ...change,
  })
  return {
    what: "Puzzles and their solutions (§21).",
    shared: {},
    vectors: [
      vector("Z7", "solved", given(nonce), { holds: true }),
      vector("Z7", "another nonce", given(turned(nonce, 7)), { holds: false }),
      vector("Z7", "for the other relay", given(nonce, { termKey: toHex(random(32)) }), { holds: false }),
      vector("Z7", "for another envelope", given(nonce, { envelopeHash: toHex(random(32)) }), {
        holds: false,
      }),
    ],
  }
}

async function notes({ chain, amina }: Organisation): Promise<VectorFile> {
  const random = seededRandom("notes of the vectors")
  const seed = new Secret(random(32))
  const keyId = random(8)
  const letter = await sampleLetter()
  const [letters, fact] = [
    encodeNote({ kind: "letters", letters: [{ relay: "B", position: 70_001, letter }] }),
    encodeNote({
      kind: "fact",
      threadId: letter.threadId,
      officer: amina.publicKey,
      time: instant(SAMPLE_NOW),
      field: "urgency",
      value: Uint8Array.of(3),
    }),
  ]
  const sealed = async (note: Uint8Array) =>
    await sealNote(note, await noteKeyOf(seed), keyId, chain.organisationId, random)
  const given = ({ nonce, ciphertext }: { nonce: Uint8Array; ciphertext: Uint8Array }, id = keyId) => ({
    keyId: toHex(id),
    nonce: toHex(nonce),
    ciphertext: toHex(ciphertext),
  })
  const one = await sealed(letters)
  return {
    what: "Notes of desks under the key of an intake window (§22).",
    shared: { organisationId: toHex(chain.organisationId), intakeSeed: hex(seed) },
    vectors: [
      vector("L7", "an opened letter", given(one), { note: toHex(letters), kind: "letters" }),
      vector("L9", "a fact", given(await sealed(fact)), { note: toHex(fact), kind: "fact" }),
      vector("L7", "under another key id", given(one, random(8)), "cannot-open"),
      vector("L7", "a bit turned", given({ ...one, ciphertext: turned(one.ciphertext, 9) }), "cannot-open"),
      vector("L7", "cut", given(await sealed(fact.slice(0, -1))), "malformed-note"),
    ],
  }
}
