/** A seized duty goes on making editions, with an intake key and a receipt that it forged: what does a browser say? */
import { randomBytes } from "node:crypto"
import { setTimeout as sleep } from "node:timers/promises"
import { equalBytes } from "@kunak/core/bytes/equal"
import { decodeHeader } from "@kunak/core/edition/header"
import { windowOf } from "@kunak/core/intake/intake-key"
import { encodeVouched } from "@kunak/core/receipt/receipt"
import { reveal } from "@kunak/core/secret"
import { signingKeyFromSeed } from "@kunak/core/suite"
import { instantFromMs, weekOf } from "@kunak/core/time/instant"
import { makeOutgoing } from "@kunak/desk/platform/outgoing"
import { Duty } from "@kunak/duty/duty"
import { relayClient } from "@kunak/duty/relay-client"
import { loadTemplate } from "@kunak/page/template-file"
import type { Forged } from "./duty-forges.ts"
import type { SeizedDuty } from "./seized-duty.ts"

const ATTEMPTS = 12
const PAUSE_MS = 8_000

/**
 * refused: a relay did not take it. without: it was taken, and what was forged is not in the header that is served, so that no browser could meet
 * it. Else both relays serve it: its signature is right, and they can't tell.
 */
export type Publication = "refused" | "without" | "served"

export async function publishForged(
  { enrolment, memory }: SeizedDuty,
  forged: Forged,
  nowMs: () => number,
): Promise<Publication> {
  const { line } = memory
  const { relays } = line.chain.current.charter
  const outgoing = makeOutgoing(() => null)
  const now = instantFromMs(nowMs())
  const delegation = line.delegations.find(({ week }) => week === weekOf(now))
  // As its own program would refuse to remember them: unverified.
  const intake = { window: windowOf(now), delegationHash: delegation?.hash, bytes: forged.intake }
  const clients = [
    relayClient(relays[0], enrolment.relays[0], outgoing),
    relayClient(relays[1], enrolment.relays[1], outgoing),
  ] as const
  const duty = new Duty(
    {
      key: signingKeyFromSeed("duty", reveal(enrolment.seed)),
      relays: clients,
      logKeys: { line: enrolment.lineKey },
      template: await loadTemplate(),
      random: (length) => new Uint8Array(randomBytes(length)),
      now: () => instantFromMs(nowMs()),
      save: async () => {},
    },
    {
      ...memory,
      line: {
        ...line,
        lease: null,
        intakeKeys: [intake as never],
        receipt: { receipt: { bytes: forged.receipt } as never, vouched: encodeVouched([]) },
      },
    },
  )
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const outcome = await duty.tick()
    if (outcome.kind === "published" && outcome.relays.every((problem) => problem === null)) {
      const carries = await Promise.all(clients.map((client) => carriesForged(client, forged)))
      return carries.every(Boolean) ? "served" : "without"
    }
    // The other duty had the lease: it runs out.
    await sleep(PAUSE_MS)
  }
  return "refused"
}

async function carriesForged(client: ReturnType<typeof relayClient>, forged: Forged): Promise<boolean> {
  const served = await client.header()
  const header = served.ok && served.value ? decodeHeader(served.value)?.header : null
  return (
    header != null &&
    equalBytes(header.intakeKey, forged.intake) &&
    equalBytes(header.receipt, forged.receipt)
  )
}
