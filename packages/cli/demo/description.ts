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

/** A new edition every few seconds, so that nobody waits five minutes for their first warning. */
const DEMO_EDITION_SECONDS = 20
/** A visit's rhythm, seven times as quick, so that nobody waits a minute for their message to leave. */
const DEMO_TICK_MS = 8_000
/** 4,096 slots, 16 MiB: filled before the first visitor comes. */
const DEMO_LOG2_SLOTS = 12

/** The example organisation as a demonstration: marked on every page, on loopback only (rule C6). */
export async function demoDescription(ports: DemoPorts): Promise<Description> {
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
    editionSeconds: DEMO_EDITION_SECONDS,
    tickMs: DEMO_TICK_MS,
    log2Slots: DEMO_LOG2_SLOTS,
  }
}
