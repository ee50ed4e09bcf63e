/**
 * A name to speak of a thread by, which says nothing of who writes: two words and a number from a hash of the thread
 * id. Both lists mean the same, place by place, so that colleagues with different languages speak of the same thread.
 */
import { concatBytes } from "@kunak/core/bytes/equal"
import { ByteReader } from "@kunak/core/bytes/reader"
import { sha256 } from "@kunak/core/suite"
import type { ThreadId } from "@kunak/core/thread/keys"

/** Neutral in either language; the Russian ones masculine, so that the words agree. */
const FIRST = {
  en: "brown blue green white grey red yellow silver quiet early tall round bright young old warm golden soft".split(
    " ",
  ),
  ru: "бурый синий зелёный белый серый красный жёлтый серебристый тихий ранний высокий круглый светлый молодой старый тёплый золотой мягкий".split(
    " ",
  ),
} as const
const SECOND = {
  en: "oak maple cedar ash elm poplar stork swan crane starling bridge stone reed clover fern thyme moss tulip walnut apricot".split(
    " ",
  ),
  ru: "дуб клён кедр ясень вяз тополь аист лебедь журавль скворец мост камень камыш клевер папоротник чабрец мох тюльпан орех абрикос".split(
    " ",
  ),
} as const

const DOMAIN = new TextEncoder().encode("kunak/1 thread label\0")

/** "brown heron 41": 10 to 99. Two threads may share one; the list shows their age beside it. */
export function labelOf(threadId: ThreadId, language: "ru" | "en"): string {
  const from = new ByteReader(sha256(concatBytes(DOMAIN, threadId)))
  const pick = (words: readonly string[]): string => words[from.u16() % words.length] as string
  return `${pick(FIRST[language])} ${pick(SECOND[language])} ${10 + (from.u16() % 90)}`
}
