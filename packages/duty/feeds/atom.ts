/** Atom (RFC 4287): an entry for each shown warning and language, newest first. */
import { type CharterChain, languageIndex } from "@kunak/core/charter/charter"
import { readableText } from "@kunak/core/forward/text-block"
import { frameWords } from "@kunak/core/forward/words"
import { formatIso } from "@kunak/core/time/format"
import type { Instant } from "@kunak/core/time/instant"
import type { ResolvedWarning } from "@kunak/core/warning/resolve"
import { alertName, charterOf, speaking } from "./alert.ts"
import { capSender } from "./cap.ts"
import { xml } from "./xml.ts"

/** @param shown in the order of the page. @param issued of the edition: the feed's `updated`. */
export function atomFeed(shown: readonly ResolvedWarning[], chain: CharterChain, issued: Instant): string {
  const { charter } = chain.current
  const [first] = charter.languages
  const id = `urn:${capSender(chain)}`
  return xml({
    feed: {
      "@xmlns": "http://www.w3.org/2005/Atom",
      "@xml:lang": first?.tag ?? "en",
      id,
      title: first?.organisation ?? "",
      updated: formatIso(issued, charter),
      author: { name: first?.organisation ?? "" },
      // Relative, so that readers who came by the onion address stay there.
      link: [
        { "@rel": "self", "@type": "application/atom+xml", "@href": "feed.atom" },
        { "@rel": "alternate", "@type": "text/html", "@href": "./" },
      ],
      entry: shown.flatMap((resolved) => entries(resolved, chain, id)),
    },
  })
}

function entries(resolved: ResolvedWarning, chain: CharterChain, feedId: string) {
  const warning = speaking(resolved)
  const charter = charterOf(chain, warning)
  const name = alertName(warning)
  const texts = warning.texts.length > 0 ? warning.texts : resolved.warning.texts
  return texts.map((text) => {
    const isWithdrawn = resolved.state === "withdrawn"
    const words = readableText(warning.core, text, charter)
    const frame = isWithdrawn ? "withdrawn" : resolved.state === "cleared" ? "allClearOf" : null
    return {
      "@xml:lang": text.language,
      id: `${feedId}:${name}:${text.language}`,
      title: frame && !isWithdrawn ? `${frameWords(text.language, frame)}: ${text.headline}` : text.headline,
      updated: formatIso(warning.core.signedAt, charter),
      author: {
        name: charter.languages[Math.max(0, languageIndex(charter, text.language))]?.organisation ?? "",
      },
      link: [
        { "@rel": "alternate", "@type": "text/html", "@href": "./" },
        { "@rel": "enclosure", "@type": "application/cap+xml", "@href": `cap/${name}.xml` },
      ],
      content: { "@type": "text", "#text": isWithdrawn ? frameWords(text.language, "withdrawn") : words },
    }
  })
}
