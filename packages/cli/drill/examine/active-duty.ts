/** Duty's machine in the hands of an active adversary: forging, publishing to real relays and a real browser, opening. */
import { join } from "node:path"
import { ENVELOPE_BYTES } from "@kunak/core/parameters"
import { Secret } from "@kunak/core/secret"
import type { DrillClock } from "../clock/drill-clock.ts"
import type { Place } from "../places/place.ts"
import { exchangesIn, type Wire } from "../places/wire.ts"
import { openChromium } from "../week/browser.ts"
import { meetForgedLine } from "../week/forged-line.ts"
import type { Week } from "../week/week.ts"
import { type Forged, forge } from "./duty-forges.ts"
import { type Opened, openAll } from "./duty-opens.ts"
import { publishForged } from "./duty-publishes.ts"
import { recordedBy } from "./recorded.ts"
import type { Finding, Gathering } from "./section.ts"
import type { SeizedDuty } from "./seized-duty.ts"

/** @param disk of a reader who comes afterwards. The duties have ended, the relays run. @returns what was forged. */
export async function actAsDuty(
  seized: SeizedDuty,
  into: Gathering,
  week: Week,
  clock: DrillClock,
  disk: Place,
  opened: (close: () => Promise<void>) => void,
  byOfficer: boolean,
): Promise<Forged> {
  const officer = week.organisation.ceremony.officers[0]
  if (!officer) throw new TypeError("an organisation without officers")
  const { findings, forged, tried, controlHolds } = await forge(seized, officer.seed, clock.now(), byOfficer)
  into.findings.push(...findings)
  into.detail = `${tried}, ${seized.keys.length}`
  if (!controlHolds)
    into.notShown.push("a true officer's objects were refused too, so that a refusal shows nothing")
  const publication = await publishForged(seized, forged, clock.now)
  if (publication === "refused")
    into.notShown.push("the relays took no edition of the seized duty, so that no browser could look at one")
  if (publication === "without")
    into.notShown.push(
      "what was forged is not in the edition that the relays serve, so that no browser met it",
    )
  if (publication === "served") await look(into, week, clock, disk, opened)
  return forged
}

/** Somebody comes who has never been here, and writes. */
async function look(
  into: Gathering,
  { organisation }: Week,
  clock: DrillClock,
  disk: Place,
  opened: (close: () => Promise<void>) => void,
): Promise<void> {
  const { wires } = organisation
  const before = envelopesTaken(wires)
  const line = `http://127.0.0.1:${wires[0].port}/`
  const window = await openChromium(disk, clock, line, { opened })
  const met = await meetForgedLine(window.page, () => envelopesTaken(wires) > before)
  await window.close()
  const accepted = (what: string): Finding => ({
    kind: "accepted",
    what,
    form: "in an edition on both relays",
    where: "a page in Chromium",
    times: 1,
  })
  if (met.reading === "said-to-be-read") into.findings.push(accepted("a forged receipt"))
  if (met.writing === "handed-over") into.findings.push(accepted("a forged intake key"))
  if (met.reading === "silent") into.notShown.push("the page in Chromium showed no hotline within a minute")
  if (met.writing === "silent")
    into.notShown.push(
      "the page in Chromium did not say that the line receives nothing, nor that it took anything",
    )
  if (envelopesTaken(wires) === before)
    into.notShown.push("no envelope of that page was taken, so that it does not show what it is sealed to")
}

/** Ticks with an envelope for which a relay said that there was room. */
const envelopesTaken = (wires: readonly Wire[]): number =>
  wires
    .flatMap((wire) => exchangesIn(wire.messages()))
    .filter(
      ({ asked, answered }) =>
        asked.start.startsWith("POST /tick") && asked.body.length > ENVELOPE_BYTES && answered?.body[0] === 1,
    ).length

/** Once the relays have ended: all that both recorded, against all that duty has, and the private half of what it forged. */
export async function openAsDuty(
  seized: SeizedDuty,
  forged: Forged | null,
  into: Gathering,
  week: Week,
): Promise<void> {
  const recorded = (["relay-a", "relay-b"] as const).map((relay) =>
    recordedBy(join(week.programs[relay].place.folder, "kunak", "relay.db")),
  )
  const trial = {
    organisationId: week.organisation.chain.organisationId,
    placing: seized.memory.line.waiting.flatMap(({ keys }) => keys),
    threadIds: bytesOf(week.people, /^thread id/),
    keys: [...seized.keys, ...(forged ? [forged.intakeSeed] : [])],
  }
  const opened = await openAll(recorded, trial)
  into.findings.push(...findingsOf(opened))
  const trueKeys = [
    ...bytesOf(
      week.harvests.flat().flatMap(({ keys }) => keys),
      /^vault\.(intake_seed\.seed|enrolment\.staff_key)$/,
    ),
    ...bytesOf(week.people, /^reply key/),
  ]
  const control = await openAll(recorded, { ...trial, keys: trueKeys.map((key) => new Secret(key)) })
  into.notShown.push(...whatControlMissed(control))
  const envelopes = recorded.reduce((sum, one) => sum + one.envelopes.length, 0)
  const cells = recorded.reduce((sum, one) => sum + one.cells.length, 0)
  into.detail += `, ${envelopes}, ${cells}, ${opened.parts}`
}

/** What duty's keys opened. */
export const findingsOf = ({ letters, staff, read }: Opened): readonly Finding[] =>
  (
    [
      ["letters in the rings", letters],
      ["cells of the staff compartment", staff],
      ["parts of replies", read],
    ] as const
  ).flatMap(([what, times]) =>
    times === 0
      ? []
      : [{ kind: "accepted" as const, what, form: "opened", where: "with duty's keys", times }],
  )

/** The same trial with the keys that do open: where they open nothing, a trial that opens nothing shows nothing. */
export const whatControlMissed = ({ letters, staff, parts, read }: Opened): readonly string[] => [
  ...(letters === 0
    ? ["officers' own keys open no letter of the rings, so that duty's opening none shows nothing"]
    : []),
  ...(staff === 0
    ? ["officers' own key opens no cell of the log, so that duty's opening none shows nothing"]
    : []),
  ...(parts === 0 ? ["no part of a reply stood on the boards that the relays kept"] : []),
  ...(parts > 0 && read === 0
    ? ["the persons' own keys read no part of a reply, so that duty's reading none shows nothing"]
    : []),
]

const bytesOf = (canaries: Week["people"], field: RegExp): readonly Uint8Array[] => {
  const values = canaries.filter((one) => field.test(one.field)).map(({ value }) => value as Uint8Array)
  return [...new Map(values.map((value) => [Buffer.from(value).toString("hex"), value])).values()]
}
