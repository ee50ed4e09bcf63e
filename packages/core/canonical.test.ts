/** What holds of every decoder (rules B1–B5): no bytes stop it, and each content has one form. */

import fc from "fast-check"
import { expect, test } from "vitest"
import { concatBytes } from "./bytes/equal.ts"
import { ByteWriter } from "./bytes/writer.ts"
import { sha256 } from "./suite.ts"
import { allDecoders, type Decoder } from "./testing/decoders.ts"
import { makeOrganisation } from "./testing/organisation.ts"
import { runs } from "./testing/runs.ts"

const decoders = await allDecoders(await makeOrganisation())

/** A payload's checksum would refuse every mutation before anything else is read: it is made to fit again. */
const fit = ({ name }: Decoder, bytes: Uint8Array): Uint8Array => {
  if (name !== "payload") return bytes
  const body = bytes.slice(0, Math.max(0, bytes.length - 4))
  return concatBytes(body, sha256(body).slice(0, 4))
}

function holdsOf(decoder: Decoder, bytes: Uint8Array): void {
  const again = decoder.again(bytes)
  if (again) expect(Buffer.compare(again, bytes)).toBe(0)
}

test.for(decoders)("[B5] $name: its sample decodes and encodes to the same bytes", (decoder) => {
  expect(decoder.again(decoder.sample)).toEqual(decoder.sample)
})

test.for(decoders)("[B1] $name: one byte more, one less, or none is refused", (decoder) => {
  const { sample, again } = decoder
  for (const bytes of [
    new Uint8Array(),
    sample.slice(0, -1),
    sample.slice(1),
    concatBytes(sample, Uint8Array.of(0)),
  ]) {
    const fitted = fit(decoder, bytes)
    expect(decoder.name === "payload" && fitted.length <= 4 ? null : again(fitted)).toBeNull()
  }
})

test.for(decoders)("[B1] $name: any bytes neither stop it nor decode to two forms", (decoder) => {
  const head = decoder.sample.slice(0, 5)
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 400 }), fc.boolean(), (rest, known) => {
      holdsOf(decoder, fit(decoder, known ? concatBytes(head, rest) : rest))
    }),
    { numRuns: runs(150) },
  )
})

/** Bytes replaced, cut out, put in, and lengths made huge. */
const mutation = fc.array(
  fc.record({
    at: fc.nat(),
    kind: fc.constantFrom("set", "cut", "insert", "huge"),
    byte: fc.integer({ min: 0, max: 255 }),
    length: fc.integer({ min: 1, max: 40 }),
  }),
  { minLength: 1, maxLength: 3 },
)

test.for(decoders)(
  "[B5] $name: what is left of a sample after mutation is refused, or in the one form",
  (decoder) => {
    fc.assert(
      fc.property(mutation, (changes) => {
        let bytes = decoder.sample
        for (const { at, kind, byte, length } of changes) {
          const i = at % (bytes.length + 1)
          const [before, after] = [bytes.slice(0, i), bytes.slice(i)]
          if (kind === "set") bytes = concatBytes(before, Uint8Array.of(byte), after.slice(1))
          if (kind === "cut") bytes = concatBytes(before, after.slice(length))
          if (kind === "insert") bytes = concatBytes(before, new Uint8Array(length).fill(byte), after)
          if (kind === "huge")
            bytes = concatBytes(before, new ByteWriter().u32(0xffff_ffff).bytes(), after.slice(4))
        }
        holdsOf(decoder, fit(decoder, bytes))
      }),
      { numRuns: runs(150) },
    )
  },
)

test.for(decoders)(
  "[B5] $name: a bit turned in any byte of its first kilobyte is refused, or another content",
  (decoder) => {
    const { sample } = decoder
    for (let i = 0; i < Math.min(sample.length, 1024); i++) {
      const turned = sample.slice()
      turned[i] = (turned[i] as number) ^ (1 << (i % 8))
      holdsOf(decoder, fit(decoder, turned))
    }
  },
)
