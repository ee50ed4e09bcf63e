import { expect, test } from "vitest"
import { HEADER_BYTES, MAX_PACKAGE_BYTES } from "../parameters.ts"
import { makeSigningKey } from "../suite.ts"
import { seededRandom } from "../testing/seeded-random.ts"
import { decodePackage, type EditionFile, encodePackage } from "./package.ts"
import { signTermGrant, signTermRequest, verifyTermGrant, verifyTermRequest } from "./term.ts"

const random = seededRandom("packages")
const header = random(HEADER_BYTES)
const file = (name: string): EditionFile => ({ name, bytes: random(5) })
const needed = ["board", "page.web.html", "page.onion.html", "feed.atom", "bulletin"].map(file)
const cap = file(`cap/${"0a".repeat(16)}-0.xml`)

test("[P1] a package has header, both pages, feed, board and bulletin, and CAP files beside them", () => {
  const bytes = encodePackage({ header, files: [cap, ...needed] })
  const decoded = decodePackage(bytes)
  expect(decoded?.files.map(({ name }) => name)).toEqual([
    "board",
    "bulletin",
    cap.name,
    "feed.atom",
    "page.onion.html",
    "page.web.html",
  ])
  expect(decoded && encodePackage(decoded)).toEqual(bytes)
})

test("[P1] refuses other names, a name twice, another order, a file too few, and more than 4 MiB", () => {
  const refused = (files: readonly EditionFile[]) =>
    expect(decodePackage(encodePackage({ header, files }))).toBeNull()
  for (const name of [
    "index.html",
    "../bulletin",
    "cap/x.xml",
    "/etc/passwd",
    "page.web.html ",
    "PAGE.web.html",
  ]) {
    refused([...needed, file(name)])
  }
  for (const missing of needed) refused(needed.filter((item) => item !== missing))
  refused([...needed, needed[0] as EditionFile])
  const bytes = encodePackage({ header, files: needed })
  expect(decodePackage(bytes.slice(0, -1))).toBeNull()
  expect(decodePackage(Uint8Array.from([...bytes, 0]))).toBeNull()
  refused([...needed, { name: cap.name, bytes: new Uint8Array(MAX_PACKAGE_BYTES) }])
})

test("[P2] a term is asked for by the key it names, and granted by relay A alone", async () => {
  const [duty, other] = [makeSigningKey("duty", random), makeSigningKey("duty", random)]
  const [relayA, relayB] = [makeSigningKey("relay-term", random), makeSigningKey("relay-term", random)]
  const request = await signTermRequest(duty, 6)
  expect(await verifyTermRequest(request)).toEqual({ duty: duty.publicKey, expected: 6 })
  const grant = await signTermGrant(7, duty.publicKey, relayA)
  expect(await verifyTermGrant(grant, relayA.publicKey)).toMatchObject({ term: 7, duty: duty.publicKey })
  expect(await verifyTermGrant(grant, relayB.publicKey)).toBeNull()
  const stolen = request.slice()
  stolen.set(other.publicKey)
  expect(await verifyTermRequest(stolen)).toBeNull()
  for (const [bytes, verify] of [
    [request, verifyTermRequest],
    [grant, (altered: Uint8Array) => verifyTermGrant(altered, relayA.publicKey)],
  ] as const) {
    expect(bytes.length).toBe(100)
    for (let i = 0; i < bytes.length; i++) {
      const altered = bytes.slice()
      altered[i] = (altered[i] as number) ^ (1 << (i % 8))
      expect(await verify(altered), `byte ${i}`).toBeNull()
    }
    expect(await verify(bytes.slice(1))).toBeNull()
  }
})
