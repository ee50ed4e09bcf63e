/** A hotline on a real relay: one edition with an intake key, ticks over HTTP, and what a desk reads. */
import { ByteReader } from "@kunak/core/bytes/reader"
import { ByteWriter } from "@kunak/core/bytes/writer"
import { ENVELOPE_BYTES } from "@kunak/core/parameters"
import { sha256 } from "@kunak/core/suite"
import { makeEdition } from "@kunak/core/testing/organisation"
import { type Posted, tickAnswerBytes } from "@kunak/core/tick/codec"
import { instantFromMs } from "@kunak/core/time/instant"
import { makeIntake, sealSample, solve, tickBytes } from "./hotline.ts"
import { TEST_SLOTS } from "./memory-store.ts"
import { organisationOfToday, type RelayProcess } from "./relay-process.ts"
import { makePublication } from "./test-relay.ts"

const PUZZLE_BITS = 8

export interface Hotline {
  /** Body of the publication: any number of relays take it. */
  readonly publication: Uint8Array
  readonly headerHash: Uint8Array
  /** Solved for relay A. */
  readonly seal: (text?: string) => Promise<Posted>
}

export async function makeHotline(): Promise<Hotline> {
  const organisation = await organisationOfToday()
  const issued = instantFromMs(Date.now())
  const intake = await makeIntake(organisation, issued)
  const edition = { id: { term: 1, number: 1 }, issued, intakeKey: intake.key.bytes }
  const headerHash = sha256((await makeEdition(organisation, edition)).header)
  const { termKey } = organisation.charter.relays[0]
  return {
    publication: await makePublication(organisation, edition),
    headerHash,
    seal: async (text) => {
      const envelope = await sealSample(organisation, intake.key, text ?? null)
      return { envelope, nonce: solve(termKey, headerHash, envelope, PUZZLE_BITS) }
    },
  }
}

/**
 * @returns whether there was room; null where nobody told: the connection broke, or the envelope may be stored and may not.
 * @throws Error for an answer of any other form.
 */
export async function tick(
  relay: RelayProcess,
  hotline: Hotline,
  posted: Posted | null,
): Promise<boolean | null> {
  const body = tickBytes({ headerHash: hotline.headerHash, posted })
  const heard = await relay.ask({ method: "POST", path: "/tick" }, body)
  if (heard.status === 0 || (heard.status === 503 && heard.body.length === 0)) return null
  if (heard.status !== 200 || heard.body.length !== tickAnswerBytes(9, false)) {
    throw new Error(`the tick was answered ${heard.status}, ${heard.body.length} bytes`)
  }
  return heard.body[0] === 1
}

/** Every envelope behind the first fill, as a desk reads them. */
export async function readPosted(relay: RelayProcess): Promise<Buffer[]> {
  const found: Buffer[] = []
  for (;;) {
    const from = TEST_SLOTS + found.length
    const { body } = await relay.post("/ring/read", "read", new ByteWriter().u64(from).u16(64).bytes())
    const page = new ByteReader(new Uint8Array(body))
    const head = page.u64()
    page.u64()
    page.u64()
    while (page.left > 0) found.push(Buffer.from(page.take(ENVELOPE_BYTES)))
    if (TEST_SLOTS + found.length >= head) return found
  }
}

/** How often each of these stands among the envelopes. */
export const countsIn = (found: readonly Buffer[], wanted: readonly Posted[]): number[] => {
  const counts = new Map<string, number>()
  for (const bytes of found) {
    const mark = bytes.toString("base64")
    counts.set(mark, (counts.get(mark) ?? 0) + 1)
  }
  return wanted.map(({ envelope }) => counts.get(Buffer.from(envelope).toString("base64")) ?? 0)
}
