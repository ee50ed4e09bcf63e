/** Where a part of the organisation lives: a small ext4 file system of its own, whose image is what a seizure takes. */
import { execFileSync } from "node:child_process"
import { closeSync, ftruncateSync, mkdirSync, openSync } from "node:fs"
import { join } from "node:path"

export interface Place {
  readonly name: string
  readonly folder: string
  /** The raw device with its free blocks; null where this machine gives no loop device. */
  readonly image: string | null
  /** What was written reaches the image. */
  readonly flush: () => void
  readonly close: () => void
}

const MIB = 1024 * 1024

/** @param asImage false: a plain folder, whose free blocks nobody can look at. */
export function makePlace(root: string, name: string, mebibytes: number, asImage: boolean): Place {
  const folder = join(root, name)
  mkdirSync(folder, { mode: 0o700 })
  if (!asImage) return { name, folder, image: null, flush: () => {}, close: () => {} }
  const image = join(root, `${name}.img`)
  makeImage(image, mebibytes)
  execFileSync("mount", ["-o", "loop", image, folder], { stdio: "pipe" })
  let isOpen = true
  return {
    name,
    folder,
    image,
    flush: () => {
      execFileSync("sync", ["-f", folder], { stdio: "pipe" })
    },
    close: () => {
      if (!isOpen) return
      execFileSync("umount", [folder], { stdio: "pipe" })
      isOpen = false
    },
  }
}

function makeImage(image: string, mebibytes: number): void {
  const file = openSync(image, "wx", 0o600)
  ftruncateSync(file, mebibytes * MIB)
  closeSync(file)
  execFileSync("mkfs.ext4", ["-q", "-F", "-m", "0", image], { stdio: "pipe" })
}

/** @returns why images can't be mounted here; null where they can. */
export function whyNoImages(root: string): string | null {
  const folder = join(root, "probe")
  try {
    const place = makePlace(root, "probe", 4, true)
    place.close()
    return null
  } catch (error) {
    const said = (error as { stderr?: Buffer }).stderr?.toString().trim().split("\n")[0]
    return said || (error instanceof Error ? error.message.split("\n")[0] : null) || folder
  }
}
