import { join } from "node:path"
import { fileURLToPath } from "node:url"
import type { Command } from "commander"
import { DEMO_PORTS, DEMO_RHYTHM, QUICK_RHYTHM } from "../demo/description.ts"
import { DEMO_PASSPHRASE, type DemoFolder, prepareDemo } from "../demo/folder.ts"
import { freePorts } from "../demo/ports.ts"
import { type Process, startProcess, stopProcesses } from "../demo/processes.ts"

const DEFAULT_FOLDER = fileURLToPath(new URL("../../../.kunak-demo", import.meta.url))

interface Options {
  readonly dir: string
  readonly fresh?: boolean
  readonly json?: boolean
  readonly anyPorts?: boolean
  readonly quick?: boolean
}

export function register(program: Command): void {
  program
    .command("demo")
    .description(
      "Run a demonstration organisation on this machine: two relays, two duties, two desks, the public page.",
    )
    .option("--dir <folder>", "where it is kept", DEFAULT_FOLDER)
    .option("--fresh", "forget the last demonstration and found a new organisation")
    .option("--any-ports", "use whatever ports are free")
    .option("--quick", "for rehearsals: an edition every 5 seconds and a tick every 2, instead of 20 and 8")
    .option("--json", "print the addresses as JSON")
    .addHelpText(
      "after",
      "\nEverything runs on loopback and says that it is a demonstration. Ctrl-C ends it; the next start goes on from there.",
    )
    .action(run)
}

async function run(options: Options): Promise<void> {
  const ports = options.anyPorts ? await freePorts() : DEMO_PORTS
  if (!options.json) process.stderr.write("Founding the organisation and starting its processes …\n")
  const rhythm = options.quick ? QUICK_RHYTHM : DEMO_RHYTHM
  const folder = await prepareDemo(options.dir, ports, rhythm, options.fresh === true)
  const processes: Process[] = []
  let stopping: Promise<void> | undefined
  const stop = (): Promise<void> => {
    stopping ??= stopProcesses(processes)
    return stopping
  }
  for (const signal of ["SIGINT", "SIGTERM"] as const) {
    process.once(signal, () => void stop().then(() => process.exit(0)))
  }
  try {
    const addresses = await startAll(folder, processes)
    for (const { name, child } of processes) {
      child.once("exit", () => {
        if (!stopping) process.stderr.write(`${name} has ended; Ctrl-C and a new start bring it back.\n`)
      })
    }
    process.stdout.write(options.json ? `${JSON.stringify(addresses)}\n` : welcome(addresses, folder))
  } catch (error) {
    await stop()
    throw error
  }
}

interface Addresses {
  readonly page: string
  readonly mirror: string
  readonly desks: readonly string[]
  readonly passphrase: string
  readonly folder: string
  /** "relay A", "duty 1", … */
  readonly processes: Readonly<Record<string, number>>
}

async function startAll({ path, ports }: DemoFolder, processes: Process[]): Promise<Addresses> {
  const start = async (name: string, args: readonly string[]): Promise<Process> => {
    const started = await startProcess(name, args)
    processes.push(started)
    return started
  }
  await start("relay A", ["relay", "--config", join(path, "relay-a", "relay.json"), "--json"])
  await start("relay B", ["relay", "--config", join(path, "relay-b", "relay.json"), "--json"])
  await start("duty 1", ["duty", "--dir", join(path, "duty-1"), "--json"])
  await start("duty 2", ["duty", "--dir", join(path, "duty-2"), "--json"])
  const desks: string[] = []
  for (const [i, port] of [ports.desk1, ports.desk2].entries()) {
    const vault = join(path, `officer-${i + 1}`, "desk.vault")
    const sources = join(path, "public", "case-2018-19.csv")
    const desk = await start(`desk ${i + 1}`, [
      "desk",
      "--vault",
      vault,
      "--port",
      String(port),
      "--sources",
      sources,
      "--no-open",
      "--json",
    ])
    desks.push(String(desk.first.address))
  }
  return {
    page: `http://127.0.0.1:${ports.relayA}/`,
    mirror: `http://127.0.0.1:${ports.relayB}/`,
    desks,
    passphrase: DEMO_PASSPHRASE,
    folder: path,
    processes: Object.fromEntries(processes.map(({ name, child }) => [name, child.pid ?? 0])),
  }
}

const welcome = (
  { page, mirror, desks, passphrase, folder }: Addresses,
  { isNew, ports, rhythm }: DemoFolder,
): string => `
A demonstration organisation is running${isNew ? "" : " (kept from last time)"}. Nothing leaves this machine.

  Public page    ${page}   (the same on the second relay: ${mirror})
  Desk 1         ${desks[0]}
  Desk 2         ${desks[1]}
  Passphrase of both desks: ${passphrase}

Try this first:
  1. Unlock both desks: the line receives from the next edition on, within ${rhythm.editionSeconds + 10} seconds.
  2. Open the public page as a person in danger would, "Ask for help", practise the ten words, write, keep it open.
     The message leaves at the next tick (every ${rhythm.tickMs / 1000} seconds here, every minute in earnest) and stands in "Hotline" on both desks.
  3. Assign it to the other desk and answer from there. Come back to the page with the ten words: the answer is there.
  4. In "Warnings" of desk 1 begin one: an approved wording, an area, a day; the public reports of 2018-19 stand beside
     it. Sign: with the next edition it is first on the page, with scripts off too. In free words it waits for desk 2.
  5. Forward it as text. On the page choose "Check a warning" and paste it: genuine. Change one letter: changed.
  6. Check the page itself:  npm run kunak -- verify http://127.0.0.1:${ports.relayA}

Kept in ${folder}; "npm start -- --fresh" begins anew. Ctrl-C ends it.
`
