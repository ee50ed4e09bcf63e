/** The demonstration's folder: an organisation founded for it, kept until --fresh or until its delegations end. */
import { randomBytes } from "node:crypto"
import { cp, mkdir, readFile, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { equalBytes } from "@kunak/core/bytes/equal"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import { verifyDelegation } from "@kunak/core/delegation/delegation"
import { decodeEnrolment } from "@kunak/core/enrolment/enrolment"
import { must } from "@kunak/core/result"
import { type Instant, instantFromMs, weekOf } from "@kunak/core/time/instant"
import { guidanceHash } from "@kunak/page/document/words"
import { loadTemplate } from "@kunak/page/template-file"
import { found } from "../ceremony/ceremony.ts"
import { writeCeremony } from "../ceremony/files.ts"
import { type DemoPorts, type DemoRhythm, demoDescription } from "./description.ts"
import { makeDemoVault } from "./vault.ts"

/** Known to everybody: it guards nothing. */
export const DEMO_PASSPHRASE = "demonstration only"

export interface DemoFolder {
  readonly path: string
  readonly ports: DemoPorts
  readonly rhythm: DemoRhythm
  readonly isNew: boolean
}

/** Founds the organisation unless the folder already holds one that still works with this release and in this rhythm. */
export async function prepareDemo(
  path: string,
  ports: DemoPorts,
  rhythm: DemoRhythm,
  fresh: boolean,
): Promise<DemoFolder> {
  const now = instantFromMs(Date.now())
  if (!fresh && (await isUsable(path, ports, rhythm, now))) return { path, ports, rhythm, isNew: false }
  await rm(path, { recursive: true, force: true })
  await mkdir(path, { recursive: true, mode: 0o700 })
  const template = await loadTemplate()
  const description = await demoDescription(ports, rhythm)
  const ceremony = must(
    await found(description, {
      random: (length) => new Uint8Array(randomBytes(length)),
      now,
      templateHash: template.hash,
      guidanceHash: (language) => guidanceHash(template.words, language),
    }),
  )
  // The work factor of real key files would cost ten seconds here and guard nothing.
  await writeCeremony(path, ceremony, description, { of: async () => DEMO_PASSPHRASE, workFactor: 10 })
  for (const [i, officer] of ceremony.officers.entries()) {
    await makeDemoVault(join(path, `officer-${i + 1}`, "desk.vault"), officer, DEMO_PASSPHRASE)
  }
  await cp(new URL("case-2018-19.csv", import.meta.url), join(path, "public", "case-2018-19.csv"))
  await writeFile(join(path, "ports.json"), JSON.stringify(ports))
  return { path, ports, rhythm, isNew: true }
}

async function isUsable(
  path: string,
  ports: DemoPorts,
  { editionSeconds, tickMs }: DemoRhythm,
  now: Instant,
): Promise<boolean> {
  try {
    const known = JSON.parse(await readFile(join(path, "ports.json"), "utf8")) as DemoPorts
    const chain = await verifyCharterChain(
      new Uint8Array(await readFile(join(path, "public", "charter.kunak"))),
      null,
    )
    const enrolment = decodeEnrolment(await readFile(join(path, "duty-1", "enrolment.json"), "utf8"))
    if (!chain.ok || !enrolment.ok) return false
    const { charter } = chain.value.current
    const { templates, expires } = charter
    const { hash } = await loadTemplate()
    const delegations = await Promise.all(
      enrolment.value.delegations.map((bytes) => verifyDelegation(bytes, chain.value)),
    )
    return (
      JSON.stringify(known) === JSON.stringify(ports) &&
      charter.editionSeconds === editionSeconds &&
      charter.tickMs === tickMs &&
      templates.some((template) => equalBytes(template, hash)) &&
      expires > now &&
      delegations.some((delegation) => delegation.ok && delegation.value.week === weekOf(now))
    )
  } catch {
    return false
  }
}
