/** Every decoder with its encoder and a good sample: what is true of one must be of all (rule B5). */

import { concatBytes } from "../bytes/equal.ts"
import { decodeCharter, encodeCharter } from "../charter/codec.ts"
import { decodeCharterChain, encodeCharterChain } from "../charter/verify.ts"
import {
  decodeDelegation,
  decodeDelegationBody,
  encodeDelegation,
  encodeDelegationBody,
} from "../delegation/delegation.ts"
import { decodeBulletin, encodeBulletin } from "../edition/bulletin.ts"
import { decodeHeader, encodeHeaderBody } from "../edition/header.ts"
import { decodePackage, encodePackage } from "../edition/package.ts"
import { decodeLetterCore, encodeLetterCore, type Letter } from "../envelope/letter.ts"
import { decodePayload, encodePayload, makePayload } from "../forward/payload.ts"
import { decodeEntry, encodeEntry } from "../log/entry.ts"
import { decodeVouched, encodeVouched } from "../receipt/receipt.ts"
import {
  decodeRevocation,
  decodeRevocationBody,
  encodeRevocation,
  encodeRevocationBody,
} from "../revocation/revocation.ts"
import { Secret } from "../secret.ts"
import type { ThreadId, WeekKey } from "../thread/keys.ts"
import { decodeTickRequest, encodeTickRequest, type TickRequest } from "../tick/codec.ts"
import type { Week } from "../time/instant.ts"
import { decodeWarning, decodeWarningCore, encodeWarning, encodeWarningCore } from "../warning/codec.ts"
import {
  approvedWarning,
  delegationAt,
  freeWarning,
  makeEdition,
  type Organisation,
  revocationBy,
  SAMPLE_NOW,
  vetoBy,
} from "./organisation.ts"

export interface Decoder {
  readonly name: string
  readonly sample: Uint8Array
  /** Decodes and encodes again; null where the bytes are refused. */
  readonly again: (bytes: Uint8Array) => Uint8Array | null
}

const decoder = <T>(
  name: string,
  sample: Uint8Array,
  decode: (bytes: Uint8Array) => T | null,
  encode: (value: T) => Uint8Array,
): Decoder => ({
  name,
  sample,
  again: (bytes) => {
    const value = decode(bytes)
    return value === null ? null : encode(value)
  },
})

const sampleLetter = ({ random }: Organisation): Letter => ({
  edition: { term: 1, number: 1 },
  threadId: random(16) as ThreadId,
  week: 2560 as Week,
  weekKeys: Array.from({ length: 3 }, () => new Secret(random(32)) as WeekKey),
  read: [16, 32],
  message: { id: random(8), text: "Help, помогите" },
})

const sampleTick = ({ random }: Organisation): TickRequest => ({
  wantsHeader: true,
  log2Rows: 9,
  headerHash: random(32),
  masks: [random(64), random(64)],
  posted: null,
})

export async function allDecoders(organisation: Organisation): Promise<readonly Decoder[]> {
  const { amina, boris, vera, chain, delegations } = organisation
  const approved = await approvedWarning(organisation)
  const free = await freeWarning(organisation)
  const revocations = [await revocationBy(organisation, [vera.publicKey], [amina, boris])]
  const vetoes = [await vetoBy(organisation, free, 1)]
  const { header, bulletinBytes, bulletin } = await makeEdition(organisation, {
    warnings: [approved, free],
    revocations,
    vetoes,
  })
  const [link] = decodeCharterChain(chain.bytes) ?? []
  const delegation = delegationAt(organisation, SAMPLE_NOW)
  const signed = decodeDelegation(delegation.bytes)
  const [revocation] = revocations
  const file = (name: string) => ({ name, bytes: Uint8Array.of(1, 2, 3) })
  const files = ["page.web.html", "page.onion.html", "feed.atom", "board", "bulletin"].map(file)
  if (!link || !signed || !revocation) throw new RangeError("a sample is missing")
  const signedRevocation = decodeRevocation(revocation.bytes)
  if (!signedRevocation) throw new RangeError("a sample is missing")
  return [
    decoder("charter", link.body, decodeCharter, encodeCharter),
    decoder("charter chain", chain.bytes, decodeCharterChain, encodeCharterChain),
    decoder("delegation", delegation.bytes, decodeDelegation, encodeDelegation),
    decoder("delegation body", signed.body, decodeDelegationBody, encodeDelegationBody),
    decoder("revocation", revocation.bytes, decodeRevocation, encodeRevocation),
    decoder("revocation body", signedRevocation.body, decodeRevocationBody, encodeRevocationBody),
    decoder("approved core", approved.signed.body, decodeWarningCore, encodeWarningCore),
    decoder("free core", free.signed.body, decodeWarningCore, encodeWarningCore),
    decoder("warning", encodeWarning(free.signed), decodeWarning, encodeWarning),
    decoder("vouched list", bulletin.vouched, decodeVouched, encodeVouched),
    decoder("bulletin", bulletinBytes, decodeBulletin, encodeBulletin),
    decoder("header", header, decodeHeader, ({ header: fields, signature }) => {
      const body = encodeHeaderBody(fields)
      return body ? concatBytes(body, signature) : new Uint8Array()
    }),
    decoder("package", encodePackage({ header, files }), decodePackage, encodePackage),
    decoder("payload", encodePayload(makePayload(free, "ru", delegations)), decodePayload, encodePayload),
    decoder("letter", encodeLetterCore(sampleLetter(organisation)), decodeLetterCore, (letter) =>
      encodeLetterCore(letter),
    ),
    decoder(
      "tick request",
      encodeTickRequest(sampleTick(organisation)),
      decodeTickRequest,
      encodeTickRequest,
    ),
    decoder("log entry", encodeEntry({ kind: "warning", warning: free.signed }), decodeEntry, encodeEntry),
  ]
}
