/** Every vector of vectors/core/ through the entry points it concerns. */
import { readdirSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { fromHex, toHex } from "./bytes/hex.ts"
import { ByteReader } from "./bytes/reader.ts"
import { ByteWriter } from "./bytes/writer.ts"
import type { CharterChain, OrganisationId } from "./charter/charter.ts"
import { fingerprint } from "./charter/fingerprint.ts"
import { verifyCharterChain } from "./charter/verify.ts"
import { type Delegation, verifyDelegation } from "./delegation/delegation.ts"
import { attendance } from "./edition/attendance.ts"
import { verifyBulletin } from "./edition/bulletin.ts"
import { verifyTermGrant, verifyTermRequest } from "./edition/term.ts"
import { verifyEdition, verifyHeader } from "./edition/verify.ts"
import { checkForward } from "./forward/check.ts"
import { EntryAssembly } from "./log/assembly.ts"
import { openCell } from "./log/cell.ts"
import { decodeEntry, encodeEntry } from "./log/entry.ts"
import { must, type Result } from "./result.ts"
import { isRevoked, type Revocation, verifyRevocation } from "./revocation/revocation.ts"
import { Secret } from "./secret.ts"
import { RUN_HOTLINE } from "./testing/run-hotline-vectors.ts"
import { type Vector, type VectorFile, vectorText } from "./testing/vector.ts"
import { allVectors } from "./testing/vectors.ts"
import type { Instant } from "./time/instant.ts"
import { decodeWarning } from "./warning/codec.ts"
import { resolveWarnings } from "./warning/resolve.ts"
import { verifyWarning } from "./warning/verify.ts"
import { verifyVeto } from "./warning/veto.ts"

const folder = new URL("../../vectors/core/", import.meta.url)
const textOf = (name: string): string => readFileSync(new URL(name, folder), "utf8")
const bytes = (hex: unknown): Uint8Array => fromHex(String(hex)) ?? new Uint8Array()
const all = (list: unknown): readonly Uint8Array[] => (Array.isArray(list) ? list : []).map(bytes)

test("[B5] the generator makes the committed vectors again, byte for byte", async () => {
  const made = await allVectors()
  expect(readdirSync(folder).sort()).toEqual(
    Object.keys(made)
      .map((name) => `${name}.json`)
      .sort(),
  )
  for (const [name, file] of Object.entries(made)) {
    expect(textOf(`${name}.json`) === vectorText(file), `${name}: run node vectors/generate.ts`).toBe(true)
  }
})

type Fields = Readonly<Record<string, unknown>>
const outcome = <T, E extends { readonly kind: string }>(
  result: Result<T, E>,
  told: (value: T) => Fields,
): Fields => {
  if (result.ok) return told(result.value)
  const { kind, ...rest } = result.error as { kind: string; rule?: string }
  return kind === "against-rule" ? { error: kind, rule: rest.rule } : { error: kind }
}

const chainOf = async (shared: Fields): Promise<CharterChain> =>
  must(await verifyCharterChain(bytes(shared.chain), null))
const delegationsOf = async (shared: Fields, chain: CharterChain): Promise<readonly Delegation[]> =>
  await Promise.all(all(shared.delegations).map(async (item) => must(await verifyDelegation(item, chain))))
const revocationsOf = async (list: unknown, chain: CharterChain, delegations: readonly Delegation[]) =>
  await Promise.all(all(list).map(async (item) => must(await verifyRevocation(item, chain, delegations))))

const RUN: Readonly<Record<string, (input: Fields, shared: Fields) => Promise<Fields>>> = {
  "plain-text": async ({ utf8 }) => {
    const from = new ByteReader(new ByteWriter().short(bytes(utf8)).bytes())
    const text = from.text(1000)
    return from.end() ? { text } : { error: "not-plain" }
  },
  "charter-chain": async ({ chain, pinned }) =>
    outcome(await verifyCharterChain(bytes(chain), bytes(pinned) as OrganisationId), (value) => ({
      organisationId: toHex(value.organisationId),
      fingerprint: fingerprint(value.organisationId),
      links: value.links.length,
      newest: toHex(value.current.hash),
    })),
  delegation: async ({ delegation }, shared) =>
    outcome(await verifyDelegation(bytes(delegation), await chainOf(shared)), (value) => ({
      hash: toHex(value.hash),
      week: value.week,
      officers: value.officers.map(toHex),
      duties: value.duties.map(toHex),
    })),
  revocation: async ({ revocations }, shared) => {
    const chain = await chainOf(shared)
    const delegations = await delegationsOf(shared, chain)
    const verified: Revocation[] = []
    for (const item of all(revocations)) {
      const result = await verifyRevocation(item, chain, delegations)
      if (!result.ok) return { error: result.error.kind }
      verified.push(result.value)
    }
    const keys = delegations.flatMap(({ officers, duties }) => [...officers, ...duties])
    return {
      revoked: keys
        .filter((key) => isRevoked(key, verified))
        .map(toHex)
        .sort(),
    }
  },
  warning: async (input, shared) => {
    const chain = await chainOf(shared)
    const delegations = await delegationsOf(shared, chain)
    const revocations = await revocationsOf(input.revocations, chain, delegations)
    const decoded = decodeWarning(bytes(input.warning))
    if (!decoded) return { error: "malformed-warning" }
    return outcome(await verifyWarning(decoded, { chain, delegations, revocations }), (value) => ({
      hash: toHex(value.hash),
      signatures: value.signatures,
      texts: value.texts,
    }))
  },
  standing: async ({ warnings, vetoes }, shared) => {
    const chain = await chainOf(shared)
    const authority = { chain, delegations: await delegationsOf(shared, chain), revocations: [] }
    const verified = await Promise.all(
      all(warnings).map(async (item) => must(await verifyWarning(decodeWarning(item) as never, authority))),
    )
    const no = await Promise.all(all(vetoes).map(async (item) => must(await verifyVeto(item, chain))))
    return { states: resolveWarnings(verified, no, chain).map(({ state }) => state) }
  },
  edition: async ({ header, bulletin }, { pinned }) => {
    const id = bytes(pinned) as OrganisationId
    const verified = await verifyEdition(bytes(header), bytes(bulletin), id)
    if (verified.ok) {
      // What verifies whole verifies in its parts.
      const part = must(await verifyBulletin(bytes(bulletin), id))
      must(await verifyHeader(bytes(header), part.chain, part.revocations))
    }
    return outcome(verified, (value) => ({
      attendance: attendance(value).kind,
      warnings: value.bulletin.warnings.map(({ hash }) => toHex(hash)),
      setAside: value.bulletin.setAside.map(toHex),
    }))
  },
  term: async ({ request, grant }, { termKey }) => {
    if (request) {
      const asked = await verifyTermRequest(bytes(request))
      return asked ? { expected: asked.expected, duty: toHex(asked.duty) } : { error: "not-signed" }
    }
    const granted = await verifyTermGrant(bytes(grant), bytes(termKey) as never)
    return granted ? { term: granted.term, duty: toHex(granted.duty) } : { error: "not-signed" }
  },
  forward: async ({ text, now, revocations }, shared) => {
    const chain = await chainOf(shared)
    const known = {
      chain,
      delegations: [],
      revocations: await revocationsOf(revocations, chain, []),
      warnings: [],
      vetoes: [],
    }
    const { genuine: _, ...told } = (await checkForward(String(text), known, now as Instant)) as Fields
    return told
  },
  "log-cell": async ({ cell, position, previousHash }, { organisationId, staffKey, lineKey }) => {
    const place = {
      organisationId: bytes(organisationId) as OrganisationId,
      position: Number(position),
      previousHash: bytes(previousHash),
    }
    const keys = { staff: new Secret(bytes(staffKey)), line: new Secret(bytes(lineKey)) }
    const opened = await openCell(bytes(cell), place, keys)
    const entry = opened && new EntryAssembly().add(opened.compartment, opened.part)
    if (!opened || !entry) return { error: "cannot-open" }
    const decoded = decodeEntry(entry)
    return { compartment: opened.compartment, entry: decoded && toHex(encodeEntry(decoded)) }
  },
  ...RUN_HOTLINE,
}

const files = readdirSync(folder).map((file) => {
  const { shared, vectors } = JSON.parse(textOf(file)) as VectorFile
  return { name: file.replace(".json", ""), shared, vectors }
})
const cases = files.flatMap(({ name, shared, vectors }) =>
  vectors.map((vector) => ({ name, shared, vector, title: `[${vector.rule}] ${name}: ${vector.what}` })),
)

test.for(cases)(
  "$title",
  async ({ name, shared, vector }: { name: string; shared: Fields; vector: Vector }) => {
    const run = RUN[name]
    expect(run && (await run(vector.input, shared))).toEqual(vector.expect)
  },
)
