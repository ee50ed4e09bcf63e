/**
 * Writes today's form of everything that Kunak keeps or passes on, once for each release: docs/forms.md. Every later version
 * reads these (forms.test.ts). The organisation is synthetic; all keys in it are public.
 */
import { randomBytes } from "node:crypto"
import { mkdir, rm, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { toHex } from "@kunak/core/bytes/hex"
import { type Enrolment, encodeEnrolment } from "@kunak/core/enrolment/enrolment"
import { dummyPart, hashCell, sealCell, splitEntry } from "@kunak/core/log/cell"
import { type Entry, encodeEntry } from "@kunak/core/log/entry"
import { ENVELOPE_BYTES } from "@kunak/core/parameters"
import { must } from "@kunak/core/result"
import { reveal, Secret } from "@kunak/core/secret"
import { approvedWarning, makeEdition, makeOrganisation, SAMPLE_NOW } from "@kunak/core/testing/organisation"
import { takeVaultBackup } from "@kunak/desk/backup/vault-backup"
import { writeEnrolment } from "@kunak/desk/enrolment/enrol"
import { keepRingPlace, NEVER_READ } from "@kunak/desk/hotline/rings/ring-store"
import { addThread } from "@kunak/desk/hotline/threads/thread-store"
import { createVault } from "@kunak/desk/vault/open-vault"
import { SCHEMA } from "@kunak/desk/vault/schema"
import { sql } from "@kunak/desk/vault/sql"
import { passphraseBytes } from "@kunak/desk/vault/vault-key"
import { takeDutyBackup } from "@kunak/duty/backup"
import { applyEntry } from "@kunak/duty/line/line-state"
import { encodeMemory, freshMemory } from "@kunak/duty/memory-file"
import { buildTemplate } from "@kunak/page/build"
import { renderPage } from "@kunak/page/document/render"
import { parseTemplate } from "@kunak/page/document/template"
import { encodeRelayBackup } from "@kunak/relay/backup/relay-backup"
import { sqliteStore } from "@kunak/relay/store/sqlite/store"
import { sealBackup } from "../backup/backup-file.ts"
import { sealAge } from "../ceremony/age-file.ts"
import { encodeDelegations } from "../ceremony/delegations-file.ts"
import { encodeSignerKey } from "../ceremony/signer-key.ts"
import { delegatePaper, NO_CHANGE } from "../charter/delegate.ts"
import { encodePaper } from "../charter/paper.ts"

export const FROZEN_PASSPHRASE = "words that everybody knows"
/** Small, so that the file is: a charter's ring has 1,024 slots at least. */
export const FROZEN_SLOTS = 8
const CHEAP = 2

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))
const fill = (byte: number): Secret<Uint8Array> => new Secret(new Uint8Array(32).fill(byte))

