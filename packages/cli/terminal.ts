import { createInterface } from "node:readline/promises"
import { Writable } from "node:stream"
import { Failure } from "./failure.ts"

/** Asks without showing what is typed. @throws Failure where nobody can type. */
export async function askSecret(question: string): Promise<string> {
  if (!process.stdin.isTTY) {
    throw new Failure(
      "There is nobody to type a passphrase: give --passphrase-file, or run this in a terminal.",
      "no-terminal",
    )
  }
  process.stderr.write(question)
  const silent = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: silent, terminal: true })
  try {
    return await lines.question("")
  } finally {
    lines.close()
    process.stderr.write("\n")
  }
}

/** A new passphrase, typed twice alike and long enough not to be guessed. */
export async function askNewPassphrase(label: string): Promise<string> {
  for (;;) {
    const first = await askSecret(`Passphrase for ${label} (five random words or more): `)
    if (first.length < SHORTEST) {
      process.stderr.write(`Too short: at least ${SHORTEST} letters.\n`)
      continue
    }
    if ((await askSecret("The same again: ")) === first) return first
    process.stderr.write("The two differ; once more.\n")
  }
}

export const SHORTEST = 16
