import { signIntakeKey, verifyIntakeKey, windowEnd, windowOf } from "@kunak/core/intake/intake-key"
import { must } from "@kunak/core/result"
import { reveal } from "@kunak/core/secret"
import { makeKemKey } from "@kunak/core/suite"
import { makeOrganisation, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { seededRandom } from "@kunak/core/testing/seeded-random"
import { DAY_SECONDS, plusSeconds, weekOf } from "@kunak/core/time/instant"
import { afterEach, beforeEach, describe, expect, it } from "vitest"
import { makeTestVault, type TestVault } from "../../testing/test-vault.ts"
import type { UnlockedVault } from "../../vault/unlocked-vault.ts"
import {
  addIntakeSeed,
  countIntakeKeys,
  eraseIntakeSeeds,
  forgetOldKeys,
  intakeKeyById,
  intakeKeyOf,
  intakeSeedOf,
  isGone,
  isWrappedTo,
  noteWrap,
  takeIntakeKey,
  takeReceiveKey,
} from "./key-store.ts"

const random = seededRandom("key store")
const WINDOW = windowOf(SAMPLE_NOW)

let made: TestVault
let vault: UnlockedVault
beforeEach(async () => {
  made = await makeTestVault()
  vault = made.vault
})
afterEach(() => made.remove())

async function intake() {
  const organisation = await makeOrganisation()
  const delegation = organisation.delegations.find(({ week }) => week === weekOf(SAMPLE_NOW))
  if (!delegation) throw new TypeError("no delegation")
  const pair = await makeKemKey(random)
  const bytes = await signIntakeKey(pair.publicKey, WINDOW, organisation.amina, delegation)
  const key = must(await verifyIntakeKey(bytes, [delegation], []))
  return { pair, key, amina: organisation.amina.publicKey, boris: organisation.boris.publicKey }
}

describe("a seed", () => {
  it("[L7] counts only if it gives the public key that an officer signed, in whatever order wraps and key come", async () => {
    const { pair, key, amina } = await intake()
    const forged = await makeKemKey(random)
    must(vault.change((change) => addIntakeSeed(change, key.keyId, WINDOW, forged)))
    expect(intakeSeedOf(vault, key.keyId), "no officer has signed such a key yet").toBeNull()
    must(vault.change((change) => takeIntakeKey(change, key, amina)))
    expect(intakeSeedOf(vault, key.keyId), "a seed of somebody who has the staff key").toBeNull()
    must(vault.change((change) => addIntakeSeed(change, key.keyId, WINDOW, pair)))
    const found = intakeSeedOf(vault, key.keyId)
    expect(found && reveal(found.seed)).toEqual(reveal(pair.seed))
  })

  it("[I3] once erased is known to be gone, and its key is remembered for weeks", async () => {
    const { pair, key, amina } = await intake()
    must(
      vault.change((change) => {
        takeIntakeKey(change, key, amina)
        addIntakeSeed(change, key.keyId, WINDOW, pair)
        eraseIntakeSeeds(change, WINDOW)
      }),
    )
    expect(intakeSeedOf(vault, key.keyId)).toBeNull()
    expect(isGone(vault, key.keyId)).toBe(true)
    const forget = (days: number) =>
      must(
        vault.change((change) => forgetOldKeys(change, plusSeconds(windowEnd(WINDOW), days * DAY_SECONDS))),
      )
    forget(21)
    expect(intakeKeyById(vault, key.keyId)).not.toBeNull()
    forget(22)
    expect(intakeKeyById(vault, key.keyId)).toBeNull()
    expect(isGone(vault, key.keyId)).toBe(false)
  })

  it("[L8] is wrapped again to whoever gives a new receive key for its window", async () => {
    const { key, boris } = await intake()
    const publicKeys = [random(1216), random(1216)]
    const give = (publicKey: Uint8Array | undefined) =>
      must(
        vault.change((change) =>
          takeReceiveKey(change, boris, { window: WINDOW, publicKey: publicKey ?? new Uint8Array() }),
        ),
      )
    give(publicKeys[0])
    must(vault.change((change) => noteWrap(change, key.keyId, boris, WINDOW)))
    give(publicKeys[0])
    expect(isWrappedTo(vault, key.keyId, boris)).toBe(true)
    give(publicKeys[1])
    expect(isWrappedTo(vault, key.keyId, boris)).toBe(false)
  })

  it("[L8] of an intake key that counts no more opens what was sealed to it, but nothing new stands under it", async () => {
    const { pair, key, amina } = await intake()
    must(
      vault.change((change) => {
        takeIntakeKey(change, key, amina)
        addIntakeSeed(change, key.keyId, WINDOW, pair)
        countIntakeKeys(change, [key], WINDOW)
      }),
    )
    expect(intakeKeyOf(vault, WINDOW)).not.toBeNull()
    must(vault.change((change) => countIntakeKeys(change, [], WINDOW)))
    expect(intakeKeyOf(vault, WINDOW)).toBeNull()
    expect(intakeSeedOf(vault, key.keyId)).not.toBeNull()
  })
})
