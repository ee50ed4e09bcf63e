import { cpSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { afterEach, beforeEach, expect, it } from "vitest"
import { makeClock } from "../clock/drill-clock.ts"
import { makePlace } from "../places/place.ts"
import { foundOrganisation, MACHINES, type Machine } from "../week/organisation.ts"
import { compareWhole, liveWhole, RELAYS, type Shown, type WholeParts } from "./whole-histories.ts"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "whole-"))
})
afterEach(() => rmSync(folder, { recursive: true }))

it("[DR4] [S2] [L3] with desk and duty at work, too, the relays show the same whether people ask or only read", async () => {
  const clock = makeClock(join(folder, "clock"))
  const places = Object.fromEntries(
    MACHINES.map((name) => [name, makePlace(folder, name, 1, false)]),
  ) as Record<Machine, ReturnType<typeof makePlace>>
  const organisation = await foundOrganisation(folder, places, clock, ["one", "two"])
  try {
    for (const relay of RELAYS)
      cpSync(join(places[relay].folder, "kunak"), join(folder, `founded-${relay}`), { recursive: true })
    const live = async (name: string, speaks: boolean) => {
      const parts: WholeParts = {
        organisation,
        clock,
        founded: (relay) => join(folder, `founded-${relay}`),
        deskFolder: join(folder, `${name}-desk`),
      }
      return await liveWhole(makePlace(folder, name, 1, false), speaks, parts)
    }
    const asked = await live("asked", true)
    const read = await live("read", false)
    expect(asked).toEqual(read)
    expect(compareWhole(asked, read)).toEqual([])
    // It is no empty comparison: the log is long, envelopes are acknowledged, editions are there.
    const [a] = asked
    expect((a.cells as unknown[]).length).toBeGreaterThan(80)
    expect((a.editions as unknown[]).length).toBeGreaterThan(1)
    const [ring] = a.ring as readonly {
      readonly acknowledged: number
      readonly slots: number
      readonly head: number
    }[]
    expect(ring?.acknowledged).toBe(ring?.head)
    const changed = (change: Shown) => compareWhole([{ ...asked[0], ...change }, asked[1]], read)
    for (const what of Object.keys(a))
      expect(changed({ [what]: "another" }), what).toMatchObject([
        { kind: "difference", where: "relay A's disk" },
      ])
  } finally {
    for (const wire of organisation.wires) await wire.close()
  }
})
