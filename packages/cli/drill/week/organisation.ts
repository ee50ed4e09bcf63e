/** The organisation of a drill: founded as `kunak init` founds one, each part on the file system of its own machine. */
import { randomBytes } from "node:crypto"
import { cpSync, mkdirSync, rmSync } from "node:fs"
import { createServer } from "node:net"
import { join } from "node:path"
import type { CharterChain } from "@kunak/core/charter/charter"
import { must } from "@kunak/core/result"
import { instantFromMs } from "@kunak/core/time/instant"
import { guidanceHash } from "@kunak/page/document/words"
import { loadTemplate } from "@kunak/page/template-file"
import { type Ceremony, found } from "../../ceremony/ceremony.ts"
import { writeCeremony } from "../../ceremony/files.ts"
import { DEMO_PORTS, demoDescription, QUICK_RHYTHM } from "../../demo/description.ts"
import type { DrillClock } from "../clock/drill-clock.ts"
import type { Place } from "../places/place.ts"
import { recordWire, type Wire } from "../places/wire.ts"

/** A visit is fifteen ticks: three quarters of a minute here, a quarter of an hour in earnest. */
const TICK_MS = 3_000
/** Five editions are kept, so a visit lies within four. A busy machine needs some seconds for one. */
const EDITION_SECONDS = 20
/** 2,048 slots of a ring, 9 MiB. */
const LOG2_SLOTS = 11
const WORK_FACTOR = 10

export const MACHINES = ["relay-a", "relay-b", "duty-1", "duty-2", "desk-1", "desk-2"] as const
export type Machine = (typeof MACHINES)[number]

export interface Organisation {
  readonly ceremony: Ceremony
  readonly chain: CharterChain
  readonly places: Readonly<Record<Machine, Place>>
  readonly wires: readonly [Wire, Wire]
  /** Of the two enrolments, as they were handed out on paper. */
  readonly enrolmentPassphrases: readonly [string, string]
}

/** @param scratch deleted at the end: the machine of the ceremony is nobody's to seize. */
export async function foundOrganisation(
  scratch: string,
  places: Readonly<Record<Machine, Place>>,
  clock: DrillClock,
  enrolmentPassphrases: readonly [string, string],
): Promise<Organisation> {
  const [portA, portB] = [await freePort(), await freePort()]
  const wires = [await recordWire("A", portA), await recordWire("B", portB)] as const
  const description = {
    ...(await demoDescription(DEMO_PORTS, QUICK_RHYTHM)),
    relays: [
      { web: `http://127.0.0.1:${wires[0].port}`, onion: "", listen: `127.0.0.1:${portA}` },
      { web: `http://127.0.0.1:${wires[1].port}`, onion: "", listen: `127.0.0.1:${portB}` },
    ] as const,
    editionSeconds: EDITION_SECONDS,
    tickMs: TICK_MS,
    log2Slots: LOG2_SLOTS,
  }
  const template = await loadTemplate()
  const ceremony = must(
    await found(description, {
      random: (length) => new Uint8Array(randomBytes(length)),
      now: instantFromMs(clock.now()),
      templateHash: template.hash,
      guidanceHash: (language) => guidanceHash(template.words, language),
    }),
  )
  const folder = join(scratch, "ceremony")
  mkdirSync(folder, { mode: 0o700 })
  const passphrases: Readonly<Record<string, string>> = {
    "officer 1": enrolmentPassphrases[0],
    "officer 2": enrolmentPassphrases[1],
  }
  await writeCeremony(folder, ceremony, description, {
    of: async (label) => passphrases[label] ?? randomBytes(16).toString("hex"),
    workFactor: WORK_FACTOR,
  })
  for (const machine of MACHINES)
    cpSync(join(folder, machine.replace("desk", "officer")), join(places[machine].folder, "kunak"), {
      recursive: true,
    })
  rmSync(folder, { recursive: true })
  return { ceremony, chain: ceremony.chain, places, wires, enrolmentPassphrases }
}

/** One that nobody holds at this moment. */
async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === "object" && address ? address.port : 0
}
