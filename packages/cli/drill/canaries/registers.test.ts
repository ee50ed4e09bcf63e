import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { must } from "@kunak/core/result"
import type { Week } from "@kunak/core/time/instant"
import { openCipherFile, readSalt } from "@kunak/desk/vault/cipher-file"
import { createVault } from "@kunak/desk/vault/open-vault"
import { SCHEMA } from "@kunak/desk/vault/schema"
import type { sql } from "@kunak/desk/vault/sql"
import { derivePassphraseKey, passphraseBytes, unlockKey } from "@kunak/desk/vault/vault-key"
import { afterEach, beforeEach, expect, it } from "vitest"
import { afterWeeks, type Canary } from "./canary.ts"
import { type Harvest, harvest } from "./harvest.ts"
import type { Holding } from "./holding.ts"
import { PROTOCOL_FIELDS } from "./protocol-fields.ts"
import { drawTyped, TYPED } from "./typed.ts"
import { columnsAmiss, VAULT_COLUMNS } from "./vault-columns.ts"

const CHEAP = { memoryKiB: 64, passes: 1, lanes: 1 }
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "register-"))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

/** A vault with one more step of its schema, as a later version would have. */
async function harvestOf(later: string | null): Promise<Harvest> {
  const file = join(folder, `${later === null}.vault`)
  const step = {
    number: SCHEMA.length + 1,
    apply: (change: { run: (s: ReturnType<typeof sql>) => void }) =>
      change.run({ text: later ?? "", values: [] } as never),
  }
  const place = {
    file,
    migrations: later === null ? SCHEMA : [...SCHEMA, step as never],
    random: (bytes: number) => new Uint8Array(randomBytes(bytes)),
    cost: CHEAP,
  }
  const passphrase = "horse mill bridge"
  must(await createVault(place, { passphrase: passphraseBytes(passphrase), remoteShare: null })).lock()
  const salt = readSalt(file)
  if (!salt) throw new TypeError("no vault")
  const key = unlockKey(await derivePassphraseKey(passphraseBytes(passphrase), salt, CHEAP), null)
  const database = openCipherFile(file, key, salt)
  if (!database) throw new TypeError("it did not open")
  try {
    return harvest(database, drawTyped())
  } finally {
    database.close()
  }
}

it("[DR2] every column of the vault is watched, and every watched column is there", async () => {
  expect(columnsAmiss((await harvestOf(null)).columns)).toEqual({ unwatched: [], gone: [] })
})

it("[DR2] a column that is added without a canary is noticed", async () => {
  const { columns } = await harvestOf("alter table thread add column phone text")
  expect(columnsAmiss(columns).unwatched).toEqual(["thread.phone"])
})

it("[DR2] everything that people type stands for a field, and is typed into one", () => {
  const named = (fields: Readonly<Record<string, Holding>>): readonly string[] =>
    Object.values(fields).flatMap((holding) => (holding.kind === "typed" ? holding.names : []))
  const known = new Set<string>([...named(VAULT_COLUMNS), ...named(PROTOCOL_FIELDS)])
  // Passphrases and browsers stand in no table; what was deleted stands in the same columns as what was not.
  const apart = TYPED.filter((name) => !/passphrase|browser|deleted/.test(name))
  expect(apart.filter((name) => !known.has(name))).toEqual([])
})

it("[DR2] two drills share no word", () => {
  const [one, other] = [drawTyped(), drawTyped()]
  const words = (typed: ReturnType<typeof drawTyped>) => TYPED.flatMap((name) => Object.values(typed[name]))
  expect(new Set([...words(one), ...words(other)]).size).toBe(4 * TYPED.length)
})

it("[DR2] a placing key may be at duty in its week and those before it, and nowhere once its week is over", () => {
  const canary: Canary = {
    field: "cell key",
    kind: "key",
    value: new Uint8Array(32),
    may: ["duty"],
    week: 7 as Week,
  }
  for (const now of [5, 6, 7]) expect(afterWeeks([canary], now as Week)).toEqual([canary])
  expect(afterWeeks([canary], 8 as Week)).toMatchObject([{ may: [] }])
  const forever: Canary = { field: "handle", kind: "key", value: new Uint8Array(32), may: ["duty"] }
  expect(afterWeeks([forever], 8 as Week)).toEqual([forever])
})
