import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import type { Check } from "./main.ts"

const NEEDED = ["/usr/sbin/tor", "/usr/bin/tor-gencert", "/usr/bin/firefox-esr", "/usr/bin/chromium"]

/** The page and hotline through a private Tor network (e2e/tor). A machine where no such network comes up has shown nothing. */
export async function tor(): Promise<Check> {
  const common = {
    id: "tor.page-and-hotline",
    what: "through a private Tor network and the shipped onion services: a warning is read, somebody asks, a desk answers, the answer is read; nothing leaves loopback",
  }
  const missing = NEEDED.filter((path) => !existsSync(path))
  if (missing.length > 0)
    return { ...common, shown: "not shown", detail: `this machine lacks ${missing.join(", ")}` }
  const done = spawnSync(
    process.execPath,
    ["node_modules/vitest/vitest.mjs", "run", "--config", "check/vitest.config.ts", "e2e/tor"],
    { stdio: ["ignore", "pipe", "inherit"] },
  )
  return { ...common, ...judged(done.stdout.toString(), done.status === 0) }
}

/** @param said on standard output. */
export function judged(said: string, passed: boolean): Pick<Check, "shown" | "detail"> {
  const figures = /tor: (\{.*\})/.exec(said)?.[1]
  if (passed && figures) return { shown: "holds", detail: figures }
  const isUp = figures?.includes('"networkSeconds"') ?? false
  return isUp
    ? { shown: "fails", detail: figures ?? "" }
    : { shown: "not shown", detail: "no private Tor network came up on this machine" }
}
