import { randomBytes } from "node:crypto"
import { readFile } from "node:fs/promises"
import { fingerprint } from "@kunak/core/charter/fingerprint"
import { instantFromMs } from "@kunak/core/time/instant"
import { guidanceHash } from "@kunak/page/document/words"
import { loadTemplate } from "@kunak/page/template-file"
import type { Command } from "commander"
import { found } from "../ceremony/ceremony.ts"
import { problemSentence } from "../ceremony/charter-from.ts"
import { type Description, parseDescription } from "../ceremony/description.ts"
import { writeCeremony } from "../ceremony/files.ts"
import { Failure } from "../failure.ts"
import { askNewPassphrase, SHORTEST } from "../terminal.ts"

const HELP = `
The ceremony, with everybody who will hold a key in one room and the machine off the network:

  1. kunak init --example > organisation.json      describe the organisation; read it aloud, agree
  2. kunak init organisation.json --out ceremony   each signer and officer types a passphrase of their own
  3. print ceremony/public/fingerprint.html        partners print it; it is how people know you
  4. each takes their own folder home on a stick; then destroy this machine's copy

What is in the folders, and what each must never do: docs/ceremony.md.`

interface Options {
  readonly out?: string
  readonly example?: boolean
  readonly passphraseFile?: string
  readonly json?: boolean
}

export function register(program: Command): void {
  program
    .command("init")
    .description(
      "Found an organisation: charter, signers, officers, duties, relays, and the sheet with its fingerprint.",
    )
    .argument("[description]", "the organisation's description, a JSON file")
    .option("--example", "print a description to start from")
    .option("--out <folder>", "a folder that does not exist yet")
    .option("--passphrase-file <file>", "one passphrase for all files: for rehearsals, never for real keys")
    .option("--json", "print what was written as JSON")
    .addHelpText("after", HELP)
    .action(run)
}

async function run(path: string | undefined, options: Options): Promise<void> {
  if (options.example) {
    process.stdout.write(
      await readFile(new URL("../ceremony/example-organisation.json", import.meta.url), "utf8"),
    )
    return
  }
  if (!path || !options.out) {
    throw new Failure(
      "Give the description and --out FOLDER; 'kunak init --example' prints one to start from.",
      "usage",
    )
  }
  const description = await readDescription(path)
  const template = await loadTemplate()
  const passphrase = options.passphraseFile ? await readPassphrase(options.passphraseFile) : null
  const ceremony = await found(description, {
    random: (length) => new Uint8Array(randomBytes(length)),
    now: instantFromMs(Date.now()),
    templateHash: template.hash,
    guidanceHash: (language) => guidanceHash(template.words, language),
  })
  if (!ceremony.ok) throw new Failure(problemSentence(ceremony.error, path), ceremony.error.kind)
  const written = await write(options.out, ceremony.value, description, passphrase)
  const organisation = fingerprint(ceremony.value.chain.organisationId)
  if (options.json) {
    process.stdout.write(`${JSON.stringify({ organisation, folder: options.out, files: written })}\n`)
    return
  }
  const widest = Math.max(...written.map((file) => file.path.length))
  const rows = written.map(
    (file) => `  ${file.path.padEnd(widest)}  ${file.whose}${file.secret ? ", secret" : ""}`,
  )
  process.stdout.write(
    `Fingerprint of the organisation, to be printed and read aloud now:\n\n    ${organisation}\n\nIn ${options.out}:\n${rows.join("\n")}\n\nDelegations hold for thirteen weeks: 'kunak charter delegate' makes the next.\n`,
  )
}

async function readDescription(path: string): Promise<Description> {
  const text = await readFile(path, "utf8").catch(() => {
    throw new Failure(`${path} can't be read: check the path.`, "no-file")
  })
  const description = parseDescription(text)
  if (!description.ok) {
    throw new Failure(
      `In ${path}: ${description.error.where} ${description.error.what}.`,
      description.error.kind,
    )
  }
  return description.value
}

async function readPassphrase(path: string): Promise<string> {
  const passphrase = (await readFile(path, "utf8").catch(() => "")).trim()
  if (passphrase.length >= SHORTEST) return passphrase
  throw new Failure(`${path} must hold a passphrase of at least ${SHORTEST} letters.`, "short-passphrase")
}

async function write(
  folder: string,
  ceremony: Parameters<typeof writeCeremony>[1],
  description: Description,
  passphrase: string | null,
): ReturnType<typeof writeCeremony> {
  try {
    return await writeCeremony(folder, ceremony, description, {
      of: async (label) => passphrase ?? (await askNewPassphrase(label)),
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") {
      throw new Failure(
        `${folder} already holds a ceremony: keys are never overwritten. Name another folder.`,
        "exists",
      )
    }
    throw error
  }
}
