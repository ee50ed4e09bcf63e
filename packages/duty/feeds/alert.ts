/** What the feeds say of each shown warning, before it becomes XML. */
import { toHex } from "@kunak/core/bytes/hex"
import { type Charter, type CharterChain, charterByHash } from "@kunak/core/charter/charter"
import type { ResolvedWarning } from "@kunak/core/warning/resolve"
import type { Warning } from "@kunak/core/warning/warning"

/** The object that speaks: the danger itself, or what withdrew or cleared it. */
export const speaking = ({ warning, by }: ResolvedWarning): Warning => by ?? warning

/** Unique in the organisation and the same in every edition: "3f…-2". */
export const alertName = (warning: Warning): string => `${toHex(warning.core.id)}-${warning.core.sequence}`

export const charterOf = (chain: CharterChain, warning: Warning): Charter =>
  charterByHash(chain, warning.core.charterHash)?.charter ?? chain.current.charter
