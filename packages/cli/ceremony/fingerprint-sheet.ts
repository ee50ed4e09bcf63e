/** The sheet that partners print: who the organisation is, in eight groups of letters. docs/ceremony.md */
import { toBase64 } from "@kunak/core/bytes/base64"
import type { CharterChain } from "@kunak/core/charter/charter"
import { fingerprint } from "@kunak/core/charter/fingerprint"
import { sha256 } from "@kunak/core/suite"
import { formatDay } from "@kunak/core/time/format"

const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)

const WORDS: Readonly<
  Record<string, Readonly<Record<"title" | "how" | "signers" | "valid" | "demo" | "address", string>>>
> = {
  ru: {
    title: "Отпечаток организации",
    how: "Сравните эти восемь групп букв с теми, что стоят внизу страницы организации. Отличается хоть одна буква – это не она.",
    signers: "Устав подписывают {k} из {n} человек.",
    valid: "Устав действует до {day}. Отпечаток остаётся и у следующих уставов.",
    demo: "ДЕМОНСТРАЦИЯ – не настоящая организация",
    address: "Адреса страницы",
  },
  en: {
    title: "Fingerprint of the organisation",
    how: "Compare these eight groups of letters with those at the foot of the organisation's page. If one letter differs, it is not theirs.",
    signers: "{k} of {n} people sign its charter.",
    valid: "The charter holds until {day}. The fingerprint stays the same in later charters.",
    demo: "DEMONSTRATION – not a real organisation",
    address: "Addresses of the page",
  },
}

const STYLE = `
@page{size:A4;margin:18mm}
body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem;color:#111;background:#fff}
.fingerprint{display:grid;grid-template-columns:repeat(4,1fr);gap:.6rem;margin:0 0 2rem;padding:1.2rem;border:3px solid #111;font:700 clamp(1.3rem,6vw,2.4rem)/1.4 ui-monospace,monospace;text-align:center}
h2{font-size:1rem;text-transform:uppercase;letter-spacing:.06em;margin:2rem 0 0;border-top:1px solid #999;padding-top:1rem}
.name{font-size:1.5rem;font-weight:600;margin:.2rem 0 .6rem}.demo{font-weight:700;border:2px dashed #111;padding:.4rem .8rem}
`
const STYLE_HASH = `sha256-${toBase64(sha256(new TextEncoder().encode(STYLE)))}`

/** A self-contained page for A4: prints without a network, says the same in each language of the charter. */
export function fingerprintSheet(chain: CharterChain): string {
  const { charter } = chain.current
  const groups = fingerprint(chain.organisationId).split(" ")
  const addresses = charter.relays
    .flatMap(({ web, onion }) => [web, onion])
    .filter((address) => address !== "")
  const parts = charter.languages.map(({ tag, organisation }) => {
    const words = WORDS[tag] ?? WORDS.en
    const say = (key: keyof NonNullable<typeof words>): string =>
      (words?.[key] ?? "")
        .replace("{k}", String(charter.threshold))
        .replace("{n}", String(charter.signers.length))
        .replace("{day}", formatDay(charter.expires, tag, charter))
    return `<section lang="${escaped(tag)}"><h2>${escaped(say("title"))}</h2><p class="name">${escaped(organisation)}</p>${
      charter.demonstration ? `<p class="demo">${escaped(say("demo"))}</p>` : ""
    }<p>${escaped(say("how"))}</p><p>${escaped(say("signers"))} ${escaped(say("valid"))}</p><p>${escaped(say("address"))}: ${addresses.map(escaped).join(", ")}</p></section>`
  })
  const [language] = charter.languages
  return `<!doctype html>
<html lang="${escaped(language?.tag ?? "en")}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${STYLE_HASH}'">
<title>${escaped(fingerprint(chain.organisationId))}</title>
<style>${STYLE}</style></head><body><p class="fingerprint" aria-label="${groups.join(" ")}">${groups.map((group) => `<span>${group}</span>`).join("")}</p>${parts.join("")}</body></html>
`
}
