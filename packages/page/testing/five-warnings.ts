/** A page as it is on a bad week: five warnings in two languages in force. Synthetic. */
import type { Charter } from "@kunak/core/charter/charter"
import { type IntakeKey, signIntakeKey, verifyIntakeKey, windowOf } from "@kunak/core/intake/intake-key"
import { must } from "@kunak/core/result"
import { makeKemKey } from "@kunak/core/suite"
import {
  approvedWarning,
  delegationAt,
  freeWarning,
  type MadeEdition,
  makeEdition,
  makeOrganisation,
  type Organisation,
  type OrganisationOptions,
} from "@kunak/core/testing/organisation"
import { DAY_SECONDS, type Instant, instant, plusSeconds, weekOf, weekStart } from "@kunak/core/time/instant"

export interface Sample {
  readonly organisation: Organisation
  readonly edition: MadeEdition
}

/** An intake key as an officer makes it: every page has one, and its bytes compress to nothing less. */
async function sampleIntake(organisation: Organisation, now: Instant): Promise<IntakeKey> {
  const { publicKey } = await makeKemKey(organisation.random)
  const delegation = delegationAt(organisation, now)
  const bytes = await signIntakeKey(publicKey, windowOf(now), organisation.amina, delegation)
  return must(await verifyIntakeKey(bytes, [delegation], []))
}

/** A demonstration whose visits take seconds: the first tick after 100 ms, the last after 17 s. */
export const QUICK = {
  demonstration: true,
  change: (charter: Charter): Charter => ({ ...charter, tickMs: 1_200 }),
} as const

/**
 * A demonstration for what the page says, not for its rhythm: the relays are asked after a second and waited for five, so that a busy machine
 * makes none of them silent. A whole visit would take three minutes.
 */
export const PATIENT = {
  demonstration: true,
  change: (charter: Charter): Charter => ({ ...charter, tickMs: 12_000 }),
} as const

const SPEEDS = { quick: QUICK, patient: PATIENT } as const

/** @param now issue time; the newest warning is the approved "leave as soon as possible". */
export async function fiveWarnings(
  now: Instant,
  relays?: OrganisationOptions["relays"],
  demonstration: boolean | "quick" | "patient" = false,
): Promise<Sample> {
  const organisation = await makeOrganisation({
    now,
    ...(typeof demonstration === "string" ? SPEEDS[demonstration] : { demonstration }),
    ...(relays ? { relays } : {}),
  })
  const signed = (hoursAgo: number) => {
    const signedAt = plusSeconds(now, -hoursAgo * 3600)
    return { signedAt, effective: signedAt, expires: plusSeconds(signedAt, 2 * DAY_SECONDS) }
  }
  const warnings = [
    await approvedWarning(organisation, { ...signed(0.5), areas: [2] }),
    await freeWarning(organisation, undefined, { ...signed(2), areas: [2, 3] }),
    await approvedWarning(organisation, { ...signed(4), wording: 2, areas: [3, 4] }),
    await freeWarning(
      organisation,
      [
        {
          language: "en",
          headline: "An invitation to a party in Grozny is a trap",
          description: "An account that was taken from its owner invites to a flat. Police wait there.",
          instruction: "Do not go. Do not answer. Leave the group in which you were asked.",
        },
        {
          language: "ru",
          headline: "Приглашение на вечеринку в Грозном – ловушка",
          description: "С захваченной страницы зовут в квартиру. Там ждёт полиция.",
          instruction: "Не ходите. Не отвечайте. Выйдите из группы, где вас позвали.",
        },
      ],
      { ...signed(9), areas: [5] },
    ),
    await approvedWarning(organisation, { ...signed(20), wording: 2, areas: [6] }),
  ]
  const edition = await makeEdition(organisation, {
    warnings,
    intakeKey: (await sampleIntake(organisation, now)).bytes,
    issued: now,
    receiptTime: instant(Math.max(now - 1200, weekStart(weekOf(now)))),
  })
  return { organisation, edition }
}