/** @param folder that does not exist: what is frozen is never written again. */
export async function freeze(folder: string): Promise<void> {
  await mkdir(folder)
  const put = (name: string, bytes: string | Uint8Array): Promise<void> =>
    writeFile(join(folder, name), bytes)
  const organisation = await makeOrganisation()
  const { chain, delegations } = organisation
  const warning = await approvedWarning(organisation)
  const edition = await makeEdition(organisation, { warnings: [warning] })

  await put("charter.kunak", chain.bytes)
  await put("delegations.kunak", encodeDelegations(delegations.map(({ bytes }) => bytes)))
  const signer = { key: organisation.signers[0], label: "signer 1", organisationId: chain.organisationId }
  await put("signer.age", await sealAge(encodeSignerKey(signer as never), FROZEN_PASSPHRASE, CHEAP))
  const known = { chain, delegations, editions: [], warnings: [], revocations: [], vetoes: [] }
  const weeks = { weeks: 2, fromNow: false, change: NO_CHANGE, now: SAMPLE_NOW }
  await put("paper.json", encodePaper(delegatePaper(known, weeks)))

  const common = { charterChain: chain.bytes, delegations: delegations.map(({ bytes }) => bytes) }
  const own = { read: fill(2), append: fill(3), acknowledge: fill(4), publish: null }
  const officer = (): Enrolment => ({
    ...common,
    role: "officer",
    label: "officer 1",
    seed: new Secret(reveal(organisation.amina.seed).slice()),
    staffKey: fill(8),
    lineKey: fill(7),
    relays: [own, own],
  })
  await put("enrolment.age", await sealAge(encodeEnrolment(officer()), FROZEN_PASSPHRASE, CHEAP))
  const place = { file: join(folder, "officer.vault"), migrations: SCHEMA, random }
  const unlocking = { passphrase: passphraseBytes(FROZEN_PASSPHRASE), remoteShare: null }
  const vault = must(await createVault(place, unlocking))
  must(writeEnrolment(vault, officer()))
  const thread = new Uint8Array(16).fill(5)
  must(
    vault.change((change) => {
      addThread(change, thread as never, 2_500 as never, SAMPLE_NOW)
      change.run(sql`insert into message (thread, id, opened, text, quarantined, kept, log_position)
        values (${thread}, ${new Uint8Array(8).fill(6)}, ${SAMPLE_NOW}, 'мост у мельницы', 0, 1, 3)`)
      change.run(
        sql`insert into week_key (thread, week, key) values (${thread}, 2500, ${new Uint8Array(32).fill(9)})`,
      )
      // Of the third step and the fourth.
      keepRingPlace(change, "A", { ...NEVER_READ, opened: 9, head: 9, missed: 3, missedAt: SAMPLE_NOW })
      change.run(sql`insert into note_lost values (2, ${SAMPLE_NOW})`)
      change.run(sql`insert into log_place values (4, ${new Uint8Array(32).fill(1)})`)
    }),
  )
  const content = takeVaultBackup(vault)
  vault.lock()
  const sealed = { made: SAMPLE_NOW, organisation: chain.organisationId }
  await put(
    "vault-backup.age",
    await sealBackup({ kind: "vault", ...sealed, content }, FROZEN_PASSPHRASE, CHEAP),
  )

  const entry: Entry = { kind: "warning", warning: warning.signed }
  const duties = { read: fill(2), append: fill(3), acknowledge: null, publish: fill(1) }
  const enrolment = encodeEnrolment({
    ...common,
    role: "duty",
    label: "duty 1",
    seed: organisation.duties[0].seed,
    staffKey: null,
    lineKey: fill(7),
    relays: [duties, duties],
  })
  const fresh = freshMemory(chain, delegations)
  const line = await applyEntry(fresh.line, entry, SAMPLE_NOW)
  const grant = { term: 3, bytes: new Uint8Array(100).fill(2) }
  const memory = encodeMemory({ ...fresh, line, grant, knownTerm: 3, number: 7 })
  await mkdir(join(folder, "duty"))
  await put("duty/enrolment.json", enrolment)
  await put("duty/memory.json", memory)
  const duty = must(await takeDutyBackup(join(folder, "duty")))
  const dutyContent = { enrolment: duty.enrolment, memory: duty.memory }
  await put(
    "duty-backup.age",
    await sealBackup({ kind: "duty", ...sealed, content: dutyContent }, FROZEN_PASSPHRASE, CHEAP),
  )

  const cells: Uint8Array[] = []
  let previousHash = new Uint8Array(32)
  for (const part of [...splitEntry(encodeEntry(entry), random), dummyPart(random)]) {
    const at = { organisationId: chain.organisationId, position: cells.length, previousHash }
    const cell = await sealCell(part, at, "line", fill(7), random)
    cells.push(cell)
    previousHash = hashCell(cell) as Uint8Array<ArrayBuffer>
  }
  await put(
    "log-cells.json",
    `${JSON.stringify({ lineKey: toHex(reveal(fill(7))), cells: cells.map(toHex) })}\n`,
  )

  const store = must(
    sqliteStore(join(folder, "relay.db"), { keepCells: 1_024, slots: FROZEN_SLOTS }, () => {}),
  )
  must(
    await store.fillRing(
      0,
      Array.from({ length: FROZEN_SLOTS }, () => random(ENVELOPE_BYTES)),
    ),
  )
  must(await store.grantTerm(0))
  must(await store.publish({ id: { term: 1, number: 1 }, package: random(5_000) }))
  must(await store.append(0, cells))
  must(await store.post(new Uint8Array(ENVELOPE_BYTES).fill(7)))
  await store.close()
  for (const end of [".pid", "-wal"]) await rm(join(folder, `relay.db${end}`), { force: true })
  const relay = encodeRelayBackup({
    organisationId: chain.organisationId,
    configText: JSON.stringify({ charter: "charter.kunak", store: { kind: "sqlite", path: "relay.db" } }),
    charterChain: chain.bytes,
    termKey: toHex(reveal(organisation.relayA.seed)),
    counters: { term: 1, logHead: cells.length, ringHead: FROZEN_SLOTS + 1 },
    revocations: [],
  })
  await put(
    "relay-backup.age",
    await sealBackup({ kind: "relay", ...sealed, content: relay }, FROZEN_PASSPHRASE, CHEAP),
  )

  // Without its scripts: what is frozen is how an edition stands in a page.
  const text = (await buildTemplate()).replace(/<script>[\s\S]*?<\/script>/, "")
  await put("page.html", renderPage(must(parseTemplate(text)), edition, "web"))
}
