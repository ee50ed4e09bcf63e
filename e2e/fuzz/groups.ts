/** Everything that takes what strangers send, by what is dear to make for it. */
import type { Group } from "./target.ts"

export const GROUPS: Readonly<Record<string, () => Promise<Group>>> = {
  core: async () => await (await import("./targets-core.ts")).coreGroup(),
  relay: async () => await (await import("./targets-relay.ts")).relayGroup(),
  desk: async () => await (await import("./targets-desk.ts")).deskGroup(),
  files: async () => await (await import("./targets-files.ts")).filesGroup(),
}
