/** What a page sends in its ticks, with the synthetic organisation's intake key. */
import type { EditionId } from "@kunak/core/edition/header"
import { type SealTo, sealEnvelope } from "@kunak/core/envelope/envelope"
import type { Letter } from "@kunak/core/envelope/letter"
import { type IntakeKey, signIntakeKey, verifyIntakeKey, windowOf } from "@kunak/core/intake/intake-key"
import { must } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import { makeKemKey, sha256 } from "@kunak/core/suite"
import { delegationAt, type Organisation, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import type { ThreadId, WeekKey } from "@kunak/core/thread/keys"
import { encodeTickRequest, type TickRequest } from "@kunak/core/tick/codec"
import { PuzzleSolver } from "@kunak/core/tick/puzzle"
import { type Instant, weekOf } from "@kunak/core/time/instant"

const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes))

export interface TestIntake {
  readonly key: IntakeKey
  readonly seed: Secret<Uint8Array>
}

/** An intake key of the window of `time`, signed by Amina. */
export async function makeIntake(
  organisation: Organisation,
  time: Instant = SAMPLE_NOW,
): Promise<TestIntake> {
  const { publicKey, seed } = await makeKemKey(organisation.random)
  const delegation = delegationAt(organisation, time)
  const bytes = await signIntakeKey(publicKey, windowOf(time), organisation.amina, delegation)
  return { key: must(await verifyIntakeKey(bytes, [delegation], [])), seed }
}

/** A letter with nothing to say, or with `text`. */
export const sampleLetter = (text: string | null, time: Instant, edition: EditionId): Letter => ({
  edition,
  threadId: random(16) as ThreadId,
  week: weekOf(time),
  weekKeys: [0, 1, 2].map(() => new Secret(random(32)) as WeekKey),
  read: [],
  message: text === null ? null : { id: random(8), text },
})

export const sealSample = async (
  organisation: Organisation,
  to: SealTo,
  text: string | null = null,
): Promise<Uint8Array> =>
  await sealEnvelope(
    to,
    organisation.chain.organisationId,
    sampleLetter(text, SAMPLE_NOW, { term: 1, number: 1 }),
  )

/** Solves the puzzle for an envelope. @param termKey of the relay that it goes to. */
export function solve(
  termKey: Uint8Array,
  headerHash: Uint8Array,
  envelope: Uint8Array,
  bits: number,
): Uint8Array {
  const puzzle = { termKey, headerHash, envelopeHash: sha256(envelope), bits }
  const solver = new PuzzleSolver(puzzle, random(8))
  for (;;) {
    const nonce = solver.try(1_000)
    if (nonce) return nonce
  }
}

/** A tick of 512 rows with random masks; the rest as given. */
export const tickBytes = (change: Partial<TickRequest>): Uint8Array => {
  const log2Rows = change.log2Rows ?? 9
  return encodeTickRequest({
    wantsHeader: false,
    log2Rows,
    headerHash: random(32),
    masks: [random(2 ** log2Rows / 8), random(2 ** log2Rows / 8)],
    posted: null,
    ...change,
  })
}
