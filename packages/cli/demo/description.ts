import { readFile } from "node:fs/promises"
import { must } from "@kunak/core/result"
import { type Description, parseDescription } from "../ceremony/description.ts"

export interface DemoPorts {
  readonly relayA: number
  readonly relayB: number
  readonly desk1: number
  readonly desk2: number
}

export const DEMO_PORTS: DemoPorts = { relayA: 8801, relayB: 8802, desk1: 8811, desk2: 8812 }

export interface DemoRhythm {
  readonly editionSeconds: number
  readonly tickMs: number
}

/** A new edition every few seconds, so that nobody waits five minutes for their first warning; ticks seven times as quick as in earnest. */
export const DEMO_RHYTHM: DemoRhythm = { editionSeconds: 20, tickMs: 8_000 }
/** For rehearsals. No quicker: a machine that does much else would leave ticks out. */
export const QUICK_RHYTHM: DemoRhythm = { editionSeconds: 5, tickMs: 2_000 }
/** 4,096 slots, 16 MiB: filled before the first visitor comes. */
const DEMO_LOG2_SLOTS = 12

/** The example organisation as a demonstration: marked on every page, on loopback only (rule C6). */
export async function demoDescription(ports: DemoPorts, rhythm: DemoRhythm): Promise<Description> {
  const text = await readFile(new URL("../ceremony/example-organisation.json", import.meta.url), "utf8")
  const example = must(parseDescription(text))
  const relay = (port: number) => ({
    web: `http://127.0.0.1:${port}`,
    onion: "",
    listen: `127.0.0.1:${port}`,
  })
  return {
    ...example,
    demonstration: true,
    languages: example.languages.map((language) => ({
      ...language,
      organisation: language.organisation.replace(/ \(.*\)$/, ""),
    })),
    relays: [relay(ports.relayA), relay(ports.relayB)],
    ...rhythm,
    log2Slots: DEMO_LOG2_SLOTS,
  }
}
