/**
 * Commands that make or open a key, or hold people's names and words. Every command of `kunak` but the drill guards its memory; these also say what
 * they could not close.
 */
export const HOLDS_KEYS: ReadonlySet<string> = new Set([
  "init",
  "charter veto",
  "charter new-signer",
  "charter new-enrolment",
  "charter sign",
  "charter send",
  "duty",
  "relay",
  "desk",
  "backup vault",
  "backup relay",
  "backup duty",
  "restore",
])

/** These run on: what they say stands in their journal, in JSON, too. The others' standard error is one object, or nothing. */
export const RUNS_ON: ReadonlySet<string> = new Set(["duty", "relay", "desk"])
