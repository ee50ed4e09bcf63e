/** What a page does before it believes anything: verify an edition. */
import { verifyEdition } from "@kunak/core/edition/verify"
import { verifySignature } from "@kunak/core/suite"
import type { MadeEdition, Organisation } from "@kunak/core/testing/organisation"
import { freeWarning, makeEdition, makeOrganisation } from "@kunak/core/testing/organisation"
import { median, type Row, row } from "./row.ts"

const ROUNDS = 5
const REPEATS = 20

/** Milliseconds a call, median of rounds. */
async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const rounds: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    const start = performance.now()
    for (let i = 0; i < REPEATS; i++) await work()
    rounds.push((performance.now() - start) / REPEATS)
  }
  return median(rounds)
}

export async function editionBench(): Promise<Row[]> {
  const organisation = await makeOrganisation()
  const of = async (count: number): Promise<MadeEdition> => {
    const warnings = []
    for (let i = 0; i < count; i++) warnings.push(await freeWarning(organisation))
    return await makeEdition(organisation, { warnings })
  }
  const [one, five, fifty] = [await of(1), await of(5), await of(50)]
  const time = (made: MadeEdition) => milliseconds(() => verifyEdition(made.header, made.bulletinBytes, null))
  const [ms1, ms5, ms50] = [await time(one), await time(five), await time(fifty)]
  // Signatures in it: 2 of the charter, 2 of the delegation in header and in bulletin each, duty, receipt, 2 a warning.
  const signatures = 2 + 4 + 1 + 1 + 2 * 5
  const bare = await bareSignature(organisation, five)
  return [
    row({
      id: "edition.verify",
      what: "verify an edition with five free warnings, all signatures included",
      value: ms5,
      unit: "ms",
      beside: `${signatures} bare Ed25519 verifications on this platform`,
      besideValue: bare * signatures,
      goal: 2,
      direction: "lower is better",
      slope: `1, 5, 50 warnings: ${ms1.toFixed(1)}, ${ms5.toFixed(1)}, ${ms50.toFixed(1)} ms; grows with the number of signatures.`,
    }),
  ]
}

const bareSignature = (organisation: Organisation, made: MadeEdition): Promise<number> => {
  const key = organisation.duties[0].publicKey
  const body = made.header.slice(0, -64)
  const signature = made.header.slice(-64)
  return milliseconds(() => verifySignature(key, body, signature))
}
