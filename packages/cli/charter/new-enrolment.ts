import { stat } from "node:fs/promises"
import { toHex } from "@kunak/core/bytes/hex"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import { type Enrolment, encodeEnrolment } from "@kunak/core/enrolment/enrolment"
import type { PublicKey, Random } from "@kunak/core/keys"
import { makeSigningKey } from "@kunak/core/suite"
import { sealAge } from "../ceremony/age-file.ts"
import { Failure } from "../failure.ts"
import { SHORTEST } from "../terminal.ts"
import { requireOpen } from "./close.ts"
import { writeNew } from "./files.ts"
import type { Known } from "./known.ts"

/**
 * An enrolment for somebody who joins after the founding: a key of its own, and what all of its role share (the log's keys, the
 * relays' capabilities) from an enrolment that is there already. The key may do nothing until the signers delegate it.
 *
 * @throws Failure for another organisation's enrolment, a closed organisation, a file that is there, a short passphrase.
 */
export async function makeEnrolmentFile(
  path: string,
  like: Enrolment,
  known: Known,
  options: {
    /** Of an officer's file; a duty's has none, for it must start by itself. */
    readonly passphrase: () => Promise<string>
    readonly random: Random
    readonly workFactor?: number
  },
): Promise<PublicKey<"officer" | "duty">> {
  await requireSame(like, known)
  requireOpen(known.chain.current.charter)
  if (await stat(path).catch(() => null))
    throw new Failure(`${path} is there already, and is not overwritten: name another file.`, "exists")
  const key = makeSigningKey(like.role, options.random)
  const clear = encodeEnrolment({
    ...like,
    label: `${like.role} ${toHex(key.publicKey).slice(0, 8)}`,
    seed: key.seed,
    charterChain: known.chain.bytes,
    delegations: known.delegations.map(({ bytes }) => bytes),
  })
  const content = like.role === "duty" ? clear : await sealed(clear, options)
  await writeNew(path, content, 0o600)
  return key.publicKey
}

async function requireSame(like: Enrolment, { chain }: Known): Promise<void> {
  const own = await verifyCharterChain(like.charterChain, chain.organisationId)
  if (!own.ok)
    throw new Failure(
      `The enrolment given with --like is of another organisation than --from (${own.error.kind}).`,
      "wrong-organisation",
      1,
    )
}

async function sealed(
  clear: string,
  { passphrase, workFactor }: { readonly passphrase: () => Promise<string>; readonly workFactor?: number },
): Promise<Uint8Array> {
  const typed = await passphrase()
  if (typed.length < SHORTEST)
    throw new Failure(`A passphrase has at least ${SHORTEST} letters.`, "short-passphrase")
  return await sealAge(clear, typed, workFactor)
}
