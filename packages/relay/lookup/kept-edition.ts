/** What a tick needs of an edition, in memory while the relay keeps it. */
import { boardRows } from "@kunak/core/board/merkle"
import { equalBytes } from "@kunak/core/bytes/equal"
import { toHex } from "@kunak/core/bytes/hex"
import type { CharterChain } from "@kunak/core/charter/charter"
import type { EditionId } from "@kunak/core/edition/header"
import { decodePackage, type EditionPackage } from "@kunak/core/edition/package"
import { type VerifiedHeader, verifyHeader } from "@kunak/core/edition/verify"
import { verifyIntakeKey } from "@kunak/core/intake/intake-key"
import { CELL_BYTES } from "@kunak/core/parameters"
import { sha256 } from "@kunak/core/suite"
import { RowTable } from "./row-table.ts"

export interface KeptEdition {
  readonly id: EditionId
  readonly header: Uint8Array
  /** SHA-256 of the header, by which look-ups and puzzles name it. */
  readonly headerHash: Uint8Array
  readonly puzzleBits: number
  /** In hexadecimal; null where no officer's intake key is in force: "not receiving" (rule I2). */
  readonly intakeKeyId: string | null
  readonly table: RowTable
}

/** @returns null unless the package has the board that its header names (rule T12). */
export async function keepEdition(
  { header: bytes, files }: EditionPackage,
  verified: VerifiedHeader,
): Promise<KeptEdition | null> {
  const { header, delegation, revocations } = verified
  const { log2Rows, merkleRoot, puzzleBits } = header.board
  const board = files.find(({ name }) => name === "board")?.bytes
  if (board?.length !== CELL_BYTES * 2 ** log2Rows) return null
  const { rows, root } = boardRows(board)
  if (!equalBytes(root, merkleRoot)) return null
  const intakeKey = await verifyIntakeKey(header.intakeKey, [delegation], revocations)
  return {
    id: header.id,
    header: bytes,
    headerHash: sha256(bytes),
    puzzleBits,
    intakeKeyId: intakeKey.ok ? toHex(intakeKey.value.keyId) : null,
    table: new RowTable(rows, log2Rows),
  }
}

/** The same from what the store has, after a restart. @returns null for what can't be read or verified any more. */
export async function keepStored(stored: Uint8Array, chain: CharterChain): Promise<KeptEdition | null> {
  const edition = decodePackage(stored)
  const verified = edition && (await verifyHeader(edition.header, chain))
  return edition && verified?.ok ? await keepEdition(edition, verified.value) : null
}
