/** The comparison of two histories, from two disks to a section. */
import { join } from "node:path"
import { verifyIntakeKey, windowOf } from "@kunak/core/intake/intake-key"
import { instantFromMs, weekOf } from "@kunak/core/time/instant"
import type { DrillClock } from "../clock/drill-clock.ts"
import { makePlace, type Place } from "../places/place.ts"
import type { Organisation } from "../week/organisation.ts"
import {
  compareHistories,
  HISTORY_TICKS,
  type HistoryDisk,
  type HistoryParts,
  liveThrough,
} from "./histories.ts"
import { type Finding, Gathering, type Section } from "./section.ts"
import type { SeizedDuty } from "./seized-duty.ts"
import { compareWhole, liveWhole, type Shown, type WholeParts } from "./whole-histories.ts"

const DISK_MIB = 48
const WHOLE_DISK_MIB = 128

export interface TwoHistories {
  readonly scratch: string
  readonly clock: DrillClock
  readonly asImages: boolean
  readonly organisation: Organisation
  /** `kunak/` of a relay as it was founded. */
  readonly founded: WholeParts["founded"]
  readonly seized: SeizedDuty
  /** One tick more in the history that asked: the comparison has to see it. */
  readonly oneMore: boolean
  readonly hold: (place: Place) => void
}

export async function examineHistories(parts: TwoHistories): Promise<Section> {
  const into = new Gathering("two-histories")
  const started = performance.now()
  const { line } = parts.seized.memory
  const now = instantFromMs(parts.clock.now())
  const delegation = line.delegations.find(({ week }) => week === weekOf(now))
  const [candidate] = line.intakeKeys.filter(({ window }) => window === windowOf(now))
  const intake = delegation && candidate && (await verifyIntakeKey(candidate.bytes, [delegation], []))
  if (!intake?.ok) {
    into.notShown.push("there was no key to write to at the week's end")
    return into.section()
  }
  const shared: HistoryParts = {
    clock: parts.clock,
    founded: parts.founded("relay-a"),
    duty: parts.seized.enrolment,
    line,
    intake: intake.value,
    program: { clock: parts.clock },
    edition: { bytes: null },
  }
  const live = async (name: string, texts: readonly (string | null)[]): Promise<HistoryDisk> => {
    const place = makePlace(parts.scratch, name, DISK_MIB, parts.asImages)
    parts.hold(place)
    return await liveThrough(place, texts, shared)
  }
  const silent = new Array<null>(HISTORY_TICKS).fill(null)
  const speaking = Array.from({ length: HISTORY_TICKS + (parts.oneMore ? 1 : 0) }, (_, i) =>
    `${i}: помогите, за мной пришли. `.repeat(i + 1),
  )
  const asked = await live("history-asked", speaking)
  const read = await live("history-read", silent)
  const compared = compareHistories(asked, read)
  into.findings.push(...compared.findings)
  into.searched({ hits: [], bytes: compared.bytes, seconds: (performance.now() - started) / 1000 }, "")
  into.findings.push(...(await compareWholes(parts)))
  into.detail = `${HISTORY_TICKS}, ${asked.random.length}, ${compared.likelihood.toFixed(3)}`
  return into.section()
}

/** Once more with desk and duty at work, without a byte of what is random. */
async function compareWholes(parts: TwoHistories): Promise<readonly Finding[]> {
  const live = async (name: string, speaks: boolean): Promise<readonly [Shown, Shown]> => {
    const place = makePlace(parts.scratch, name, WHOLE_DISK_MIB, parts.asImages)
    parts.hold(place)
    const { organisation, clock, founded } = parts
    const deskFolder = join(parts.scratch, `${name}-desk`)
    return await liveWhole(place, speaks, { organisation, clock, founded, deskFolder })
  }
  const asked = await live("whole-asked", true)
  return compareWhole(asked, await live("whole-read", false))
}
