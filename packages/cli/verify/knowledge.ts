import { readFile } from "node:fs/promises"
import type { CharterChain } from "@kunak/core/charter/charter"
import { fingerprint, isFingerprintOf } from "@kunak/core/charter/fingerprint"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import { verifyEdition } from "@kunak/core/edition/verify"
import type { CheckerKnowledge } from "@kunak/core/forward/check"
import { extractEdition } from "@kunak/page/document/extract"
import { Failure } from "../failure.ts"

export interface Knowledge {
  readonly checker: CheckerKnowledge
  /** Whether the charter was compared with a fingerprint that the caller typed. */
  readonly pinned: boolean
}

/** @param path a charter's file, or a saved page: then its edition's revocations and warnings are known too. */
export async function knowledgeFrom(path: string, typed: string | undefined): Promise<Knowledge> {
  const bytes = await readFile(path).catch(() => {
    throw new Failure(`${path} can't be read: check the path.`, "no-file")
  })
  const checker = (await fromPage(bytes.toString("utf8"))) ?? (await fromCharter(new Uint8Array(bytes)))
  if (!checker)
    throw new Failure(`${path} is neither a charter nor a saved page of an organisation.`, "no-charter")
  return { checker, pinned: isPinned(checker.chain, typed) }
}

/** @throws Failure when a fingerprint was typed and is another organisation's. */
export function isPinned(chain: CharterChain, typed: string | undefined): boolean {
  if (typed === undefined) return false
  if (isFingerprintOf(typed, chain.organisationId)) return true
  throw new Failure(
    `This is another organisation: its fingerprint is ${fingerprint(chain.organisationId)}, and you gave ${typed}.`,
    "wrong-organisation",
    1,
  )
}

async function fromPage(html: string): Promise<CheckerKnowledge | null> {
  const found = extractEdition(html)
  const edition = found && (await verifyEdition(found.header, found.bulletin, null))
  return edition?.ok ? edition.value.bulletin : null
}

async function fromCharter(bytes: Uint8Array): Promise<CheckerKnowledge | null> {
  const chain = await verifyCharterChain(bytes, null)
  return chain.ok ? { chain: chain.value, delegations: [], revocations: [], warnings: [], vetoes: [] } : null
}
