/**
 * What a vault leaves is whole former pages under a key that stays the same, what duty leaves names of threads that are gone: cut
 * off or deleted, they would lie in the disk's free blocks. So they are overwritten first. That reaches disks that write in place
 * (ext4, NTFS); btrfs, snapshots and what an SSD puts aside keep them: THREAT_MODEL.md.
 */
import { closeSync, fstatSync, fsyncSync, openSync, rmSync, statSync, writeSync } from "node:fs"

const PIECE = Buffer.alloc(1 << 20)

/** A sector, which a disk writes whole or not at all. */
const HEAD_BYTES = 512

/**
 * Zeros over all that an open file holds, on the disk when it returns. Its length stays. The head goes first and is waited for:
 * when the power goes in between, a log that kept its head and some of its pages would be played into the vault.
 */
export function overwriteOpen(handle: number): void {
  const { size } = fstatSync(handle)
  writeSync(handle, PIECE, 0, Math.min(HEAD_BYTES, size), 0)
  fsyncSync(handle)
  for (let at = 0; at < size; at += PIECE.length)
    writeSync(handle, PIECE, 0, Math.min(PIECE.length, size - at), at)
  fsyncSync(handle)
}

/** The same by name. A file that is not there is fine. */
export function overwriteFile(file: string): void {
  let handle: number
  try {
    handle = openSync(file, "r+")
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return
    throw error
  }
  try {
    overwriteOpen(handle)
  } finally {
    closeSync(handle)
  }
}

/** Overwritten, then deleted; only deleted where another name stands for the same file. */
export function eraseFile(file: string): void {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.nlink === 1) overwriteFile(file)
  rmSync(file, { force: true })
}
