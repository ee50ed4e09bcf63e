import { statfsSync } from "node:fs"
import { dirname } from "node:path"

/** Room for this user on the disk that holds `file`; null where the system does not say. */
export function freeBytes(file: string): number | null {
  try {
    const { bavail, bsize } = statfsSync(dirname(file))
    return bavail * bsize
  } catch {
    return null
  }
}
