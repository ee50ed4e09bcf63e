/** Duty's machine in the hands of an active adversary: forging, publishing to real relays and a real browser, opening. */
import { join } from "node:path"
import type { DrillClock } from "../clock/drill-clock.ts"
import type { Place } from "../places/place.ts"
import { openChromium } from "../week/browser.ts"
import type { Week } from "../week/week.ts"
import { forge } from "./duty-forges.ts"
import { openAll } from "./duty-opens.ts"
import { publishForged } from "./duty-publishes.ts"
import type { Gathering } from "./section.ts"
import type { SeizedDuty } from "./seized-duty.ts"

/** @param disk of a reader who comes afterwards. The duties have ended, the relays run. */
export async function actAsDuty(
  seized: SeizedDuty,
  into: Gathering,
  week: Week,
  clock: DrillClock,
  disk: Place,
  opened: (close: () => Promise<void>) => void,
): Promise<void> {
  const officer = week.organisation.ceremony.officers[0]
  if (!officer) throw new TypeError("an organisation without officers")
  const { findings, forged, tried, controlHolds } = await forge(seized, officer.seed, clock.now())
  into.findings.push(...findings)
  into.detail = `${tried}, ${seized.keys.length}`
  if (!controlHolds)
    into.notShown.push("a true officer's objects were refused too, so that a refusal shows nothing")
  if (await publishForged(seized, forged, clock.now)) {
    const line = `http://127.0.0.1:${week.organisation.wires[0].port}/`
    const window = await openChromium(disk, clock, line, { opened })
    const says = await whatPageSays(window.page)
    await window.close()
    if (says === "receiving")
      into.findings.push({
        kind: "accepted",
        what: "a forged intake key",
        form: "in an edition on both relays",
        where: "a page in Chromium",
        times: 1,
      })
    if (says === "silent") into.notShown.push("the page in Chromium showed no hotline within a minute")
  } else
    into.notShown.push("the relays took no edition of the seized duty, so that no browser could look at one")
}

/** A person would be told that nobody reads; a page that offers to write would have been deceived. */
async function whatPageSays(
  page: import("playwright-core").Page,
): Promise<"receiving" | "warned" | "silent"> {
  const hotline = page.locator(".p0 .hotline")
  for (let i = 0; i < 6; i += 1) {
    const isThere = await hotline
      .locator("button:visible")
      .first()
      .waitFor({ timeout: 10_000 })
      .then(
        () => true,
        () => false,
      )
    const text = isThere ? ((await hotline.textContent()) ?? "") : ""
    if (text.includes("Сообщения здесь давно никто не читал")) return "warned"
    if (isThere && i > 1) return "receiving"
  }
  return "silent"
}

/** Once the relays have ended: all that they recorded, against all that duty has. */
export async function openAsDuty(seized: SeizedDuty, into: Gathering, week: Week): Promise<void> {
  const threadIds = week.people
    .filter(({ field }) => field.startsWith("thread id"))
    .map(({ value }) => value as Uint8Array)
  const database = join(week.programs["relay-a"].place.folder, "kunak", "relay.db")
  const opened = await openAll(seized, database, threadIds)
  into.findings.push(...opened.findings)
  into.detail += `, ${opened.envelopes}, ${opened.cells}, ${opened.parts}`
}
