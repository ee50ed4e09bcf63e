import { Failure } from "../failure.ts"
import type { BackupError } from "./backup-file.ts"

/** It opened, and what stands in it is nothing that this program wrote. */
export const damaged = (): Failure =>
  new Failure(
    "The backup opens, but what stands in it does not fit together: take another copy.",
    "malformed-backup",
    1,
  )

export const newer = (): Failure =>
  new Failure(
    "This backup was made by a newer version of Kunak: update this one, then restore.",
    "newer-version",
  )

export function backupFailure(error: BackupError, path: string): Failure {
  switch (error.kind) {
    case "not-a-backup":
      return new Failure(`${path} is no backup of Kunak's.`, error.kind)
    case "not-whole":
      return new Failure(
        `${path} is not whole: it was cut off, or something stands behind its end. Copy it again, or take another backup.`,
        error.kind,
        1,
      )
    case "wrong-passphrase":
      return new Failure(
        `The passphrase does not open ${path}: it is the one typed when the backup was made, not the vault's. (A changed byte in the first lines of the file says the same: compare with another copy.)`,
        error.kind,
        1,
      )
    case "altered":
      return new Failure(
        `${path} was altered or damaged: the passphrase fits, the bytes do not. Take another copy; nothing was restored.`,
        error.kind,
        1,
      )
    case "newer-version":
      return newer()
  }
}
