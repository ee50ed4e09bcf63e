/** What a ceremony leaves on disk: one folder for each who takes something home. docs/ceremony.md */

import { createHash } from "node:crypto"
import { chmod, mkdir, open } from "node:fs/promises"
import { dirname, join } from "node:path"
import { toHex } from "@kunak/core/bytes/hex"
import { encodeEnrolment } from "@kunak/core/enrolment/enrolment"
import { reveal, type Secret } from "@kunak/core/secret"
import { sealAge } from "./age-file.ts"
import type { Ceremony, FoundedRelay } from "./ceremony.ts"
import { encodeDelegations } from "./delegations-file.ts"
import type { Description } from "./description.ts"
import { fingerprintSheet } from "./fingerprint-sheet.ts"
import { encodeSignerKey } from "./signer-key.ts"

export interface Passphrases {
  /** For each signer, then each officer; asked one by one. */
  readonly of: (label: string) => Promise<string>
  readonly workFactor?: number
}

export interface WrittenFile {
  readonly path: string
  /** Who takes it home. */
  readonly whose: string
  readonly secret: boolean
}

/** @throws EEXIST when a file is already there: a ceremony never overwrites a key. */
export async function writeCeremony(
  folder: string,
  ceremony: Ceremony,
  description: Description,
  passphrases: Passphrases,
): Promise<readonly WrittenFile[]> {
  const written: WrittenFile[] = []
  const put = async (
    name: string,
    content: string | Uint8Array,
    whose: string,
    secret: boolean,
  ): Promise<void> => {
    const path = join(folder, name)
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const file = await open(path, "wx", secret ? 0o600 : 0o644)
    try {
      await file.writeFile(content)
      await file.sync()
    } finally {
      await file.close()
    }
    written.push({ path: name, whose, secret })
  }
  const sealed = async (clear: string, label: string): Promise<Uint8Array> =>
    await sealAge(clear, await passphrases.of(label), passphrases.workFactor)

  await put("public/charter.kunak", ceremony.chain.bytes, "everybody", false)
  await put("public/delegations.kunak", encodeDelegations(ceremony.delegations), "everybody", false)
  await put("public/fingerprint.html", fingerprintSheet(ceremony.chain), "everybody: print it", false)
  for (const [i, key] of ceremony.signers.entries()) {
    const label = `signer ${i + 1}`
    const clear = encodeSignerKey({ key, label, organisationId: ceremony.chain.organisationId })
    await put(`signer-${i + 1}/signer.age`, await sealed(clear, label), label, true)
  }
  for (const [i, officer] of ceremony.officers.entries()) {
    await put(
      `officer-${i + 1}/enrolment.age`,
      await sealed(encodeEnrolment(officer), officer.label),
      officer.label,
      true,
    )
  }
  for (const [i, duty] of ceremony.duties.entries()) {
    await put(`duty-${i + 1}/enrolment.json`, encodeEnrolment(duty), `the machine of ${duty.label}`, true)
  }
  for (const [i, name] of (["a", "b"] as const).entries()) {
    const relay = ceremony.relays[i] as FoundedRelay
    const place = `relay-${name}`
    await put(
      `${place}/charter.kunak`,
      ceremony.chain.bytes,
      `the machine of relay ${name.toUpperCase()}`,
      false,
    )
    await put(
      `${place}/relay.json`,
      relayConfig(relay, description.relays[i]?.listen ?? "", name),
      `the machine of relay ${name.toUpperCase()}`,
      false,
    )
    if (name === "a")
      await put(`${place}/term.key`, toHex(reveal(relay.termKey.seed)), "the machine of relay A", true)
    await chmod(join(folder, place), 0o700)
  }
  return written
}

const hashOf = (capability: Secret<Uint8Array> | null): readonly string[] =>
  capability ? [createHash("sha256").update(reveal(capability)).digest("hex")] : []

const relayConfig = ({ capabilities }: FoundedRelay, listen: string, name: "a" | "b"): string =>
  `${JSON.stringify(
    {
      charter: "charter.kunak",
      ...(name === "a" ? { termKey: "term.key" } : {}),
      store: { kind: "sqlite", path: "relay.db" },
      capabilities: {
        publish: hashOf(capabilities.publish),
        read: hashOf(capabilities.read),
        append: hashOf(capabilities.append),
        acknowledge: hashOf(capabilities.acknowledge),
      },
      listen: [listen],
    },
    null,
    2,
  )}\n`
