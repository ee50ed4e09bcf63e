/** The drill: a week is lived through, everything an enemy could take is looked at, and all that was started is ended. */
import { cpSync, existsSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import { instantFromMs, weekOf } from "@kunak/core/time/instant"
import { Failure } from "../failure.ts"
import { afterWeeks, type Canary } from "./canaries/canary.ts"
import { ceremonyCanaries } from "./canaries/enrolled.ts"
import { mergeKeys } from "./canaries/harvest.ts"
import { typedCanaries } from "./canaries/typed.ts"
import { type DrillClock, makeClock } from "./clock/drill-clock.ts"
import { actAsDuty, openAsDuty } from "./examine/active-duty.ts"
import { examineSwap, examineTor } from "./examine/elsewhere.ts"
import { examineMemory, examineOpenFiles, examineProcesses, examineSharedFolders } from "./examine/live.ts"
import { examinePeers } from "./examine/peers.ts"
import { examineSchemas } from "./examine/schemas.ts"
import { attempt, attemptInto, Gathering, type Section, type SectionId } from "./examine/section.ts"
import { examineFiles, examineImages } from "./examine/seized-disks.ts"
import { seizeDuty } from "./examine/seized-duty.ts"
import { examineHistories } from "./examine/two-histories.ts"
import { examineWire } from "./examine/wire.ts"
import { examineGivenBack, examineWithPassphrase } from "./examine/with-passphrase.ts"
import { environmentOf } from "./places/memory.ts"
import { startNameServer } from "./places/name-server.ts"
import { keptFolders, ownFolder, SHARED_FOLDERS, whyNoNetwork } from "./places/network.ts"
import { makePlace, type Place, whyNoImages } from "./places/place.ts"
import { VISITOR_ADDRESS } from "./places/wire.ts"
import type { LeakName } from "./plant/leaks.ts"
import { plantAtDuty, plantInPrograms, plantOnDisks, plantOnWire } from "./plant/plant.ts"
import { makeSearcher } from "./search/searcher.ts"
import { whyNoChromium, whyNoFirefox } from "./week/browser.ts"
import { VAULT } from "./week/officer.ts"
import { type Running, runWeek, type Week, type WeekStep } from "./week/week.ts"

export interface DrillOptions {
  readonly short: boolean
  readonly leaks: ReadonlySet<LeakName>
  /** Where disks and copies lie meanwhile; the system's temporary folder when not given. */
  readonly folder?: string
  readonly tell: (step: DrillStep) => void
}

export type DrillStep = WeekStep | "memory" | "active-duty" | "disks" | "histories" | "ending"

export interface Drilled {
  readonly sections: readonly Section[]
  readonly days: number
  readonly canaries: number
  readonly patterns: number
  /** Of the words that people typed: how many stood in an unlocked vault at the end, by intention. */
  readonly wordsInVaults: number
  readonly seconds: number
}

const READER_MIB = 128
const HOUR_MS = 3_600_000
const LOCK_MS = 60_000
const CLOSE_TRIES = 40

/** @throws Failure where the week can't be lived through at all, with what is missing. */
export async function drill(options: DrillOptions): Promise<Drilled> {
  const started = performance.now()
  const noBrowser = await whyNoChromium()
  if (noBrowser)
    throw new Failure(`The drill needs a browser to live through its week: ${noBrowser}.`, "no-browser", 3)
  const scratch = mkdtempSync(join(options.folder ?? tmpdir(), "kunak-drill-"))
  const running: Running = { programs: [], places: [], closing: [] }
  let ended: Promise<void> | undefined
  const endAll = (): Promise<void> => {
    ended ??= cleanUp(running, scratch)
    return ended
  }
  const forget = whenInterrupted(endAll)
  try {
    return { ...(await live(options, scratch, running)), seconds: (performance.now() - started) / 1000 }
  } finally {
    options.tell("ending")
    await endAll()
    forget()
  }
}

async function live(
  { short, leaks, tell }: DrillOptions,
  scratch: string,
  running: Running,
): Promise<Omit<Drilled, "seconds">> {
  const clock = makeClock(join(scratch, "clock"))
  const names = whyNoNetwork() === null ? await startNameServer() : null
  if (names) running.closing.push(names.close)
  const founded = (relay: "relay-a" | "relay-b"): string => join(scratch, `founded-${relay}`)
  const noImages = whyNoImages(scratch)
  const noFirefox = short ? null : await whyNoFirefox()
  const begun = clock.now()
  const week = await runWeek(
    {
      scratch,
      clock,
      asImages: noImages === null,
      short,
      firefox: !short && noFirefox === null,
      faults: plantInPrograms(leaks, scratch),
      keepFounded: (relay, from) => cpSync(from, founded(relay), { recursive: true }),
      tell,
    },
    running,
  )
  const span = { from: begun - 60_000, until: clock.now() + 86_400_000 }
  const canaries = canariesOf(week, clock.now())
  const searcher = makeSearcher(canaries)
  const sections: Section[] = [examineSchemas(week.harvests.flat(), canaries)]

  const look = async (id: SectionId, work: () => Section | Promise<Section>): Promise<void> => {
    sections.push(await attempt(id, work))
  }
  const { programs } = week

  tell("memory")
  await lockBoth(week, clock)
  for (const id of ["relay-memory", "duty-memory", "desk-memory"] as const)
    await look(id, () => examineMemory(id, programs, searcher))
  await look("processes", () => examineProcesses(programs, searcher))
  const beside = new Gathering("temporary-files")
  await attemptInto(beside, () => examineOpenFiles(programs, searcher, join(process.execPath, ".."), beside))
  await plantOnWire(leaks, week)

  tell("active-duty")
  await programs["duty-1"].stop()
  await programs["duty-2"].stop()
  const reader = makePlace(scratch, "reader", READER_MIB, false)
  plantAtDuty(leaks, week)
  const seized = await seizeDuty(join(programs["duty-1"].place.folder, "kunak"))
  const active = new Gathering("duty-active")
  const forged = await attemptInto(active, () =>
    actAsDuty(
      seized,
      active,
      week,
      clock,
      reader,
      (close) => running.closing.push(close),
      leaks.has("officers-key-at-duty"),
    ),
  )
  for (const program of Object.values(programs)) await program.stop()

  tell("disks")
  await plantOnDisks(leaks, week, scratch, clock.now())
  await attemptInto(active, () => openAsDuty(seized, forged, active, week))
  sections.push(active.section())
  const opened = new Gathering("desk-with-passphrase")
  const desks = await attemptInto(opened, () => examineWithPassphrase(week, scratch, opened))
  const files = examineFiles(week, searcher, span)
  for (const place of week.places) {
    place.flush()
    if (!(await closePatiently(place)))
      throw new Failure(`${place.name} is still in use, so that its image can't be searched`, "in-use", 3)
  }
  sections.push(...withoutFirefox(examineImages(week, searcher, files, noImages), short, noFirefox))
  if (desks) await attemptInto(opened, () => examineGivenBack(desks, opened))
  sections.push(opened.section())
  await look("wire", () => examineWire(week.organisation.wires, searcher))

  tell("histories")
  await look("two-histories", () =>
    examineHistories({
      scratch,
      clock,
      asImages: noImages === null,
      organisation: week.organisation,
      founded,
      seized,
      oneMore: leaks.has("history-differs"),
      hold: (place) => running.places.push(place),
    }),
  )
  const why = whyNoNetwork()
  if (why) beside.notShown.push(`closed files in ${SHARED_FOLDERS.join(", ")}: ${why}`)
  else
    await attemptInto(beside, () =>
      examineSharedFolders(SHARED_FOLDERS, keptFolders(ownFolder() ?? scratch), searcher, beside),
    )
  sections.push(beside.section())
  await look("peers", () => examinePeers(names))
  sections.push(examineSwap(), examineTor())
  return {
    sections,
    days: week.days,
    canaries: canaries.length,
    patterns: searcher.patterns,
    wordsInVaults: new Set(
      week.harvests.flatMap((of) => [...(of.at(-1)?.arrived.values() ?? [])].flatMap((names) => [...names])),
    ).size,
  }
}

const canariesOf = (week: Week, now: number): readonly Canary[] => [
  ...typedCanaries(week.typed),
  ...afterWeeks(week.people, weekOf(instantFromMs(now))),
  ...ceremonyCanaries(week.organisation.ceremony),
  ...mergeKeys(...week.harvests.flat()),
  // A running relay has it from the system as long as the connection lasts: THREAT_MODEL, a relay that correlates.
  {
    field: "address of a visitor",
    kind: "whole-text",
    value: VISITOR_ADDRESS,
    may: ["relay-memory", "wire"],
  },
]

/** Both machines sleep for an hour: their desks lock. */
async function lockBoth({ officers }: Week, clock: DrillClock): Promise<void> {
  clock.pass(HOUR_MS)
  for (const { place, program } of officers) {
    // A locked desk has cut its write-ahead log back and let the file go.
    const log = join(place.folder, `${VAULT}-wal`)
    for (const end = Date.now() + LOCK_MS; existsSync(log) && Date.now() < end; ) await sleep(200)
    if (existsSync(log))
      throw new Failure(`${place.name} did not lock when its machine slept`, "not-locked", 3)
    // Then it begins anew (rule K30); where it can't, its memory is looked at as it is.
    const hasBegun = (): boolean => Buffer.from(environmentOf(program.pid)).includes("KUNAK_DESK_BEFORE=")
    for (const end = Date.now() + LOCK_MS; !hasBegun() && Date.now() < end; ) await sleep(200)
  }
}

function withoutFirefox(
  sections: readonly Section[],
  short: boolean,
  noFirefox: string | null,
): readonly Section[] {
  if (!short && noFirefox === null) return sections
  const why = noFirefox ?? "the short drill has no visitor with Firefox"
  return sections.map((section) =>
    section.id === "visitor-firefox" ? { ...section, notShown: [why] } : section,
  )
}

/** Ctrl-C ends what was started, too. */
function whenInterrupted(work: () => Promise<void>): () => void {
  const stop = (): void => {
    void work().then(() => process.exit(130))
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, stop)
  return () => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.removeListener(signal, stop)
  }
}

/** By id and by handle, whatever state it is in. */
async function cleanUp({ programs, places, closing }: Running, scratch: string): Promise<void> {
  for (const close of [...closing].reverse()) await close().catch(() => {})
  for (const program of programs) await program.stop()
  let isFree = true
  for (const place of places) isFree = (await closePatiently(place)) && isFree
  if (isFree) rmSync(scratch, { recursive: true, force: true, maxRetries: 3 })
}

/** A browser's last process may hold a file some moments longer. */
async function closePatiently(place: Place): Promise<boolean> {
  for (let i = 0; i < CLOSE_TRIES; i += 1) {
    try {
      place.close()
      return true
    } catch {
      await sleep(500)
    }
  }
  process.stderr.write(`${place.folder} is still mounted: 'umount ${place.folder}' and remove it.\n`)
  return false
}
