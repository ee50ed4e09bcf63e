import type { Command } from "commander"

/** A file in `commands/` exports this: it adds its command, with `--help` that is enough and `--json`. */
export interface CommandModule {
  readonly register: (program: Command) => void
}

interface Entry {
  readonly summary: string
  readonly load: () => Promise<CommandModule>
}

/** Every command, in the order in which `kunak --help` shows them. */
export const commands: Readonly<Record<string, Entry>> = {
  init: {
    summary: "Found an organisation: keys, charter, and the sheet with its fingerprint.",
    load: () => import("./commands/init.ts"),
  },
  charter: {
    summary: "After the founding: delegate weeks, give an all-clear, revoke keys, renew the charter.",
    load: () => import("./commands/charter.ts"),
  },
  duty: {
    summary: "Publish an edition on schedule: the always-on machine.",
    load: () => import("./commands/duty.ts"),
  },
  verify: {
    summary: "Check a warning, an edition, or a served page against the release.",
    load: () => import("./commands/verify.ts"),
  },
  relay: {
    summary: "Serve the page and keep the staff log: one of the organisation's two relays.",
    load: () => import("./commands/relay.ts"),
  },
  desk: {
    summary: "Write, sign and publish warnings: an officer's window, in the browser.",
    load: () => import("./commands/desk.ts"),
  },
  backup: {
    summary: "Back a vault, a relay or a duty up into one encrypted file.",
    load: () => import("./commands/backup.ts"),
  },
  restore: {
    summary: "Make a vault, a relay or a duty of a backup.",
    load: () => import("./commands/restore.ts"),
  },
  close: {
    summary: "Close the organisation for good: begin the paper that k signers sign.",
    load: () => import("./commands/close.ts"),
  },
  demo: {
    summary: "Run a demonstration organisation on this machine.",
    load: () => import("./commands/demo.ts"),
  },
  drill: {
    summary: "Live through a week, then look for what a seizure would yield.",
    load: () => import("./commands/drill.ts"),
  },
  link: { summary: "find which records are the same person", load: () => import("./commands/link.ts") },
  estimate: {
    summary: "How many people there are, seen and unseen, from overlapping lists.",
    load: () => import("./commands/estimate.ts"),
  },
  tables: {
    summary: "A table of counts that is safe to publish.",
    load: () => import("./commands/tables.ts"),
  },
}
