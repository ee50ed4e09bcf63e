/** What anybody may read: the page, its header, the feeds (rules T1, T14). */
import { chooseCoding } from "../accept-encoding.ts"
import { type Answer, answer, nothingHere, PAGE_POLICY } from "../answer.ts"
import { calmPage } from "../calm-page.ts"
import type { CurrentEdition } from "../current-edition.ts"
import type { RelayRequest } from "../request.ts"
import type { ServedEdition, ServedFile } from "../served-edition.ts"

/** A saved copy of the page asks from the origin "null"; Date tells it apart a wrong clock and an old edition. */
const READABLE_ANYWHERE = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "Date",
  "Cross-Origin-Resource-Policy": "cross-origin",
} as const

/** Messengers and mailers hang their own query on a link: the page opens all the same. */
const isPage = (target: string): boolean => target === "/" || target.startsWith("/?")

const CAP = /^\/cap\/[0-9a-f]{32}-\d{1,5}\.xml$/

const isPublic = (target: string): boolean =>
  isPage(target) ||
  target === "/header" ||
  target === "/feed.atom" ||
  target === "/bulletin" ||
  CAP.test(target)

/** @returns null when the target is no public route. */
export async function answerPublic(request: RelayRequest, current: CurrentEdition): Promise<Answer | null> {
  if (!isPublic(request.target)) return null
  const edition = await current.get()
  if (!edition) {
    return request.target === "/header"
      ? { ...calmPage, headers: { ...calmPage.headers, ...READABLE_ANYWHERE } }
      : calmPage
  }
  return answerFrom(edition, request)
}

function answerFrom(edition: ServedEdition, request: RelayRequest): Answer {
  if (request.target === "/header") {
    return answer(200, edition.header, { "Content-Type": "application/octet-stream", ...READABLE_ANYWHERE })
  }
  const page = isPage(request.target)
  const file = edition.files.get(page ? pageFor(request.host) : request.target.slice(1))
  if (!file) return nothingHere
  return fileAnswer(file, request.acceptEncoding, page ? { "Content-Security-Policy": PAGE_POLICY } : {})
}

/** Onion addresses are told only to who came by one. */
const pageFor = (host: string): string =>
  /\.onion(:\d+)?$/i.test(host) ? "page.onion.html" : "page.web.html"

function fileAnswer(
  file: ServedFile,
  acceptEncoding: string,
  headers: Readonly<Record<string, string>>,
): Answer {
  const coding = chooseCoding(acceptEncoding, [...file.codings.keys()])
  return answer(200, file.codings.get(coding) ?? new Uint8Array(), {
    "Content-Type": file.type,
    Vary: "Accept-Encoding",
    ...(coding === "identity" ? {} : { "Content-Encoding": coding }),
    ...headers,
  })
}
