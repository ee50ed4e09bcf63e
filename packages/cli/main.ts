/** `kunak <noun>`: loads only the command that was asked for, so that `kunak estimate` starts no desk. */
import { Command, CommanderError } from "commander"
import { commands } from "./commands.ts"
import { reportFailure } from "./failure.ts"
import { guardMemory, sayExposures } from "./process/guard-memory.ts"
import { HOLDS_KEYS, RUNS_ON } from "./process/holds-keys.ts"

const program = new Command("kunak")
  .description("Warnings that can be checked, a hotline that leaves no phone book.")
  .version("0.1.0")
  .showHelpAfterError("(--help shows what this command takes)")
  .exitOverride()
  // Whatever the command: a crash leaves nothing of a list of names either.
  .hook("preAction", (_program, action) => {
    const name = nameOf(action)
    // What a drill starts would inherit the limit: each has to forbid its own core file, and the drill looks whether it did.
    if (name === "drill") return
    const exposures = guardMemory()
    const json = action.opts().json === true
    if (HOLDS_KEYS.has(name) && (!json || RUNS_ON.has(name))) sayExposures(exposures, json)
  })

const wanted = process.argv.slice(2).find((argument) => !argument.startsWith("-"))
for (const [name, entry] of Object.entries(commands)) {
  if (name === wanted) (await entry.load()).register(program)
  else program.command(name).description(entry.summary).allowUnknownOption()
}

try {
  await program.parseAsync(process.argv)
} catch (error) {
  // Commander's own 1 would say "refused": what it complains of is wrong usage.
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2
  else process.exitCode = reportFailure(error, process.argv.includes("--json"))
}

/** "charter sign" of `kunak charter sign`. */
function nameOf(action: Command): string {
  const above = action.parent
  return above?.parent ? `${nameOf(above)} ${action.name()}` : action.name()
}
