import { expect, test } from "vitest"
import { toHex } from "../bytes/hex.ts"
import { fingerprint } from "../charter/fingerprint.ts"
import { checkForward } from "../forward/check.ts"
import { makePayload, toQrText } from "../forward/payload.ts"
import { textBlock } from "../forward/text-block.ts"
import { must } from "../result.ts"
import {
  approvedWarning,
  freeWarning,
  makeEdition,
  makeOrganisation,
  SAMPLE_NOW,
} from "../testing/organisation.ts"

test("[E1] an edition of a good duty verifies and carries its warnings", async () => {
  const organisation = await makeOrganisation()
  const warnings = [await approvedWarning(organisation), await freeWarning(organisation)]
  const { edition } = await makeEdition(organisation, { warnings })
  expect(edition.bulletin.warnings.map(({ hash }) => toHex(hash))).toEqual(
    warnings.map(({ hash }) => toHex(hash)),
  )
  expect(fingerprint(organisation.chain.organisationId)).toMatch(/^([a-z2-7]{4} ){7}[a-z2-7]{4}$/)
})

test("[F1] a text block is genuine as it is, and changed with one letter changed", async () => {
  const organisation = await makeOrganisation()
  const warning = await freeWarning(organisation)
  const block = must(textBlock(warning, "ru", organisation.chain, organisation.delegations))
  const known = { chain: organisation.chain, delegations: [], revocations: [], warnings: [], vetoes: [] }
  expect((await checkForward(block, known, SAMPLE_NOW)).kind).toBe("genuine")
  expect((await checkForward(block.replace("незнакомых", "знакомых"), known, SAMPLE_NOW)).kind).toBe(
    "changed",
  )
  const qr = toQrText(makePayload(await approvedWarning(organisation), "ru", organisation.delegations))
  expect(qr.length).toBeLessThan(1100)
  expect((await checkForward(qr, known, SAMPLE_NOW)).kind).toBe("genuine")
})
