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
  estimate: {
    summary: "How many people there are, seen and unseen, from overlapping lists.",
    load: () => import("./commands/estimate.ts"),
  },
  tables: {
    summary: "A table of counts that is safe to publish.",
    load: () => import("./commands/tables.ts"),
  },
}
