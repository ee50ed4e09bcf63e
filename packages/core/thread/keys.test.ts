import { expect, test } from "vitest"
import { reveal, Secret } from "../secret.ts"
import type { Week } from "../time/instant.ts"
import { placingKeysOf, replyKeyOf, type ThreadRoot, threadIdOf, weekKeyOf } from "./keys.ts"

const root = new Secret(Uint8Array.from({ length: 32 }, (_, i) => i)) as ThreadRoot
const hex = (secret: Secret<Uint8Array> | Uint8Array) =>
  Buffer.from(secret instanceof Secret ? reveal(secret) : secret).toString("hex")

test("[J2] id, week keys and the keys below them all differ, and a week's key gives no other week's", async () => {
  const [one, two] = [await weekKeyOf(root, 2560 as Week), await weekKeyOf(root, 2561 as Week)]
  const all = [
    await threadIdOf(root),
    one,
    two,
    await replyKeyOf(one),
    ...Object.values(await placingKeysOf(one)),
    await replyKeyOf(two),
    ...Object.values(await placingKeysOf(two)),
  ].map(hex)
  expect(new Set(all.map((text) => text.slice(0, 32))).size).toBe(all.length)
})

test("[J2] the keys of a known root are those of every release (our own vector, HKDF-SHA-256 of RFC 5869)", async () => {
  expect(hex(await threadIdOf(root))).toMatchInlineSnapshot(`"68c1d60222b97a6558ce870bdc3542da"`)
  expect(hex(await weekKeyOf(root, 2560 as Week))).toMatchInlineSnapshot(
    `"bbf938a860a383405e7368030382ac1cf223d044107b6f7e87d3747c07598a3b"`,
  )
})
