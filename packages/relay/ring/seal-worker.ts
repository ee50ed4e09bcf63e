/**
 * The thread that makes a new ring's dummies: true seals, of a letter with nothing to say, to keys that nobody
 * keeps. Asked for a count, it gives so many envelopes in one buffer; asked for none, it ends.
 */
import { parentPort, workerData } from "node:worker_threads"
import type { OrganisationId } from "@kunak/core/charter/charter"
import { sealEnvelope } from "@kunak/core/envelope/envelope"
import { KEY_ID_BYTES, type Letter } from "@kunak/core/envelope/letter"
import { ENVELOPE_BYTES } from "@kunak/core/parameters"
import { erase, Secret } from "@kunak/core/secret"
import { makeKemKey } from "@kunak/core/suite"
import type { ThreadId, WeekKey } from "@kunak/core/thread/keys"
import type { Week } from "@kunak/core/time/instant"

const organisationId = workerData as OrganisationId
const random = (bytes: number): Uint8Array => crypto.getRandomValues(new Uint8Array(bytes))

/** @returns `count` envelopes, one after the other. */
async function makeDummies(count: number): Promise<Uint8Array> {
  const { publicKey, seed } = await makeKemKey(random)
  // Only the public half is needed, and nobody shall ever have had the other longer than this line.
  erase(seed)
  const to = { keyId: random(KEY_ID_BYTES), publicKey }
  const weekKeys = [0, 1, 2].map(() => new Secret(random(32)) as WeekKey)
  const dummies = new Uint8Array(count * ENVELOPE_BYTES)
  for (let i = 0; i < count; i++) {
    const letter: Letter = {
      edition: { term: 0, number: 0 },
      threadId: random(16) as ThreadId,
      week: 0 as Week,
      weekKeys,
      read: [],
      message: null,
    }
    dummies.set(await sealEnvelope(to, organisationId, letter), i * ENVELOPE_BYTES)
  }
  return dummies
}

parentPort?.on("message", (count: number) => {
  if (count === 0) {
    parentPort?.close()
    return
  }
  void makeDummies(count).then((dummies) => {
    parentPort?.postMessage(dummies, [dummies.buffer as ArrayBuffer])
  })
})
