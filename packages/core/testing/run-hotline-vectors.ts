/** The hotline's vectors through the entry points that they concern. */
import { verifiedCell } from "../board/merkle.ts"
import { openPart } from "../board/part.ts"
import { candidates, type ThreadSlot, unwrapCell } from "../board/placement.ts"
import { fromHex, toHex } from "../bytes/hex.ts"
import type { OrganisationId } from "../charter/charter.ts"
import { verifyCharterChain } from "../charter/verify.ts"
import { verifyDelegation } from "../delegation/delegation.ts"
import { openEnvelope, parseEnvelope } from "../envelope/envelope.ts"
import { sealByCoins } from "../hpke/testing/seal-by-coins.ts"
import { type IntakeWindow, verifyIntakeKey } from "../intake/intake-key.ts"
import { decodeNote, noteKeyOf, openNote } from "../log/note.ts"
import { must } from "../result.ts"
import { verifyRevocation } from "../revocation/revocation.ts"
import { reveal, Secret } from "../secret.ts"
import { isKemPublicKey, kemOpener } from "../suite.ts"
import { decodeScsu } from "../text/scsu.ts"
import {
  placingKeysOf,
  replyKeyOf,
  type ThreadId,
  type ThreadRoot,
  threadIdOf,
  weekKeyOf,
} from "../thread/keys.ts"
import { puzzleHolds } from "../tick/puzzle.ts"
import type { Week } from "../time/instant.ts"

type Fields = Readonly<Record<string, unknown>>
const bytes = (hex: unknown): Uint8Array => fromHex(String(hex)) ?? new Uint8Array()
const secret = (hex: unknown): Secret<Uint8Array> => new Secret(bytes(hex))
const all = (list: unknown): readonly Uint8Array[] => (Array.isArray(list) ? list : []).map(bytes)
const boardOf = (shared: Fields) => ({ salt: bytes(shared.salt), log2Rows: Number(shared.log2Rows) })

export const RUN_HOTLINE: Readonly<Record<string, (input: Fields, shared: Fields) => Promise<Fields>>> = {
  scsu: async ({ scsu }) => {
    const text = decodeScsu(bytes(scsu))
    return text === null ? { error: "not-scsu" } : { text }
  },
  "thread-keys": async ({ root, week }) => {
    const from = secret(root) as ThreadRoot
    const weekKey = await weekKeyOf(from, Number(week) as Week)
    const placing = await placingKeysOf(weekKey)
    return {
      threadId: toHex(await threadIdOf(from)),
      weekKey: toHex(reveal(weekKey)),
      replyKey: toHex(reveal(await replyKeyOf(weekKey))),
      cellKey: toHex(reveal(placing.cell)),
      placementKey: toHex(reveal(placing.placement)),
    }
  },
  "intake-key": async ({ intakeKey, revocations }, shared) => {
    const chain = must(await verifyCharterChain(bytes(shared.chain), null))
    const delegations = await Promise.all(
      all(shared.delegations).map(async (item) => must(await verifyDelegation(item, chain))),
    )
    const revoked = await Promise.all(
      all(revocations).map(async (item) => must(await verifyRevocation(item, chain, delegations))),
    )
    const verified = await verifyIntakeKey(bytes(intakeKey), delegations, revoked)
    if (!verified.ok) return { error: verified.error.kind }
    const { keyId, window, publicKey } = verified.value
    return { keyId: toHex(keyId), window, publicKey: toHex(publicKey) }
  },
  envelope: async ({ envelope, window }, { organisationId, seed }) => {
    const parsed = parseEnvelope(bytes(envelope))
    if (!parsed) return { error: "malformed-envelope" }
    const letter = await openEnvelope(
      parsed,
      await kemOpener(secret(seed)),
      bytes(organisationId) as OrganisationId,
      window as IntakeWindow | undefined,
    )
    if (!letter) return { error: "cannot-open" }
    return {
      edition: letter.edition,
      threadId: toHex(letter.threadId),
      week: letter.week,
      weekKeys: letter.weekKeys.map((key) => toHex(reveal(key))),
      read: letter.read,
      messageId: letter.message && toHex(letter.message.id),
      text: letter.message?.text ?? null,
    }
  },
  part: async ({ part, threadId }, shared) => {
    const id = bytes(threadId ?? shared.threadId) as ThreadId
    const opened = await openPart(bytes(part), id, [secret(shared.replyKey)])
    if (!opened) return { error: "cannot-open" }
    return { ...opened, replyId: toHex(opened.replyId), opened: opened.opened.map(toHex) }
  },
  board: async ({ j, cell, index, row }, shared) => {
    const slot = Number(j) as ThreadSlot
    const keys = { cell: secret(shared.cellKey), placement: secret(shared.placementKey) }
    if (row !== undefined) {
      const found = verifiedCell(bytes(row), Number(index), Number(shared.log2Rows), bytes(shared.merkleRoot))
      return found ? { cell: toHex(found) } : { error: "wrong-path" }
    }
    if (cell === undefined) return { candidates: await candidates(keys.placement, boardOf(shared), slot) }
    const part = await unwrapCell(bytes(cell), keys, boardOf(shared), slot)
    return part ? { part: toHex(part) } : { error: "not-there" }
  },
  puzzle: async ({ termKey, headerHash, envelopeHash, bits, nonce }) => ({
    holds: puzzleHolds(
      {
        termKey: bytes(termKey),
        headerHash: bytes(headerHash),
        envelopeHash: bytes(envelopeHash),
        bits: Number(bits),
      },
      bytes(nonce),
    ),
  }),
  hpke: async (input, shared) => {
    const { info, aad, enc, ciphertext, coins, publicKey, plaintext } = Object.fromEntries(
      Object.entries(input).map(([name, hex]) => [name, bytes(hex)]),
    ) as Readonly<Record<string, Uint8Array>>
    const none = new Uint8Array()
    if (coins) {
      const made = await sealByCoins(coins, publicKey ?? none, info ?? none, aad ?? none, plaintext ?? none)
      const isKey = isKemPublicKey(publicKey ?? none)
      if (isKey !== (made !== null)) return { error: "sealing and checking disagree" }
      return made ? { enc: toHex(made.enc), ciphertext: toHex(made.ciphertext) } : { error: "no-public-key" }
    }
    const opener = await kemOpener(secret(input.seed ?? shared.seed))
    if (!enc) return { publicKey: toHex(opener.publicKey) }
    const opened = await opener.open(info ?? none, aad ?? none, enc, ciphertext ?? none)
    return opened ? { plaintext: toHex(opened) } : { error: "cannot-open" }
  },
  note: async ({ keyId, nonce, ciphertext }, { organisationId, intakeSeed }) => {
    const sealed = { keyId: bytes(keyId), nonce: bytes(nonce), ciphertext: bytes(ciphertext) }
    const key = await noteKeyOf(secret(intakeSeed))
    const note = await openNote(sealed, key, bytes(organisationId) as OrganisationId)
    if (!note) return { error: "cannot-open" }
    const decoded = decodeNote(note)
    return decoded ? { note: toHex(note), kind: decoded.kind } : { error: "malformed-note" }
  },
}
