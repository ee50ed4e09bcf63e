/** All that follows from a person's ten words: the root, the thread's id, keys of the weeks around now. */
import { rootFromPhrase } from "@kunak/core/phrase/phrase"
import { readPhrase } from "@kunak/core/phrase/read"
import { reveal } from "@kunak/core/secret"
import { placingKeysOf, replyKeyOf, type ThreadRoot, threadIdOf, weekKeyOf } from "@kunak/core/thread/keys"
import { instantFromMs, type Week, weekOf } from "@kunak/core/time/instant"
import { Failure } from "../../failure.ts"
import type { Canary, Holder } from "./canary.ts"

/** This week, the three after it, and the one before. */
const WEEKS = [-1, 0, 1, 2, 3] as const

export async function threadCanaries(
  name: string,
  words: readonly string[],
  organisationId: Uint8Array,
  nowMs: number,
): Promise<readonly Canary[]> {
  const phrase = readPhrase("ru", words.join(" "))
  if (!phrase.ok) throw new Failure("the page showed ten words that are no phrase", "phrase", 3)
  const root = (await rootFromPhrase(phrase.value, organisationId)) as ThreadRoot
  const key = (field: string, value: Uint8Array, ...may: readonly Holder[]): Canary => ({
    field: `${field} of ${name}`,
    kind: "key",
    value: value.slice(),
    may,
  })
  const found = [key("root", reveal(root)), key("thread id", await threadIdOf(root))]
  for (const after of WEEKS) {
    const week = (weekOf(instantFromMs(nowMs)) + after) as Week
    const weekKey = await weekKeyOf(root, week)
    const { cell, placement } = await placingKeysOf(weekKey)
    found.push(
      key("week key", reveal(weekKey)),
      key("reply key", reveal(await replyKeyOf(weekKey))),
      { ...key("cell key", reveal(cell), "duty"), week },
      { ...key("placement key", reveal(placement), "duty"), week },
    )
  }
  return found
}
