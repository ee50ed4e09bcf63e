/** A paper with enough signatures, as the objects that go out. Verified once more as any reader will verify them. */
import type { CharterChain } from "@kunak/core/charter/charter"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import { encodeDelegation, verifyDelegation } from "@kunak/core/delegation/delegation"
import type { Entry } from "@kunak/core/log/entry"
import type { Result } from "@kunak/core/result"
import { encodeRevocation, verifyRevocation } from "@kunak/core/revocation/revocation"
import { verifyWarning } from "@kunak/core/warning/verify"
import { encodeVeto, verifyVeto } from "@kunak/core/warning/veto"
import { Failure } from "../failure.ts"
import { extendedChain, isComplete, type JudgedPaper } from "./judge.ts"
import type { PaperObject } from "./paper.ts"
import { count, signerList } from "./words.ts"

export interface FinishedPaper {
  /** With the new charter, where the paper is one. */
  readonly chain: CharterChain
  readonly delegations: readonly Uint8Array[]
  /** For the staff log, in this order. */
  readonly entries: readonly Entry[]
  /** Goes straight to both relays, too. */
  readonly revocation: Uint8Array | null
}

/** @throws Failure while signatures are missing (rule Y5), saying how many and whose there are. */
export async function finishPaper(judged: JudgedPaper): Promise<FinishedPaper> {
  if (!isComplete(judged))
    throw new Failure(`${stillMissing(judged)} Nothing was sent.`, "too-few-signatures", 1)
  const { content, paper } = judged
  const [first] = paper.objects as readonly [PaperObject, ...PaperObject[]]
  const chain =
    content.kind === "charter"
      ? must(await verifyCharterChain(extendedChain(judged.chain, first), judged.chain.organisationId))
      : judged.chain
  const delegations: Uint8Array[] = []
  for (const { domain, body, signatures } of paper.objects) {
    if (domain === "delegation")
      delegations.push(must(await verifyDelegation(encodeDelegation({ body, signatures }), chain)).bytes)
  }
  const finished = { chain, delegations, revocation: null }
  const weeks = delegations.map((bytes): Entry => ({ kind: "delegation", bytes }))
  switch (content.kind) {
    case "delegations":
      return { ...finished, entries: weeks }
    case "charter":
      // The charter first: its signers delegate the weeks.
      return { ...finished, entries: [{ kind: "charter", chain: chain.bytes }, ...weeks] }
    case "veto": {
      const { bytes } = must(await verifyVeto(encodeVeto(first.body, first.signatures), chain))
      return { ...finished, entries: [{ kind: "veto", bytes }] }
    }
    case "revocation": {
      const { bytes } = must(await verifyRevocation(encodeRevocation(first), chain, []))
      return { ...finished, entries: [{ kind: "revocation", bytes }], revocation: bytes }
    }
    case "all-clear":
    case "all-clear-proposal": {
      const { body, signatures, texts } = first
      const authority = { chain, delegations: [], revocations: [] }
      const { signed } = must(await verifyWarning({ body, signatures, texts }, authority))
      return { ...finished, entries: [{ kind: "warning", warning: signed }] }
    }
  }
}

/** `judgePaper` has looked at everything that this refuses: what still fails was not foreseen, and is not sent. */
function must<T>(result: Result<T, { readonly kind: string }>): T {
  if (result.ok) return result.value
  throw new Failure(
    `The finished paper does not verify (${result.error.kind}): it was not sent.`,
    result.error.kind,
    1,
  )
}

/** "It needs one more signature of …": for people. */
export function stillMissing({ own, previous }: JudgedPaper): string {
  const missing = (bench: typeof own, whose: string): string => {
    const left = bench.needed - bench.signed.length
    return left <= 0
      ? ""
      : `It still needs ${count(left, "signature")} of ${whose} (signed so far: ${signerList(bench.signed)}).`
  }
  return [
    previous ? missing(previous, "the charter in force") : "",
    missing(own, previous ? "the new charter" : "the charter"),
  ]
    .filter((sentence) => sentence !== "")
    .join(" ")
}
