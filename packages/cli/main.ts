/** `kunak <noun>`: loads only the command that was asked for, so that `kunak estimate` starts no desk. */
import { Command, CommanderError } from "commander"
import { commands } from "./commands.ts"
import { reportFailure } from "./failure.ts"

const program = new Command("kunak")
  .description("Warnings that can be checked, a hotline that leaves no phone book.")
  .version("0.1.0")
  .showHelpAfterError("(--help shows what this command takes)")
  .exitOverride()

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
