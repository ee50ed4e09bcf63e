import { type VerifiedHeader, verifyHeader } from "@kunak/core/edition/verify"
import { must } from "@kunak/core/result"
import { makeEdition, makeOrganisation, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { plusSeconds } from "@kunak/core/time/instant"
import { beforeAll, expect, test } from "vitest"
import { agreed, learn, ownHeader } from "./known-headers.ts"
import type { RelayState } from "./relay-state.ts"

let make: (term: number, number: number, laterSeconds?: number) => Promise<VerifiedHeader>
beforeAll(async () => {
  const organisation = await makeOrganisation()
  make = async (term, number, laterSeconds = 0) => {
    const issued = plusSeconds(SAMPLE_NOW, laterSeconds)
    const { header } = await makeEdition(organisation, { id: { term, number }, issued })
    return must(await verifyHeader(header, organisation.chain))
  }
})
const state = (verified: VerifiedHeader): RelayState => ({ kind: "header", verified, clock: null })
const none = (kind: "down" | "refused" | "other-charter"): RelayState => ({ kind, clock: null })

test("[Z4] the lower of two numbers that differ by at most two within a term, whichever relay has it", async () => {
  const [five, seven, eight] = [await make(1, 5), await make(1, 7), await make(1, 8)]
  expect(agreed(five, seven)).toBe(five)
  expect(agreed(seven, five)).toBe(five)
  expect(agreed(five, five)).toBe(five)
  expect(agreed(five, eight)).toBeNull()
  expect(agreed(eight, five)).toBeNull()
  expect(agreed(five, await make(2, 5)), "another term").toBeNull()
  expect(agreed(five, await make(1, 5, 60)), "two under one id").toBeNull()
})

test("[Z4] each is asked under its own header where they disagree, under the other's where one has none", async () => {
  const [own, low, high] = [await make(1, 1), await make(1, 5), await make(1, 9)]
  const first = ownHeader(own)
  expect(first.named).toEqual([own, own])
  const apart = learn(first, [state(high), state(low)])
  expect(apart).toMatchObject({ named: [high, low], newest: high, disagree: true })
  expect(learn(first, [state(low), none("down")])).toMatchObject({ named: [low, low], disagree: false })
  expect(learn(first, [none("refused"), state(low)])).toMatchObject({ named: [low, low], disagree: true })
  expect(learn(first, [none("other-charter"), none("other-charter")])).toMatchObject({ disagree: false })
})

test("[Z4] what was learned stays while both are silent, and the newest never goes back", async () => {
  const [own, low, high] = [await make(1, 1), await make(1, 5), await make(1, 7)]
  const learned = learn(ownHeader(own), [state(high), state(high)])
  const silent = learn(learned, [none("down"), none("down")])
  expect(silent).toMatchObject({ named: [high, high], newest: high, disagree: false })
  expect(learn(silent, [state(low), state(low)])).toMatchObject({ named: [low, low], newest: high })
})
