import {
  approvedCore,
  approvedWarning,
  freeWarning,
  makeOrganisation,
  revocationBy,
  SAMPLE_NOW,
  sampleTexts,
  signedBy,
  verified,
} from "@kunak/core/testing/organisation"
import { plusSeconds } from "@kunak/core/time/instant"
import { expect, test } from "vitest"
import { inOrderOfNeed } from "./room.ts"

const organisation = await makeOrganisation()
const { amina, boris, vera, delegations, signers } = organisation
const by = async (officer: typeof amina, seconds: number) =>
  await verified(
    organisation,
    await signedBy(organisation, approvedCore(organisation, { signedAt: plusSeconds(SAMPLE_NOW, seconds) }), [
      officer,
    ]),
  )

test("[N4] one officer's flood pushes out her own warnings, not the others'", async () => {
  const free = await freeWarning(organisation, sampleTexts, { signedAt: plusSeconds(SAMPLE_NOW, -9000) })
  const borisOld = await by(boris, -8000)
  const veraOld = await by(vera, -7000)
  const flood = await Promise.all(Array.from({ length: 70 }, (_, i) => by(amina, i)))
  const kept = inOrderOfNeed([...flood, free, borisOld, veraOld], delegations, []).slice(0, 60)
  for (const one of [free, borisOld, veraOld, flood.at(-1)]) expect(kept).toContain(one)
})

test("[N4] what a revocation voids comes last, newest or not", async () => {
  const old = await approvedWarning(organisation, { signedAt: plusSeconds(SAMPLE_NOW, -9000) })
  const flood = await Promise.all(Array.from({ length: 5 }, (_, i) => by(boris, i)))
  const revocation = await revocationBy(organisation, [boris.publicKey], signers.slice(0, 2))
  expect(inOrderOfNeed([...flood, old], delegations, [revocation])[0]).toBe(old)
})
