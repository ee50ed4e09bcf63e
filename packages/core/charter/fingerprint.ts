import { toBase32 } from "../bytes/base32.ts"
import type { OrganisationId } from "./charter.ts"

/** Bytes of the organisation id that people compare: 160 bits leave no second organisation to be found. */
const FINGERPRINT_BYTES = 20

/** Eight groups of four letters, as printed: "abcd efgh …". */
export const fingerprint = (id: OrganisationId): string =>
  (toBase32(id.subarray(0, FINGERPRINT_BYTES)).match(/.{4}/g) ?? []).join(" ")

/** Whether typed letters are this organisation's fingerprint: case, spaces and hyphens do not matter. */
export const isFingerprintOf = (typed: string, id: OrganisationId): boolean =>
  typed.toLowerCase().replace(/[\s-]/g, "") === fingerprint(id).replaceAll(" ", "")
