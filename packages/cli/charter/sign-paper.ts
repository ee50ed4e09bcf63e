import { equalBytes } from "@kunak/core/bytes/equal"
import { fingerprint } from "@kunak/core/charter/fingerprint"
import { MAX_SIGNATURES, signBody, withSignature } from "@kunak/core/signature/signed"
import type { Instant } from "@kunak/core/time/instant"
import type { SignerKey } from "../ceremony/signer-key.ts"
import { Failure } from "../failure.ts"
import type { JudgedPaper } from "./judge.ts"
import type { Paper, PaperObject } from "./paper.ts"
import { signerList } from "./words.ts"

/** The paper with one signer's signature on all of it. @throws Failure when it is not theirs to sign (rules Y4, Y6). */
export async function signPaper(judged: JudgedPaper, signer: SignerKey, now: Instant): Promise<Paper> {
  const { organisationId } = judged.chain
  if (signer.organisationId && !equalBytes(signer.organisationId, organisationId)) {
    throw new Failure(
      `This paper is another organisation's: its fingerprint is ${fingerprint(organisationId)}, and your key is for ${fingerprint(signer.organisationId)}.`,
      "wrong-organisation",
      1,
    )
  }
  requireInTime(judged, now)
  const own = seat(judged.own, signer)
  const previous = judged.previous && seat(judged.previous, signer)
  const seats = [own, previous].filter((taken) => taken !== null)
  if (seats.length === 0) {
    throw new Failure(
      "This key is not among the signers whom the paper asks: they are those of the charter in it. 'kunak charter show' on the paper lists them.",
      "foreign-signer",
      1,
    )
  }
  if (seats.every(({ hasSigned }) => hasSigned)) {
    throw new Failure(
      `You have signed this paper already, as ${signerList(seats.slice(0, 1).map(({ index }) => index))}: each signs once. Pass it on.`,
      "already-signed",
      1,
    )
  }
  if (judged.paper.kind === "veto" || seats.every((taken) => taken.hasSigned || taken.isFull)) {
    throw new Failure("This paper has all the signatures that it can carry: send it.", "enough-signatures", 1)
  }
  const open = (taken: Seat | null): taken is Seat => taken !== null && !taken.hasSigned && !taken.isFull
  const objects = await Promise.all(
    judged.paper.objects.map(async (object): Promise<PaperObject> => {
      const signature = await signBody(object.domain, object.body, signer.key)
      const signatures = open(own)
        ? withSignature(object.signatures, { index: own.index, signature })
        : object.signatures
      const byPrevious =
        object.domain === "charter" && open(previous)
          ? withSignature(object.byPrevious, { index: previous.index, signature })
          : object.byPrevious
      return { ...object, signatures, byPrevious }
    }),
  )
  return { ...judged.paper, objects }
}

interface Seat {
  readonly index: number
  readonly hasSigned: boolean
  readonly isFull: boolean
}

function seat(bench: JudgedPaper["own"], { key }: SignerKey): Seat | null {
  const index = bench.keys.findIndex((named) => equalBytes(named, key.publicKey))
  const { signed } = bench
  return index < 0
    ? null
    : { index, hasSigned: signed.includes(index), isFull: signed.length >= MAX_SIGNATURES }
}

/** Nobody signs what has run out: it would be refused by every reader. */
export function requireInTime({ content, chain }: JudgedPaper, now: Instant): void {
  const { charter } = chain.current
  const late = (what: string): Failure => new Failure(`${what}: begin a new paper.`, "too-late", 1)
  if (now >= charter.expires && content.kind !== "charter")
    throw late("The charter has expired, and with it what its signers can say")
  if ((content.kind === "all-clear-proposal" || content.kind === "all-clear") && now >= content.core.expires)
    throw late("The time of this all-clear is over")
  if (content.kind === "charter" && now >= content.charter.expires) throw late("The new charter has expired")
}
