/** Everything that went by on the way to both relays: words and keys in it, and lengths that differ. */
import type { Wire } from "../places/wire.ts"
import type { Searcher } from "../search/searcher.ts"
import { inflate } from "../search/streams.ts"
import { Gathering, type Section } from "./section.ts"
import { sizesOfTicks } from "./sizes.ts"

export function examineWire(wires: readonly Wire[], searcher: Searcher): Section {
  const into = new Gathering("wire")
  let [messages, ticks] = [0, 0]
  for (const wire of wires) {
    const where = `wire of relay ${wire.relay}`
    for (const stream of wire.bytes()) into.searched(searcher.bytes(stream, ["wire"], "marked"), where)
    const seen = wire.messages()
    messages += seen.length
    for (const { headers, body } of seen) {
      const encoding = headers
        .find((line) => /^content-encoding:/i.test(line))
        ?.split(":")[1]
        ?.trim()
      const clear = encoding === "br" ? inflate("brotli", body) : null
      if (clear) into.searched(searcher.bytes(clear, ["wire"], "not"), `${where}, Brotli`)
    }
    const sizes = sizesOfTicks(seen, where)
    ticks += sizes.ticks
    into.findings.push(...sizes.findings)
  }
  into.detail = `${messages} / ${ticks}`
  return into.section()
}
