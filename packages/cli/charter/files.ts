/** Papers, keys and texts on disk. */
import { open, readFile, rename, rm } from "node:fs/promises"
import { join } from "node:path"
import type { CharterChain } from "@kunak/core/charter/charter"
import { decodeEnrolment, type Enrolment } from "@kunak/core/enrolment/enrolment"
import { openAge } from "../ceremony/age-file.ts"
import { encodeDelegations, MAX_DELEGATIONS } from "../ceremony/delegations-file.ts"
import { fingerprintSheet } from "../ceremony/fingerprint-sheet.ts"
import { decodeSignerKey, type SignerKey } from "../ceremony/signer-key.ts"
import { Failure } from "../failure.ts"
import { decodePaper, encodePaper, type Paper } from "./paper.ts"

/** Asks for the passphrase of what is named, or takes it from a file. */
export type AskPassphrase = (what: string) => Promise<string>

export async function readText(path: string): Promise<string> {
  return await readFile(path, "utf8").catch(() => {
    throw new Failure(`${path} can't be read: check the path.`, "no-file")
  })
}

export async function readPaper(path: string): Promise<Paper> {
  const paper = decodePaper(await readText(path))
  if (paper) return paper
  throw new Failure(`${path} is no paper of this version of Kunak, or it is cut off.`, "malformed-paper")
}

/** @throws Failure when a file is there: a paper may hold signatures that somebody travelled for. */
export const writeNewPaper = (path: string, paper: Paper): Promise<void> =>
  writeNew(path, encodePaper(paper), 0o644)

/** @throws Failure when a file is there already: nothing is overwritten. */
export async function writeNew(path: string, content: string | Uint8Array, mode: number): Promise<void> {
  const file = await open(path, "wx", mode).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "EEXIST"
      ? new Failure(`${path} is there already, and is not overwritten: name another file.`, "exists")
      : new Failure(`${path} can't be written (${error.code}).`, "cannot-write")
  })
  try {
    await file.writeFile(content)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** The new in place of the old, whole or not at all. */
export async function replaceFile(path: string, content: string | Uint8Array): Promise<void> {
  const beside = `${path}.${process.pid}.new`
  await writeNew(beside, content, 0o644)
  try {
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
}

export const replacePaper = (path: string, paper: Paper): Promise<void> =>
  replaceFile(path, encodePaper(paper))

export async function readSignerKey(path: string, ask: AskPassphrase): Promise<SignerKey> {
  const clear = await openSecret(path, ask)
  const key = decodeSignerKey(clear)
  if (key) return key
  throw new Failure(
    `${path} is no signer's key: it is the file signer.age of a signer's folder.`,
    "no-signer-key",
  )
}

/** A duty's `enrolment.json`, or an officer's `enrolment.age`. */
export async function readEnrolment(path: string, ask: AskPassphrase): Promise<Enrolment> {
  const enrolment = decodeEnrolment(await openSecret(path, ask))
  if (enrolment.ok) return enrolment.value
  throw new Failure(
    `${path} is no enrolment: give a duty's enrolment.json or an officer's enrolment.age.`,
    "malformed-enrolment",
  )
}

const AGE = "age-encryption.org/"

async function openSecret(path: string, ask: AskPassphrase): Promise<string> {
  const bytes = await readFile(path).catch(() => {
    throw new Failure(`${path} can't be read: check the path.`, "no-file")
  })
  if (bytes.subarray(0, AGE.length).toString("latin1") !== AGE) return bytes.toString("utf8")
  const clear = await openAge(new Uint8Array(bytes), await ask(path))
  if (clear !== null) return clear
  throw new Failure(`${path} can't be opened with this passphrase; or the file is damaged.`, "cannot-open", 1)
}

/** Charter, delegations and sheet of a public folder, brought up to date. */
export async function writePublic(
  folder: string,
  chain: CharterChain,
  delegations: readonly Uint8Array[],
): Promise<readonly string[]> {
  const files = {
    "charter.kunak": chain.bytes,
    // The newest are kept: nobody delegates backwards.
    "delegations.kunak": encodeDelegations(delegations.slice(-MAX_DELEGATIONS)),
    "fingerprint.html": fingerprintSheet(chain),
  }
  const written: string[] = []
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name)
    await replaceFile(path, content)
    written.push(path)
  }
  return written
}
