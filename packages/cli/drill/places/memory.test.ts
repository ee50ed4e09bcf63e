import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync, writeSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import fc from "fast-check"
import { expect, it } from "vitest"
import { openFilesOf, piecesBetween } from "./memory.ts"

const MIB = 1024 * 1024

it("[DR1] of a long stretch of memory every kibibyte stands whole in one piece, and nothing outside is read", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 * MIB }),
      fc.integer({ min: 0, max: 100 * MIB }),
      (length, place) => {
        const start = 4096 * 7
        const pieces = [...piecesBetween(start, start + length)]
        const at = start + (place % length)
        const end = Math.min(at + 1024, start + length)
        expect(pieces.some(([from, size]) => from <= at && end <= from + size)).toBe(true)
        expect(pieces.every(([from, size]) => from >= start && from + size <= start + length)).toBe(true)
      },
    ),
  )
})

it.runIf(existsSync("/proc/self/fd"))(
  "[DR3] a file that a program holds open is read though it was removed, wherever it lay; devices are none",
  () => {
    const folders = [tmpdir(), "/dev/shm"].filter(existsSync).map((one) => mkdtempSync(join(one, "held-")))
    const files = folders.map((folder) => openSync(join(folder, "spool"), "w"))
    const device = openSync("/dev/null", "r")
    try {
      for (const [i, file] of files.entries()) writeSync(file, `word ${i}`)
      for (const folder of folders) rmSync(folder, { recursive: true })
      const held = openFilesOf(process.pid)
      const texts = folders.map((folder) => {
        const found = held.find(({ name }) => name.startsWith(folder))
        return found && readFileSync(found.path, "utf8")
      })
      expect(texts).toEqual(folders.map((_, i) => `word ${i}`))
      expect(held.filter(({ name }) => name === "/dev/null")).toEqual([])
    } finally {
      for (const file of [...files, device]) closeSync(file)
    }
  },
)
