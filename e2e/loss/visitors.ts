/** Many people who write at once, over the true route: sealed letters, solved puzzles, ticks. What each was told is kept. */
import { randomBytes } from "node:crypto"
import { toHex } from "@kunak/core/bytes/hex"
import { type VerifiedHeader, verifyHeader } from "@kunak/core/edition/verify"
import { sealEnvelope } from "@kunak/core/envelope/envelope"
import { HEADER_BYTES } from "@kunak/core/parameters"
import { sha256 } from "@kunak/core/suite"
import { dummyRoot, type ThreadId, type ThreadRoot, threadIdOf, weekKeyOf } from "@kunak/core/thread/keys"
import { encodeTickRequest, tickAnswerBytes } from "@kunak/core/tick/codec"
import { PuzzleSolver } from "@kunak/core/tick/puzzle"
import { type Week, weekOf } from "@kunak/core/time/instant"
import type { Chance } from "./chance.ts"
import type { Told } from "./oracle.ts"
import { askRelay, type Organisation } from "./organisation.ts"

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))

/** A header so old may have left the five that a relay keeps: then an envelope is dropped without a word (rule Z7), and proves nothing. */
const HEADER_LIFE_MS = 3_000
/** Of one thread a desk keeps 200 messages a day. */
const MESSAGES_OF_A_PERSON = 50
const PAUSE_MS = 25
/** Who hears "busy" comes again later, as a page does: everybody at once would only heat the machine. */
const BUSY_PAUSE_MS = 300

interface Person {
  readonly root: ThreadRoot
  readonly threadId: ThreadId
  written: number
}

async function newPerson(): Promise<Person> {
  const root = dummyRoot(random)
  return { root, threadId: await threadIdOf(root), written: 0 }
}

/** What a relay shows now, asked for anew when it gets old. */
class Known {
  readonly #organisation: Organisation
  readonly #relay: 0 | 1
  #seen: { readonly header: VerifiedHeader; readonly atMs: number } | null = null

  constructor(organisation: Organisation, relay: 0 | 1) {
    this.#organisation = organisation
    this.#relay = relay
  }

  async header(): Promise<VerifiedHeader | null> {
    if (this.#seen && performance.now() - this.#seen.atMs < HEADER_LIFE_MS) return this.#seen.header
    const atMs = performance.now()
    const { status, body } = await askRelay(this.#organisation.wires[this.#relay].port, "GET", "/header")
    if (status !== 200 || body.length !== HEADER_BYTES) return null
    const verified = await verifyHeader(body, this.#organisation.chain)
    this.#seen = verified.ok ? { header: verified.value, atMs } : null
    return this.#seen?.header ?? null
  }
}

export interface Visitors {
  /** Everything that was ever sent, and what was heard of it. */
  readonly told: readonly Told[]
  readonly counts: { sent: number; room: number; busy: number; broken: number; refused: number }
  /** They write no more; resolves when the last has heard. */
  stop(): Promise<void>
}

/** @param count who write at the same time. */
export function letVisitorsWrite(organisation: Organisation, count: number, chance: Chance): Visitors {
  const told: Told[] = []
  const counts = { sent: 0, room: 0, busy: 0, broken: 0, refused: 0 }
  const known = [new Known(organisation, 0), new Known(organisation, 1)] as const
  let isOver = false

  /** @returns null where the relay shows no edition that receives. */
  async function seal(person: Person, relay: 0 | 1, id: Uint8Array, text: string) {
    const verified = await known[relay].header()
    const intake = verified?.intakeKey
    if (!verified || !intake) return null
    const { header } = verified
    const week = weekOf(header.issued)
    const weekKeys = await Promise.all([0, 1, 2].map((i) => weekKeyOf(person.root, (week + i) as Week)))
    const letter = {
      edition: header.id,
      threadId: person.threadId,
      week,
      weekKeys,
      read: [],
      message: { id, text },
    }
    const envelope = await sealEnvelope(intake, organisation.chain.organisationId, letter)
    const headerHash = sha256(verified.bytes)
    const { termKey } = organisation.chain.current.charter.relays[relay]
    const solver = new PuzzleSolver(
      { termKey, headerHash, envelopeHash: sha256(envelope), bits: header.board.puzzleBits },
      random(8),
    )
    let nonce = solver.try(1_000)
    while (!nonce) nonce = solver.try(1_000)
    const log2Rows = header.board.log2Rows
    const masks = [random(2 ** log2Rows / 8), random(2 ** log2Rows / 8)] as const
    const body = encodeTickRequest({
      wantsHeader: false,
      log2Rows,
      headerHash,
      masks,
      posted: { nonce, envelope },
    })
    return { body, bytes: tickAnswerBytes(log2Rows, false) }
  }

  async function post(person: Person, relay: 0 | 1, one: Told): Promise<void> {
    const sealed = await seal(person, relay, Buffer.from(one.messageId, "hex"), one.text)
    if (!sealed) return
    counts.sent += 1
    // Whose answer is lost may try the very same again: it must not stand there twice.
    for (let tries = 0; tries < 2; tries += 1) {
      const { status, body } = await askRelay(organisation.wires[relay].port, "POST", "/tick", sealed.body)
      if (status === 200 && body.length === sealed.bytes) {
        counts[body[0] === 1 ? "room" : "busy"] += 1
        if (body[0] === 1) one.isTold = true
        else await pause(BUSY_PAUSE_MS)
        return
      }
      if (status === 0) counts.broken += 1
      else counts.refused += 1
      if (status !== 0 && status !== 503) one.oddAnswer = status
      await pause(100 + chance.below(200))
    }
  }

  async function visit(): Promise<void> {
    let person = await newPerson()
    while (!isOver) {
      if (person.written >= MESSAGES_OF_A_PERSON) person = await newPerson()
      person.written += 1
      const one: Told = {
        threadId: toHex(person.threadId),
        messageId: toHex(random(8)),
        text: `message ${person.written} of ${toHex(person.threadId).slice(0, 8)}`,
        isTold: false,
        oddAnswer: 0,
      }
      told.push(one)
      const relay = chance.below(2) as 0 | 1
      await post(person, relay, one)
      // Some say it to the other relay as well, as a page does until it is opened.
      if (chance.below(4) === 0 && !isOver) await post(person, (1 - relay) as 0 | 1, one)
      await pause(PAUSE_MS + chance.below(PAUSE_MS))
    }
  }
  const visits = Array.from({ length: count }, () => visit())
  return {
    told,
    counts,
    stop: async () => {
      isOver = true
      await Promise.all(visits)
    },
  }
}
