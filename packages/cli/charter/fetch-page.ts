import { makeOutgoing, parseProxy } from "@kunak/desk/platform/outgoing"
import { Failure } from "../failure.ts"

/** The way out, directly or through a SOCKS proxy. @throws Failure for a proxy that is none. */
export function wayOut(socks: string | undefined): ReturnType<typeof makeOutgoing> {
  const proxy = socks === undefined ? null : parseProxy(socks)
  if (socks !== undefined && !proxy)
    throw new Failure(`"${socks}" is no proxy: write 127.0.0.1:9050.`, "bad-proxy")
  return makeOutgoing(() => proxy)
}

/** A page as a browser gets it. */
export async function fetchPage(address: string, socks: string | undefined): Promise<string> {
  const answer = await wayOut(socks)({
    method: "GET",
    url: address,
    headers: { "accept-encoding": "identity", accept: "text/html" },
    mostBytes: 4 * 1024 * 1024,
  })
  if (!answer.ok) throw new Failure(`${address} can't be reached (${answer.error.kind}).`, "unreachable", 3)
  if (answer.value.status !== 200)
    throw new Failure(`${address} answers ${answer.value.status}, not with a page.`, "no-page", 3)
  return new TextDecoder().decode(answer.value.body)
}
