/** A new vault in a folder of its own, cheap to open. */
import { randomBytes } from "node:crypto"
import { mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { must } from "@kunak/core/result"
import { createVault } from "../vault/open-vault.ts"
import { SCHEMA } from "../vault/schema.ts"
import type { UnlockedVault } from "../vault/unlocked-vault.ts"
import { passphraseBytes } from "../vault/vault-key.ts"

export interface TestVault {
  readonly vault: UnlockedVault
  /** Locks it and removes its folder. */
  remove(): void
}

export async function makeTestVault(): Promise<TestVault> {
  const folder = mkdtempSync(join(tmpdir(), "vault-"))
  const place = {
    file: join(folder, "desk.vault"),
    migrations: SCHEMA,
    random: (bytes: number) => new Uint8Array(randomBytes(bytes)),
    cost: { memoryKiB: 64, passes: 1, lanes: 1 },
  }
  const unlocking = { passphrase: passphraseBytes("mill bridge horse lantern"), remoteShare: null }
  const vault = must(await createVault(place, unlocking))
  return {
    vault,
    remove: () => {
      vault.lock()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
