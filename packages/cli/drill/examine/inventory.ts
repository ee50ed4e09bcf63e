/** What stands on a machine's disk, by name: a file, a table or a column that the drill does not know is a finding. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { join, relative } from "node:path"
import { DatabaseSync } from "node:sqlite"
import type { Finding } from "./section.ts"

/** Files below `kunak/` that a program of ours keeps. */
const KNOWN_FILES: Readonly<Record<"relay" | "duty" | "desk", readonly string[]>> = {
  relay: [
    "charter.kunak",
    "relay.json",
    "term.key",
    "relay.db",
    "relay.db-wal",
    "relay.db-shm",
    "relay.db.pid",
  ],
  duty: ["enrolment.json", "memory.json", "memory.json.new"],
  desk: ["enrolment.age", "officer.vault", "officer.vault-wal", "officer.vault.lock"],
}

/** As `packages/relay/store/sqlite/database.ts` makes them: no time, no address, no count of visits. */
const KNOWN_COLUMNS = [
  "state.one",
  "state.term",
  "state.head",
  "edition.term",
  "edition.number",
  "edition.package",
  "log.position",
  "log.cell",
  "revocation.place",
  "revocation.bytes",
  "ring_state.one",
  "ring_state.slots",
  "ring_state.head",
  "ring_state.acknowledged",
  "ring.slot",
  "ring.envelope",
]

/** Fields of the files in JSON that relays and duties keep. */
const KNOWN_FIELDS: Readonly<Record<string, readonly string[]>> = {
  "relay.json": ["charter", "termKey", "store", "capabilities", "listen"],
  "enrolment.json": [
    ...["kunak", "version", "role", "label", "charterChain", "delegations"],
    ...["seed", "staffKey", "lineKey", "relays"],
  ],
  "memory.json": [
    ...["version", "position", "previousHash", "grant", "knownTerm", "number", "lease", "receipt"],
    ...["chain", "delegations", "revocations", "vetoes", "warnings", "intakeKeys", "parts"],
  ],
}

const stranger = (what: string, where: string): Finding => ({
  kind: "stranger",
  what,
  form: "not on the list of what is kept",
  where,
  times: 1,
})

/** @param folder of the machine; what the drill itself put there (log, home, tmp) is looked through elsewhere. */
export function strangeFiles(
  folder: string,
  kind: keyof typeof KNOWN_FILES,
  where: string,
): readonly Finding[] {
  return filesIn(join(folder, "kunak"))
    .map((path) => relative(join(folder, "kunak"), path))
    .filter((name) => !KNOWN_FILES[kind].includes(name))
    .map((name) => stranger(`a file: ${name}`, where))
}

/** @returns fields that nobody knows, of files that are there. @throws SyntaxError where one is no JSON. */
export function strangeFields(folder: string, where: string): readonly Finding[] {
  return Object.entries(KNOWN_FIELDS).flatMap(([name, known]) => {
    const path = join(folder, "kunak", name)
    if (!existsSync(path)) return []
    return Object.keys(JSON.parse(readFileSync(path, "utf8")) as object)
      .filter((field) => !known.includes(field))
      .map((field) => stranger(`a field: ${name}, ${field}`, where))
  })
}

/** Home and temporary folder of a program that keeps everything in one place: nothing at all. */
export const strayFiles = (folder: string, where: string): readonly Finding[] =>
  ["home", "tmp"]
    .flatMap((name) => filesIn(join(folder, name)))
    .map((path) => stranger(`a file: ${relative(folder, path)}`, where))

export function strangeColumns(path: string, where: string): readonly Finding[] {
  const database = new DatabaseSync(path, { readOnly: true })
  try {
    const columns = database
      .prepare(
        `select t.name || '.' || c.name as name from sqlite_schema t, pragma_table_info(t.name) c where t.type = 'table'`,
      )
      .all()
    return columns
      .map(({ name }) => String(name))
      .filter((name) => !KNOWN_COLUMNS.includes(name))
      .map((name) => stranger(`a column: ${name}`, where))
  } finally {
    database.close()
  }
}

/** @param isLeftOut a folder that is not looked into. */
export function filesIn(
  folder: string,
  isLeftOut: (path: string) => boolean = () => false,
): readonly string[] {
  if (isLeftOut(folder)) return []
  try {
    return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
      const path = join(folder, entry.name)
      return entry.isDirectory() ? filesIn(path, isLeftOut) : entry.isFile() ? [path] : []
    })
  } catch {
    return []
  }
}
