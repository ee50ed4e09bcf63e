/** What desks and duty do with envelopes and replies, as far as a visit notices it. */
import type { LiveThread } from "@kunak/core/board/make-board"
import { type Part, sealPart } from "@kunak/core/board/part"
import { openEnvelope, parseEnvelope } from "@kunak/core/envelope/envelope"
import type { Letter } from "@kunak/core/envelope/letter"
import { MAX_PART_TEXT_BYTES } from "@kunak/core/parameters"
import { kemOpener } from "@kunak/core/suite"
import { type Organisation, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { splitText } from "@kunak/core/text/split-text"
import {
  placingKeysOf,
  replyKeyOf,
  type ThreadId,
  type ThreadRoot,
  threadIdOf,
  type WeekKey,
  weekKeyOf,
} from "@kunak/core/thread/keys"
import { plusSeconds, weekOf } from "@kunak/core/time/instant"
import type { TestIntake } from "@kunak/relay/testing/hotline"

const random = seededRandom("a desk")

/** The letters in these envelopes; null for one that the key does not open. */
export async function openLetters(
  envelopes: readonly Uint8Array[],
  intake: TestIntake,
  { chain }: Organisation,
): Promise<readonly (Letter | null)[]> {
  const opener = await kemOpener(intake.seed)
  return await Promise.all(
    envelopes.map(async (bytes) => {
      const envelope = parseEnvelope(bytes)
      return envelope && (await openEnvelope(envelope, opener, chain.organisationId))
    }),
  )
}

/** Parts of a reply as a desk would write them: sequences from 16 on. */
export function partsOf(text: string, change: Partial<Part> = {}): readonly Part[] {
  const pieces = splitText(text, MAX_PART_TEXT_BYTES)
  const replyId = random(8)
  return pieces.map((piece, place) => ({
    sequence: 16 * (place + 1),
    replyId,
    place,
    parts: pieces.length,
    written: SAMPLE_NOW,
    expires: plusSeconds(SAMPLE_NOW, 86_400),
    opened: [],
    openedAt: SAMPLE_NOW,
    text: piece,
    ...change,
  }))
}

/** Under the reply key of a week, as its desk seals each once. */
export async function sealParts(
  threadId: ThreadId,
  weekKey: WeekKey,
  parts: readonly Part[],
): Promise<readonly Uint8Array[]> {
  const replyKey = await replyKeyOf(weekKey)
  return await Promise.all(parts.map((part) => sealPart(part, threadId, replyKey, random)))
}

/** Sealed in the week of SAMPLE_NOW, ready for a board. */
export async function liveThread(root: ThreadRoot, parts: readonly Part[]): Promise<LiveThread> {
  const weekKey = await weekKeyOf(root, weekOf(SAMPLE_NOW))
  const sealed = await sealParts(await threadIdOf(root), weekKey, parts)
  return { keys: await placingKeysOf(weekKey), parts: sealed }
}
