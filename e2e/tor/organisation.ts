/**
 * The demonstration organisation behind onion services: two relays that listen on nothing but their services' sockets, a duty and a
 * desk that reach them through a SOCKS port. What works, works through Tor: there is no other way.
 */
import { randomBytes } from "node:crypto"
import { readFile, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { found } from "@kunak/cli/ceremony/ceremony"
import { writeCeremony } from "@kunak/cli/ceremony/files"
import { demoDescription } from "@kunak/cli/demo/description"
import { type Process, startProcess, stopProcesses } from "@kunak/cli/demo/processes"
import { must } from "@kunak/core/result"
import { instantFromMs } from "@kunak/core/time/instant"
import { guidanceHash } from "@kunak/page/document/words"
import { loadTemplate } from "@kunak/page/template-file"
import type { OnionService } from "./onion-service.ts"
import { freePorts } from "./private-network.ts"

export const PASSPHRASE = "demonstration only"
/** The page waits five twelfths of a tick for an answer: four seconds, in which a circuit to an onion service has to stand; in earnest 25. */
const RHYTHM = { editionSeconds: 25, tickMs: 10_000 }

export interface OnionOrganisation {
  readonly folder: string
  /** Signs one tab in. */
  readonly desk: string
  readonly pids: readonly number[]
  readonly stop: () => Promise<void>
}

export async function startOrganisation(
  folder: string,
  services: readonly [OnionService, OnionService],
  socksPort: number,
): Promise<OnionOrganisation> {
  const template = await loadTemplate()
  const [a = 0, b = 0] = await freePorts(2)
  const example = await demoDescription({ relayA: a, relayB: b, desk1: 0, desk2: 0 }, RHYTHM)
  const [relayA, relayB] = example.relays
  const description = {
    ...example,
    log2Slots: 10,
    relays: [
      { ...relayA, onion: services[0].origin },
      { ...relayB, onion: services[1].origin },
    ] as const,
  }
  const ceremony = must(
    await found(description, {
      random: (length) => new Uint8Array(randomBytes(length)),
      now: instantFromMs(Date.now()),
      templateHash: template.hash,
      guidanceHash: (language) => guidanceHash(template.words, language),
    }),
  )
  await writeCeremony(folder, ceremony, description, { of: async () => PASSPHRASE, workFactor: 10 })
  const processes: Process[] = []
  const stop = (): Promise<void> => stopProcesses(processes)
  const start = async (name: string, ...args: string[]): Promise<Process> => {
    const started = await startProcess(name, [...args, "--json"])
    processes.push(started)
    return started
  }
  try {
    await Promise.all(
      (["a", "b"] as const).map(async (name, i) => {
        const file = join(folder, `relay-${name}`, "relay.json")
        const config = JSON.parse(await readFile(file, "utf8")) as object
        await writeFile(file, JSON.stringify({ ...config, listen: [`unix:${services[i as 0 | 1].socket}`] }))
        await start(`relay ${name}`, "relay", "--config", file)
      }),
    )
    const socks = `127.0.0.1:${socksPort}`
    await start("duty", "duty", "--dir", join(folder, "duty-1"), "--socks", socks)
    const officer = join(folder, "officer-1")
    const desk = await start(
      "desk",
      ...["desk", "--no-open", "--vault", join(officer, "desk.vault"), "--socks", socks],
      ...["--enrol", join(officer, "enrolment.age")],
    )
    return {
      folder,
      desk: String(desk.first.address),
      pids: processes.map(({ child }) => child.pid ?? 0),
      stop,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
