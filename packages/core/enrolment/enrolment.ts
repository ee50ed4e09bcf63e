/**
 * What an officer's desk or a duty is given at its enrolment, face to face: docs/protocol.md §16. JSON, because
 * it travels inside an age file (https://age-encryption.org/v1) that other tools can open.
 */
import { fromBase64, toBase64 } from "../bytes/base64.ts"
import { LOG_KEY_BYTES } from "../log/cell.ts"
import { err, ok, type Result } from "../result.ts"
import { erase, reveal, Secret } from "../secret.ts"

/** Bearer secrets of one relay, role-wide (rule T3), 32 bytes each; null where the role does not have them. */
export interface Capabilities {
  readonly read: Secret<Uint8Array> | null
  readonly append: Secret<Uint8Array> | null
  /** Lets envelopes be overwritten: officers only, or a seized duty could (rule M2). */
  readonly acknowledge: Secret<Uint8Array> | null
  readonly publish: Secret<Uint8Array> | null
}

export interface Enrolment {
  readonly role: "officer" | "duty"
  /** A label, not a name: "officer 1". */
  readonly label: string
  readonly charterChain: Uint8Array
  readonly delegations: readonly Uint8Array[]
  /** Ed25519 seed of the officer or duty key. */
  readonly seed: Secret<Uint8Array>
  /** Null for a duty: it reads no drafts. */
  readonly staffKey: Secret<Uint8Array> | null
  readonly lineKey: Secret<Uint8Array>
  /** Relay A, relay B. */
  readonly relays: readonly [Capabilities, Capabilities]
}

const secret64 = (secret: Secret<Uint8Array> | null): string | null => secret && toBase64(reveal(secret))

/** The clear text of an enrolment: to be sealed into an age file at once, never written as it is. */
export function encodeEnrolment(enrolment: Enrolment): string {
  const capabilities = ({ read, append, acknowledge, publish }: Capabilities) => ({
    read: secret64(read),
    append: secret64(append),
    acknowledge: secret64(acknowledge),
    publish: secret64(publish),
  })
  return JSON.stringify({
    kunak: "enrolment",
    version: 1,
    role: enrolment.role,
    label: enrolment.label,
    charterChain: toBase64(enrolment.charterChain),
    delegations: enrolment.delegations.map(toBase64),
    seed: secret64(enrolment.seed),
    staffKey: secret64(enrolment.staffKey),
    lineKey: secret64(enrolment.lineKey),
    relays: enrolment.relays.map(capabilities),
  })
}

/** Overwrites its secrets, once they are where they belong. The text that they were read from stays: script can't wipe strings. */
export function eraseEnrolment({ seed, staffKey, lineKey, relays }: Enrolment): void {
  const capabilities = relays.flatMap((one) => [one.read, one.append, one.acknowledge, one.publish])
  for (const secret of [seed, staffKey, lineKey, ...capabilities]) if (secret) erase(secret)
}

export type EnrolmentError = { readonly kind: "malformed-enrolment" }

/** Signatures inside are verified by whoever enrols; here only the form is. */
export function decodeEnrolment(text: string): Result<Enrolment, EnrolmentError> {
  const malformed = err({ kind: "malformed-enrolment" } as const)
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return malformed
  }
  const object = record(json)
  const relays = Array.isArray(object.relays) ? object.relays.map(record) : []
  const [a, b] = relays
  const chain = bytes64(object.charterChain)
  const delegations = Array.isArray(object.delegations) ? object.delegations.map(bytes64) : [null]
  const seed = key(object.seed)
  const lineKey = key(object.lineKey)
  const { role, label } = object
  const known =
    object.kunak === "enrolment" && object.version === 1 && (role === "officer" || role === "duty")
  if (!known || typeof label !== "string" || !chain || !seed || !lineKey || !a || !b || relays.length > 2)
    return malformed
  if (delegations.some((item) => item === null)) return malformed
  const staffKey = optionalKey(object.staffKey)
  const capabilities = [capabilitiesFrom(a), capabilitiesFrom(b)]
  // Rule M2: a duty reads no drafts and acknowledges no envelope; an officer publishes no edition.
  const [atA, atB] = capabilities
  if (!atA || !atB || staffKey === undefined || (role === "duty") !== (staffKey === null)) return malformed
  if (role === "officer" && (atA.publish || atB.publish)) return malformed
  if (role === "duty" && (atA.acknowledge || atB.acknowledge)) return malformed
  return ok({
    role,
    label,
    charterChain: chain,
    delegations: delegations as Uint8Array[],
    seed,
    staffKey,
    lineKey,
    relays: [atA, atB],
  })
}

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? (value as Record<string, unknown>) : {}

const bytes64 = (value: unknown): Uint8Array | null => (typeof value === "string" ? fromBase64(value) : null)

function key(value: unknown): Secret<Uint8Array> | null {
  const bytes = bytes64(value)
  return bytes?.length === LOG_KEY_BYTES ? new Secret(bytes) : null
}

/** Null where the role has none, undefined where what stands there is no key. */
const optionalKey = (value: unknown): Secret<Uint8Array> | null | undefined =>
  value === null || value === undefined ? null : (key(value) ?? undefined)

function capabilitiesFrom(value: Readonly<Record<string, unknown>>): Capabilities | null {
  const [read, append, acknowledge, publish] = [
    value.read,
    value.append,
    value.acknowledge,
    value.publish,
  ].map(optionalKey)
  return read === undefined || append === undefined || acknowledge === undefined || publish === undefined
    ? null
    : { read, append, acknowledge, publish }
}
