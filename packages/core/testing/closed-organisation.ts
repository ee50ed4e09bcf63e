/** The synthetic organisation's last charter: closed, signed by enough of those who sign (rule C8). */
import type { CharterChain } from "../charter/charter.ts"
import { encodeCharter } from "../charter/codec.ts"
import { decodeCharterChain, encodeCharterChain, verifyCharterChain } from "../charter/verify.ts"
import { must } from "../result.ts"
import type { Instant } from "../time/instant.ts"
import { type Organisation, signaturesOf } from "./organisation.ts"

export async function closedChain(
  { chain, charter, signers }: Organisation,
  issued: Instant,
  notice = "Turn to the other line.",
): Promise<CharterChain> {
  const body = encodeCharter({
    ...charter,
    closed: true,
    sequence: charter.sequence + 1,
    previous: chain.current.hash,
    issued,
    languages: charter.languages.map((language) => ({ ...language, contact: notice })),
    wordings: [],
  })
  const signatures = await signaturesOf("charter", body, signers, charter.threshold)
  const links = decodeCharterChain(chain.bytes) ?? []
  return must(
    await verifyCharterChain(
      encodeCharterChain([...links, { body, byPrevious: signatures, byOwn: signatures }]),
      chain.organisationId,
    ),
  )
}
