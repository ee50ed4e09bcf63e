/** Backups, from the file that a stranger may have kept to what a machine is made of; and other files under a passphrase. */
import { randomBytes } from "node:crypto"
import { rmSync } from "node:fs"
import { join } from "node:path"
import { openBackup, sealBackup } from "@kunak/cli/backup/backup-file"
import { openAge, sealAge } from "@kunak/cli/ceremony/age-file"
import { toHex } from "@kunak/core/bytes/hex"
import type { Enrolment } from "@kunak/core/enrolment/enrolment"
import { encodeEnrolment } from "@kunak/core/enrolment/enrolment"
import { must } from "@kunak/core/result"
import { reveal, Secret } from "@kunak/core/secret"
import type { Organisation } from "@kunak/core/testing/organisation"
import type { Instant } from "@kunak/core/time/instant"
import { makeVaultOf, readVaultBackup, takeVaultBackup } from "@kunak/desk/backup/vault-backup"
import { writeEnrolment } from "@kunak/desk/enrolment/enrol"
import { createVault } from "@kunak/desk/vault/open-vault"
import { SCHEMA } from "@kunak/desk/vault/schema"
import { passphraseBytes } from "@kunak/desk/vault/vault-key"
import { readDutyBackup } from "@kunak/duty/backup"
import { encodeMemory, freshMemory } from "@kunak/duty/memory-file"
import { decodeRelayBackup, encodeRelayBackup } from "@kunak/relay/backup/relay-backup"
import { parseConfig } from "@kunak/relay/config"
import { Encrypter } from "age-encryption"
import { mustHold, type Target } from "./target.ts"

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text)
const text = (bytes: Uint8Array): string => new TextDecoder().decode(bytes)
const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))
const PASSPHRASE = "five random words for tests"
const HASH = "0".repeat(64)
/** As little work as the formats allow: what is tried here is the form. */
const CHEAP = 1
const CHEAP_COST = { memoryKiB: 8, passes: 1, lanes: 1 }

/** @returns undefined where it is no JSON. */
function treeOf(input: Uint8Array): unknown {
  try {
    return JSON.parse(text(input))
  } catch {
    return undefined
  }
}

export async function backupTargets(folder: string, organisation: Organisation): Promise<readonly Target[]> {
  const { chain, delegations, duties } = organisation
  const sample = {
    kind: "relay",
    made: 1_790_000_000 as Instant,
    organisation: chain.organisationId,
    content: { config: "{}" },
  } as const
  const errors = ["not-a-backup", "not-whole", "wrong-passphrase", "altered", "newer-version"]
  const open = async (file: Uint8Array): Promise<void> => {
    const opened = await openBackup(file, PASSPHRASE)
    if (!opened.ok) mustHold(errors.includes(opened.error.kind), "refused without a kind")
    else mustHold(opened.value.organisation.length === 32, "an organisation that is none")
  }
  const capabilities = { read: new Secret(random(32)), append: new Secret(random(32)) }
  const enrolment = (role: "duty" | "officer", seed: Uint8Array): Enrolment => ({
    role,
    label: `${role} 1`,
    charterChain: chain.bytes,
    delegations: delegations.slice(0, 1).map(({ bytes }) => bytes),
    seed: new Secret(seed),
    staffKey: role === "officer" ? new Secret(random(32)) : null,
    lineKey: new Secret(random(32)),
    relays: [0, 1].map(() => ({
      ...capabilities,
      acknowledge: role === "officer" ? new Secret(random(32)) : null,
      publish: role === "duty" ? new Secret(random(32)) : null,
    })) as unknown as Enrolment["relays"],
  })
  const file = join(folder, "restored.vault")
  const place = { file, migrations: SCHEMA, random, cost: CHEAP_COST }
  const unlocking = () => ({ passphrase: passphraseBytes(PASSPHRASE), remoteShare: null })
  const forget = (): void => {
    for (const end of ["", ".new", ".before-update", ".before-update.part"])
      for (const side of ["", "-wal", "-shm", "-journal"]) rmSync(file + end + side, { force: true })
  }
  const vault = must(
    await createVault(place, unlocking(), (made) => writeEnrolment(made, enrolment("officer", random(32)))),
  )
  const vaultSample = utf8(JSON.stringify(takeVaultBackup(vault)))
  vault.lock()
  forget()

  const duty = duties[0]
  if (!duty) throw new TypeError("no duty")
  const config = JSON.stringify({
    charter: "charter.kunak",
    termKey: "term.key",
    store: { kind: "sqlite", path: "relay.db" },
    capabilities: { publish: [HASH], read: [HASH], append: [HASH], acknowledge: [HASH] },
    listen: ["127.0.0.1:0"],
  })
  return [
    {
      name: "backup file",
      form: "bytes",
      samples: [await sealBackup(sample, PASSPHRASE, CHEAP)],
      weight: 0.02,
      take: open,
    },
    {
      // Whoever has the passphrase can put anything inside.
      name: "inside of a backup",
      form: "json",
      samples: [
        utf8(
          JSON.stringify({
            kunak: "backup",
            version: 1,
            kind: "vault",
            made: 1_790_000_000,
            organisation: Buffer.from(chain.organisationId).toString("base64"),
            content: {},
          }),
        ),
      ],
      weight: 0.02,
      take: async (input) => {
        const encrypter = new Encrypter()
        encrypter.setPassphrase(PASSPHRASE)
        encrypter.setScryptWorkFactor(CHEAP)
        const padded = new Uint8Array(65_536).fill(0x20)
        padded.set(input.subarray(0, padded.length))
        await open(await encrypter.encrypt(padded))
      },
    },
    {
      name: "age file",
      form: "bytes",
      samples: [await sealAge(encodeEnrolment(enrolment("duty", random(32))), PASSPHRASE, CHEAP)],
      weight: 0.1,
      take: async (input) => {
        await openAge(input, PASSPHRASE)
      },
    },
    {
      name: "relay's backup",
      form: "json",
      samples: [
        utf8(
          JSON.stringify(
            encodeRelayBackup({
              organisationId: chain.organisationId,
              configText: config,
              charterChain: chain.bytes,
              termKey: toHex(reveal(organisation.relayA.seed)),
              counters: { term: 1, logHead: 40, ringHead: 1_024 },
              revocations: [new Uint8Array(40)],
            }),
          ),
        ),
      ],
      weight: 0.5,
      take: (input) => {
        const decoded = decodeRelayBackup(treeOf(input), chain.organisationId)
        if (!decoded) return
        mustHold(
          decodeRelayBackup(encodeRelayBackup(decoded), chain.organisationId) !== null,
          "taken once and not again",
        )
        parseConfig(decoded.configText, folder)
      },
    },
    {
      name: "duty's backup",
      form: "json",
      samples: [
        utf8(
          JSON.stringify({
            enrolment: encodeEnrolment(enrolment("duty", reveal(duty.seed).slice())),
            memory: encodeMemory(freshMemory(chain, delegations)),
          }),
        ),
      ],
      weight: 0.02,
      take: async (input) => {
        const backup = await readDutyBackup(treeOf(input))
        if (backup) mustHold((await readDutyBackup(backup)) !== null, "taken once and not again")
      },
    },
    {
      name: "vault's backup",
      form: "json",
      samples: [vaultSample],
      weight: 0.002,
      take: async (input) => {
        const backup = readVaultBackup(treeOf(input))
        if (!backup) return
        try {
          const made = await makeVaultOf(backup, place, unlocking, true)
          if (made.ok) made.value.lock()
          else mustHold(made.error.kind.length > 3, "refused without a kind")
        } finally {
          forget()
        }
      },
    },
  ]
}
