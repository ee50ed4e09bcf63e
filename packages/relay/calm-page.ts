/** What a reader sees before the first edition: says nothing about who will be here (rule T15). */
import { createHash } from "node:crypto"
import { type Answer, answer } from "./answer.ts"

const STYLE =
  "body{font:1.25rem/1.5 system-ui,sans-serif;max-width:34em;margin:3em auto;padding:0 1em;color-scheme:light dark}"

const PAGE = `<!doctype html><html lang="ru"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>…</title><style>${STYLE}</style></head><body><p>Здесь пока ничего нет. Загляните через несколько минут.</p><p lang="en">There is nothing here yet. Please look again in a few minutes.</p></body></html>
`

const styleHash = createHash("sha256").update(STYLE).digest("base64")

/** 503: to be asked again, by people and programs alike. */
export const calmPage: Answer = answer(503, new TextEncoder().encode(PAGE), {
  "Content-Type": "text/html; charset=utf-8",
  "Content-Security-Policy": `default-src 'none'; style-src 'sha256-${styleHash}'; frame-ancestors 'none'`,
  "Retry-After": "120",
})
