/** Leaks that are planted on purpose: the drill has to find each. docs/drill.md says how each comes about. */
import type { Finding, SectionId } from "../examine/section.ts"

export interface Leak {
  /** Where it must be found. */
  readonly section: SectionId
  readonly expects: (finding: Finding) => boolean
  /** Further findings that it brings along: other forms of the same words on the same machine, a file beside others. */
  readonly traces: (finding: Finding) => boolean
}

/** Words or a key, in a form, on a machine. @param file that is a stranger among the machine's files. */
function words(
  section: SectionId,
  what: RegExp,
  machine: string,
  where: string,
  form: RegExp = /./,
  file?: string,
): Leak {
  const isThere = (found: Finding): boolean => found.where.startsWith(machine)
  const isOfIt = (found: Finding): boolean =>
    found.kind === "canary" && what.test(found.what) && isThere(found)
  return {
    section,
    expects: (found) =>
      isOfIt(found) && found.where.startsWith(`${machine}${where}`) && form.test(found.form),
    traces: (found) =>
      isOfIt(found) ||
      (file !== undefined && found.kind === "stranger" && isThere(found) && found.what.includes(file)),
  }
}

function other(
  section: SectionId,
  kind: Finding["kind"],
  what: RegExp,
  where: string,
  column?: string,
): Leak {
  const expects = (found: Finding): boolean =>
    found.kind === kind && what.test(found.what) && found.where.startsWith(where)
  return {
    section,
    expects,
    traces: (found) =>
      expects(found) || (column !== undefined && found.kind === "stranger" && found.what.includes(column)),
  }
}

/** An examination that has to succeed at something. */
function accepted(what: RegExp, where: string, brings: RegExp): Leak {
  const isAccepted = (found: Finding): boolean => found.kind === "accepted"
  return {
    section: "duty-active",
    expects: (found) => isAccepted(found) && what.test(found.what) && found.where === where,
    traces: (found) => isAccepted(found) && (what.test(found.what) || brings.test(found.what)),
  }
}

/** A leak that also brings a canary along, the same key on the same machine, and the field in which it stands. */
const withCanary = (leak: Leak, what: RegExp, machine: string, field: RegExp): Leak => ({
  ...leak,
  traces: (found) =>
    leak.traces(found) ||
    (found.where.startsWith(machine) &&
      ((found.kind === "canary" && what.test(found.what)) ||
        (found.kind === "stranger" && field.test(found.what)))),
})

const alsoAt = (machine: string, leak: Leak): Leak => ({
  ...leak,
  traces: (found) =>
    leak.traces(found) || (found.where.startsWith(machine) && leak.traces({ ...found, where: "/dev/shm/" })),
})

const RAW = ": the raw disk"

export const LEAKS = {
  "log-line": words("relay-disk", /^address of a visitor$/, "relay-a", ": log"),
  timestamp: other("relay-disk", "moment", /^ring\.posted$/, "relay-b", "ring.posted"),
  "moment-in-log": other("relay-disk", "moment", /written/, "relay-a: log"),
  "relay-counts": other("relay-disk", "stranger", /visits/, "relay-a"),
  "unpadded-length": other("wire", "size", /requests of ticks/, "wire of relay A"),
  "wire-packet": words("wire", /^first letter$/, "wire of relay B", "", / in gzip/),
  "answer-differs": other("wire", "size", /answers to ticks/, "wire of relay B"),
  "head-differs": other("wire", "size", /heads of ticks/, "wire of relay A"),
  "third-address": other("peers", "peer", /^198\.51\.100\.7$/, ""),
  datagram: other("peers", "peer", /^203\.0\.113\.9$/, ""),
  "name-asked": other("peers", "peer", /^counter\.example$/, ""),
  "history-differs": other("two-histories", "difference", /./, "relay A"),
  "free-pages": words("desk-with-passphrase", /^letter of a deleted conversation$/, "desk-1", ": free pages"),
  "cut-log": words("desk-with-passphrase", /^note on a deleted conversation$/, "desk-2", RAW),
  "vault-wal": words("desk-disk", /^first letter$/, "desk-2", ": kunak/", /./, "next-wal"),
  "backup-file": words("desk-disk", /^name given/, "desk-1", ": kunak/", / in gzip/, "backup"),
  "temporary-file": words("desk-disk", /^check answer$/, "desk-2", RAW),
  "key-in-log": words("desk-disk", /^week key/, "desk-2", ": log", /^hex/),
  environment: words("processes", /^passphrase of desk 2$/, "desk-2", ": environment"),
  argument: words("processes", /^note on a conversation$/, "duty-2", ": arguments"),
  "cores-allowed": other("processes", "exposed", /^a crash/, "relay-b"),
  "file-elsewhere": words("temporary-files", /^check question$/, "desk-1", ""),
  // The program that was made to leave it was told the words, and has them in its memory.
  "file-left-elsewhere": alsoAt("desk-2: ", words("temporary-files", /^name given/, "/dev/shm/", "")),
  "core-dump": words("duty-memory", /^second letter$/, "duty-1", ": memory"),
  "relay-remembers": words("relay-memory", /^reply$/, "relay-b", ": memory"),
  "officers-key-at-duty": accepted(
    /forged intake key/,
    "a page in Chromium",
    /^a forged |^letters in the rings/,
  ),
  "duty-has-seeds": withCanary(
    accepted(/^letters in the rings/, "with duty's keys", /^nothing else/),
    /^vault\.intake_seed\.seed$/,
    "duty-1",
    /^a field: memory.json, seeds$/,
  ),
  "duty-keeps-texts": words("duty-disk", /^reply$/, "duty-1", ": kunak/", /^base64.* of SCSU/, "kept"),
  "browser-profile": words("visitor-chromium", /^second letter$/, "phone", ""),
  "phrase-in-storage": words("visitor-chromium", /^phrase of .*, in JSON$/, "phone", ""),
  "phrase-in-field": words("visitor-chromium", /^phrase of .*, as it was shown$/, "phone", ""),
  "firefox-profile": words("visitor-firefox", /^letter of a deleted conversation$/, "firefox", ""),
  "name-in-latin": words("duty-disk", /^name given/, "duty-2", ": log", /transliterated/),
} as const satisfies Readonly<Record<string, Leak>>

export type LeakName = keyof typeof LEAKS
export const LEAK_NAMES = Object.keys(LEAKS) as readonly LeakName[]
