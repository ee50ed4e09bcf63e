import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { must } from "@kunak/core/result"
import type { Week } from "@kunak/core/time/instant"
import { instantFromMs } from "@kunak/core/time/instant"
import { openCipherFile, readSalt } from "@kunak/desk/vault/cipher-file"
import { createVault } from "@kunak/desk/vault/open-vault"
import { SCHEMA } from "@kunak/desk/vault/schema"
import type { sql } from "@kunak/desk/vault/sql"
import { derivePassphraseKey, passphraseBytes, unlockKey } from "@kunak/desk/vault/vault-key"
import { guidanceHash } from "@kunak/page/document/words"
import { loadTemplate } from "@kunak/page/template-file"
import { afterEach, beforeEach, expect, it } from "vitest"
import { found } from "../../ceremony/ceremony.ts"
import { DEMO_PORTS, demoDescription, QUICK_RHYTHM } from "../../demo/description.ts"
import { examineSchemas, protocolAmiss } from "../examine/schemas.ts"
import { afterWeeks, type Canary } from "./canary.ts"
import { ceremonyCanaries } from "./enrolled.ts"
import { type Harvest, harvest } from "./harvest.ts"
import { type Holding, typed, typedInto } from "./holding.ts"
import { PROTOCOL_FIELDS, sharedWithinAType } from "./protocol-fields.ts"
import { drawTyped, TYPED, type TypedName } from "./typed.ts"
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

it("[DR2] within one type two fields never share a word: a field that is added needs one of its own", () => {
  expect(sharedWithinAType()).toEqual([])
  const letter = {
    message: typedInto("message.text", "first letter"),
    contact: typedInto("message.text", "first letter"),
  }
  expect(sharedWithinAType({ letter })).toHaveLength(1)
})

it("[DR2] every field that travels is linked to what was met at its other end; one that is not fails the drill", () => {
  const everything = Object.values(PROTOCOL_FIELDS)
  const arrived = new Map<string, Set<TypedName>>()
  for (const holding of everything)
    if (holding.kind === "typed")
      for (const column of holding.met ?? [])
        arrived.set(column, new Set([...(arrived.get(column) ?? []), ...holding.names]))
  const whole: Harvest = { columns: [], keys: [], filled: new Set(), arrived }
  const canaries = everything.flatMap((holding) =>
    holding.kind === "key"
      ? (holding.met ?? [])
          .slice(0, 1)
          .map((field): Canary => ({ field: `${field} x`, kind: "key", value: new Uint8Array(32), may: [] }))
      : [],
  )
  expect(protocolAmiss(PROTOCOL_FIELDS, [whole], canaries)).toEqual([])
  const without = (column: string): Harvest => ({
    ...whole,
    arrived: new Map([...arrived].filter(([name]) => name !== column)),
  })
  for (const column of arrived.keys())
    expect(protocolAmiss(PROTOCOL_FIELDS, [without(column)], canaries), column).not.toEqual([])
  for (const canary of canaries)
    expect(
      protocolAmiss(
        PROTOCOL_FIELDS,
        [whole],
        canaries.filter(({ field }) => field !== canary.field),
      ),
      canary.field,
    ).not.toEqual([])
  const added = { "letter.phone": typed("first letter") }
  expect(protocolAmiss(added, [whole], canaries)).toHaveLength(1)
})

it("[DR2] enrolments of all roles, signers' keys and the term key are searched for, and only their own machines may have them", async () => {
  const template = await loadTemplate()
  const ceremony = must(
    await found(await demoDescription(DEMO_PORTS, QUICK_RHYTHM), {
      random: (bytes) => new Uint8Array(randomBytes(bytes)),
      now: instantFromMs(Date.now()),
      templateHash: template.hash,
      guidanceHash: (language) => guidanceHash(template.words, language),
    }),
  )
  const canaries = ceremonyCanaries(ceremony)
  const may = (field: RegExp) => canaries.filter((one) => field.test(one.field)).map((one) => one.may)
  expect(may(/^signer/)).toEqual(ceremony.signers.map(() => []))
  expect(may(/^enrolment.seed of officer/)).toEqual(ceremony.officers.map(() => []))
  expect(may(/^enrolment.seed of duty/)).toEqual(ceremony.duties.map(() => ["duty"]))
  expect(may(/^term key/)).toEqual([["relay"], []])
  for (const name of ["read", "append", "acknowledge", "publish"])
    for (const relay of "AB")
      expect(may(new RegExp(`^capabilities.${name} of relay ${relay}$`)), name).not.toEqual([])
})

it("[DR2] a column of words or keys in which nothing ever stood fails the drill: nothing was searched for in its name", () => {
  const watched = (kind: Holding["kind"]) =>
    Object.entries(VAULT_COLUMNS).flatMap(([column, holding]) =>
      holding.kind === kind && holding.kind !== "plain" && !holding.passing ? [{ column, holding }] : [],
    )
  const whole: Harvest = {
    columns: Object.keys(VAULT_COLUMNS),
    keys: [],
    filled: new Set(watched("key").map(({ column }) => column)),
    arrived: new Map(
      watched("typed").map(({ column, holding }) => [
        column,
        new Set(holding.kind === "typed" ? holding.names : []),
      ]),
    ),
  }
  const empty = (harvest: Harvest): readonly string[] =>
    examineSchemas([harvest], [])
      .findings.filter(({ where }) => Object.hasOwn(VAULT_COLUMNS, where))
      .map(({ where }) => where)
  expect(empty(whole)).toEqual([])
  for (const { column } of watched("key"))
    expect(empty({ ...whole, filled: new Set([...whole.filled].filter((one) => one !== column)) })).toEqual([
      column,
    ])
  for (const { column } of watched("typed"))
    expect(
      empty({ ...whole, arrived: new Map([...whole.arrived].filter(([one]) => one !== column)) }),
    ).toContain(column)
  // What the desk keeps of conversations, and its own keys: all of these were to be searched for.
  for (const column of ["intake_seed.seed", "week_key.key", "thread.id", "enrolment.staff_key", "reply.id"])
    expect(watched("key").map((one) => one.column)).toContain(column)
})
