/** Every secret of the ceremony: enrolments of all roles, signers' keys, the key by which relay A gives terms. */
import type { Capabilities, Enrolment } from "@kunak/core/enrolment/enrolment"
import { reveal, type Secret } from "@kunak/core/secret"
import type { Ceremony } from "../../ceremony/ceremony.ts"
import type { Canary, Holder } from "./canary.ts"
import { CAPABILITIES, ENROLMENT } from "./protocol-fields.ts"

export function ceremonyCanaries({ signers, officers, duties, relays }: Ceremony): readonly Canary[] {
  return [
    ...signers.map(({ seed }, i) => key(`signer ${i + 1}: seed`, seed, [])),
    ...[...officers, ...duties].flatMap(enrolmentCanaries),
    // Made for both, and given to relay A alone.
    ...relays.map(({ termKey }, i) =>
      key(`term key of relay ${"AB"[i]}`, termKey.seed, i === 0 ? ["relay"] : []),
    ),
  ]
}

function enrolmentCanaries({ role, label, seed, staffKey, lineKey, relays }: Enrolment): readonly Canary[] {
  const may = (field: keyof Enrolment): readonly Holder[] => mayOf(ENROLMENT[field])
  return [
    // A duty's own stands in its own enrolment, in the clear.
    key(`enrolment.seed of ${label}`, seed, role === "duty" ? ["duty"] : may("seed")),
    ...(staffKey ? [key("enrolment.staffKey", staffKey, may("staffKey"))] : []),
    key("enrolment.lineKey", lineKey, may("lineKey")),
    ...relays.flatMap((capabilities, i) =>
      (Object.keys(CAPABILITIES) as (keyof Capabilities)[]).flatMap((name) => {
        const capability = capabilities[name]
        return capability
          ? [key(`capabilities.${name} of relay ${"AB"[i]}`, capability, mayOf(CAPABILITIES[name]))]
          : []
      }),
    ),
  ]
}

const mayOf = (holding: (typeof ENROLMENT)[keyof Enrolment]): readonly Holder[] =>
  holding.kind === "key" ? holding.may : []

const key = (field: string, secret: Secret<Uint8Array>, may: readonly Holder[]): Canary => ({
  field,
  kind: "key",
  value: reveal(secret).slice(),
  may,
})
