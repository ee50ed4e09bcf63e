import { execFileSync } from "node:child_process"
import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { afterEach, beforeEach, expect, it } from "vitest"

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kunak sh "))
  mkdirSync(join(folder, "opt", "node", "bin"), { recursive: true })
  // In Node's place, a program that says what it was given.
  writeFileSync(join(folder, "opt", "node", "bin", "node"), '#!/bin/sh\nprintf "%s\\n" "$@"\n')
  copyFileSync(fileURLToPath(new URL("kunak.sh", import.meta.url)), join(folder, "opt", "kunak"))
  for (const name of ["node/bin/node", "kunak"]) chmodSync(join(folder, "opt", name), 0o755)
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

it.each([
  ["by its path", "opt/kunak", "."],
  ["by a link from elsewhere", "link", "."],
  ["from its own folder", "./kunak", "opt"],
])(
  "[archive] %s, the archive's own Node runs the command, with an empty PATH and arguments as they are",
  (_, name, from) => {
    symlinkSync(join(folder, "opt", "kunak"), join(folder, "link"))
    const command = name === "./kunak" ? name : join(folder, name)
    const said = execFileSync(command, ["relay", "--config", "a b.json"], {
      cwd: join(folder, from),
      env: { PATH: "/nonexistent" },
      encoding: "utf8",
    })
    const [main = "", ...given] = said.trimEnd().split("\n")
    expect(main).toMatch(/packages\/cli\/main\.ts$/)
    expect(name === "./kunak" ? main : main.startsWith(join(folder, "opt"))).toBeTruthy()
    expect(given).toEqual(["relay", "--config", "a b.json"])
  },
)
