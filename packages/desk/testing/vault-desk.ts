import { randomBytes } from "node:crypto"
import { toHex } from "@kunak/core/bytes/hex"
import type { Edition } from "@kunak/core/edition/verify"
import type { Letter } from "@kunak/core/envelope/letter"
import type { RelayName } from "@kunak/core/log/note"
import { must } from "@kunak/core/result"
import { Secret } from "@kunak/core/secret"
import {
  delegationAt,
  makeOrganisation,
  type Organisation,
  SAMPLE_NOW,
} from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import type { ThreadId, WeekKey } from "@kunak/core/thread/keys"
import { type Instant, plusSeconds, weekOf } from "@kunak/core/time/instant"
import { emptyLine, type LineState } from "@kunak/duty/line/line-state"
import { takeLetter } from "../hotline/threads/take-letter.ts"
import type { OpenDesk } from "../open-desk.ts"
import { DEFAULT_SETTINGS } from "../settings/settings.ts"
import type { LogTrouble } from "../sync/sync.ts"
import type { UnlockedVault } from "../vault/unlocked-vault.ts"
import { makeTestVault } from "./test-vault.ts"

/** What such a desk is told; a test changes it as it goes. */
export interface Told {
  now: Instant
  edition: Edition | null
  line: LineState
  trouble: Record<RelayName, LogTrouble | null>
  clockOffset: Record<RelayName, number | null>
  capabilities: OpenDesk["officer"]["capabilities"]
  freeBytes: number | null
}

export interface VaultDesk {
  readonly desk: OpenDesk
  readonly organisation: Organisation
  readonly vault: UnlockedVault
  readonly told: Told
  /** Takes a message of this person in, as a ring does. @returns the thread's id, as routes name it. */
  writes(person: string, text: string, time?: Instant): string
  remove(): void
}

let made: Promise<Organisation> | undefined
const mayAcknowledge = (): OpenDesk["officer"]["capabilities"][0] => ({
  read: null,
  append: null,
  acknowledge: new Secret(new Uint8Array(32)),
  publish: null,
})

/** Amina's. */
export async function makeVaultDesk(): Promise<VaultDesk> {
  made ??= makeOrganisation()
  const organisation = await made
  const { vault, remove } = await makeTestVault()
  const told: Told = {
    now: SAMPLE_NOW,
    edition: null,
    line: emptyLine(organisation.chain, organisation.delegations),
    trouble: { A: null, B: null },
    clockOffset: { A: null, B: null },
    capabilities: [mayAcknowledge(), mayAcknowledge()],
    freeBytes: 50e9,
  }
  const desk = {
    vault,
    officer: {
      label: "officer 1",
      key: organisation.amina,
      organisationId: organisation.chain.organisationId,
      get capabilities() {
        return told.capabilities
      },
    },
    chain: () => told.line.chain,
    now: () => told.now,
    freeBytes: () => told.freeBytes,
    settings: () => DEFAULT_SETTINGS,
    swap: () => "none",
    sync: {
      line: () => told.line,
      trouble: (relay: RelayName) => told.trouble[relay],
      clockOffset: (relay: RelayName) => told.clockOffset[relay],
      progress: () => null,
      factTime: () => told.now,
      delegation: (time: Instant) => delegationAt(organisation, time),
      hotline: { trouble: () => null },
      watch: {
        edition: () => told.edition,
        states: () => ({ A: { kind: "serves" }, B: { kind: "serves" } }),
        served: () => ({ A: null, B: null }),
      },
    },
  } as unknown as OpenDesk
  return {
    desk,
    organisation,
    vault,
    told,
    writes: (person, text, time = told.now) => {
      const threadId = seededRandom(person)(16) as ThreadId
      const week = weekOf(time)
      const keyOf = (n: number): WeekKey => new Secret(seededRandom(`${person} ${n}`)(32)) as WeekKey
      const letter: Letter = {
        edition: { term: 1, number: 1 },
        threadId,
        week,
        weekKeys: [0, 1, 2].map((i) => keyOf(week + i)),
        read: [],
        message: { id: new Uint8Array(randomBytes(8)), text },
      }
      must(vault.change((change) => takeLetter(change, letter, time, null)))
      return toHex(threadId)
    },
    remove,
  }
}

/** So many hours after the sample's morning. */
export const hoursOn = (hours: number): Instant => plusSeconds(SAMPLE_NOW, hours * 3600)
