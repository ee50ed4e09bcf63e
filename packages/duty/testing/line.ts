/** Two real relays in process, duties with the synthetic organisation's keys, a clock that tests move. */

import { TERM_GRANT_BYTES } from "@kunak/core/edition/term"
import type { Capabilities } from "@kunak/core/enrolment/enrolment"
import type { LogKeys } from "@kunak/core/log/cell"
import type { Entry } from "@kunak/core/log/entry"
import { err, must, ok } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import { makeOrganisation, type Organisation, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { type Instant, plusSeconds } from "@kunak/core/time/instant"
import { buildTemplate } from "@kunak/page/build"
import { type PageTemplate, parseTemplate } from "@kunak/page/document/template"
import { bodyOf, capabilities, makeRequest, type TestRelay, testRelay } from "@kunak/relay/testing/test-relay"
import { Duty, type DutyMemory, type DutyParts } from "../duty.ts"
import { LOG_START, LogFollower, type LogPlace } from "../line/log-follower.ts"
import { freshMemory } from "../memory-file.ts"
import { type Outgoing, relayClient } from "../relay-client.ts"

export interface TestLine {
  readonly organisation: Organisation
  readonly a: TestRelay
  readonly b: TestRelay
  /** Relays that do not answer. */
  readonly down: Set<"a" | "b">
  /** What went out, in order: "b /publish". */
  readonly sent: string[]
  /** Packages as they were uploaded to relay A. */
  readonly uploads: Uint8Array[]
  readonly duty: (which: 0 | 1, memory?: DutyMemory, change?: Partial<DutyParts>) => TestDuty
  /** An officer's desk writes entries. */
  readonly say: (...entries: readonly Entry[]) => Promise<void>
  /** It writes the first cell of one. @returns what writes the others. */
  readonly begin: (entry: Entry) => Promise<() => Promise<void>>
  readonly forward: (seconds: number) => void
  readonly now: () => Instant
}

export interface TestDuty {
  readonly duty: Duty
  /** Every memory that was saved, oldest first: a crash leaves one of these. */
  readonly saved: DutyMemory[]
}

const LINE_KEY = new Uint8Array(32).fill(7)
const STAFF_KEY = new Uint8Array(32).fill(8)
export const dutyKeys: LogKeys = { line: new Secret(LINE_KEY) }
export const deskKeys: LogKeys = { line: new Secret(LINE_KEY), staff: new Secret(STAFF_KEY) }

export const testCapabilities: Capabilities = {
  read: new Secret(capabilities.read),
  append: new Secret(capabilities.append),
  acknowledge: null,
  publish: new Secret(capabilities.publish),
}

let template: Promise<PageTemplate> | undefined
/** The release's template without its script: a relay compresses it in a tenth of the time. */
export const testTemplate = (): Promise<PageTemplate> => {
  template ??= buildTemplate().then((html) =>
    must(parseTemplate(html.replace(/<script>[\s\S]*?<\/script>/, ""))),
  )
  return template
}

export async function testLine(): Promise<TestLine> {
  const organisation = await makeOrganisation()
  const [a, b] = [await testRelay({ organisation }), await testRelay({ organisation, relay: "B" })]
  const down = new Set<"a" | "b">()
  const sent: string[] = []
  const uploads: Uint8Array[] = []
  let time = SAMPLE_NOW
  const pageTemplate = await testTemplate()
  const outgoing: Outgoing = async ({ method, url, headers, body }) => {
    const { origin, pathname } = new URL(url)
    const name = origin === organisation.charter.relays[0].web ? "a" : "b"
    if (down.has(name)) return err({ kind: "unreachable" })
    sent.push(`${name} ${pathname}`)
    if (name === "a" && pathname === "/publish" && body) uploads.push(body.slice(TERM_GRANT_BYTES))
    const answer = await (name === "a" ? a : b).app(
      makeRequest({
        method,
        target: pathname,
        authorization: headers.authorization ?? "",
        ...(body ? { readBody: bodyOf(body) } : {}),
      }),
    )
    return ok({ status: answer.status, body: answer.body })
  }
  const clients = [0, 1].map((i) =>
    relayClient(organisation.charter.relays[i as 0 | 1], testCapabilities, outgoing),
  )
  const [clientA, clientB] = clients as [(typeof clients)[number], (typeof clients)[number]]
  const { organisationId } = organisation.chain
  const desk = new LogFollower({ organisationId, keys: deskKeys, random: seededRandom("desk") })
  let deskPlace: LogPlace = LOG_START
  const write = async (parts: ReturnType<LogFollower["partsOf"]>): Promise<void> => {
    deskPlace = must(await desk.catchUp(clientA, deskPlace)).place
    deskPlace = must(await desk.append(clientA, deskPlace, parts))
  }

  return {
    organisation,
    a,
    b,
    down,
    sent,
    uploads,
    now: () => time,
    forward: (seconds) => {
      time = plusSeconds(time, seconds)
    },
    say: async (...entries) => {
      for (const entry of entries) await write(desk.partsOf(entry))
    },
    begin: async (entry) => {
      const [first, ...others] = desk.partsOf(entry)
      if (!first || others.length === 0) throw new RangeError("an entry of several cells")
      await write([first])
      return () => write(others)
    },
    duty: (which, memory, change) => {
      const saved: DutyMemory[] = []
      const parts = {
        key: organisation.duties[which],
        relays: [clientA, clientB] as const,
        logKeys: dutyKeys,
        template: pageTemplate,
        random: seededRandom(`duty ${which}`),
        now: () => time,
        save: async (changed: DutyMemory) => {
          saved.push(changed)
        },
        ...change,
      }
      return {
        duty: new Duty(parts, memory ?? freshMemory(organisation.chain, organisation.delegations)),
        saved,
      }
    },
  }
}
