/**
 * The judges of what a harmed organisation must still hold. The rounds themselves take minutes: `npm run check -- loss`, or by hand
 * node e2e/loss/run.ts --seed N --rounds N
 */
import { expect, test } from "vitest"
import { chanceOf } from "./loss/chance.ts"
import { afterPowerCut, type Change, type Image } from "./loss/disk-image.ts"
import { judge, type Told } from "./loss/oracle.ts"

const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)
const change = (kind: Change["kind"], path: string, text = "", offset = 0): Change => ({
  kind,
  path,
  offset,
  data: bytes(text),
})
/** Everything that a power cut can leave of it. */
const outcomes = (changes: readonly Change[], before: Image = new Map()): ReadonlySet<string> =>
  new Set(
    Array.from({ length: 200 }, (_, seed) =>
      JSON.stringify(
        [...afterPowerCut(before, changes, chanceOf(seed))]
          .map(([path, left]) => [path, Buffer.from(left).toString()])
          .sort(),
      ),
    ),
  )

test("the judge of power cuts: what was synced stays, what was not may go, and a name is not its file", () => {
  const written = [change("created", "a"), change("written", "a", "new")]
  expect(outcomes(written)).toEqual(new Set(["[]", '[["a",""]]', '[["a","new"]]']))
  // A file synced in a folder that is not may be gone with its name.
  expect(outcomes([...written, change("synced", "a")])).toEqual(new Set(["[]", '[["a","new"]]']))
  expect(outcomes([...written, change("synced", "a"), change("synced", ".")])).toEqual(
    new Set(['[["a","new"]]']),
  )
  // Renamed into place without having been synced: the old content is gone, the new one need not be there.
  const old = new Map([["m", bytes("old")]])
  const careless = [
    change("created", "n"),
    change("written", "n", "new"),
    change("renamed", "n", "m"),
    change("synced", "."),
  ]
  expect(outcomes(careless, old)).toEqual(new Set(['[["m",""]]', '[["m","new"]]']))
  const careful = [
    change("created", "n"),
    change("written", "n", "new"),
    change("synced", "n"),
    change("renamed", "n", "m"),
  ]
  expect(
    [...outcomes(careful, old)].every((left) => left.includes('["m","old"]') || left.includes('["m","new"]')),
  ).toBe(true)
  // Sectors go each for itself.
  const torn = outcomes([change("written", "f", "x".repeat(1_024))], new Map([["f", new Uint8Array(1_024)]]))
  expect(torn.size).toBe(4)
})

test("the judge of messages: lost, doubled and invented ones are seen", () => {
  const told = (messageId: string, isTold: boolean): Told => ({
    threadId: "t",
    messageId,
    text: `text ${messageId}`,
    isTold,
    oddAnswer: 0,
  })
  const all = [told("1", true), told("2", true), told("3", false), told("4", false)]
  const verdict = judge(all, new Map([["t", ["text 2", "text 2", "text 3", "text 5"]]]))
  expect([
    verdict.told,
    verdict.lost.map(({ messageId }) => messageId),
    verdict.doubled.map(({ messageId }) => messageId),
    verdict.invented,
  ]).toEqual([2, ["1"], ["2"], ["t text 5"]])
})
