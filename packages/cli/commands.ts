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
  link: { summary: "find which records are the same person", load: () => import("./commands/link.ts") },
}
