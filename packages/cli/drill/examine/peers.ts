/** Whom programs and browsers spoke to besides each other: nobody, of the whole week. */
import type { NameServer } from "../places/name-server.ts"
import { addressesSpokenTo, datagramsToNobody, NAME_SERVER, whyNoNetwork } from "../places/network.ts"
import { type Finding, Gathering, type Section } from "./section.ts"

/** Names that the makers' browsers ask for by themselves, whatever page they show. docs/drill.md says so. */
const OF_BROWSERS =
  /(^|\.)(google\.com|googleapis\.com|gstatic\.com|googleusercontent\.com|gvt1\.com|chrome\.com|mozilla\.(com|org|net)|firefox\.com|mozaws\.net)$/

/** What the name server itself is called: some resolvers ask it so, and it says nothing of anybody. */
const OF_THE_NAME_SERVER = `${NAME_SERVER.split(".").reverse().join(".")}.in-addr.arpa`

const PEER = (what: string, form: string, times: number): Finding => ({
  kind: "peer",
  what,
  form,
  where: "the drill's network",
  times,
})

export interface Peers {
  readonly addresses: readonly string[]
  readonly names: ReadonlyMap<string, number>
  readonly datagrams: number
}

export function strangersAmong({ addresses, names, datagrams }: Peers): readonly Finding[] {
  return [
    ...addresses.map((address) => PEER(address, "an address", 1)),
    ...[...names]
      .filter(([name]) => !OF_BROWSERS.test(name) && name !== OF_THE_NAME_SERVER)
      .map(([name, times]) => PEER(name, "a name that was asked for", times)),
    ...(datagrams > 0 ? [PEER("this machine, where nobody listens", "datagrams", datagrams)] : []),
  ]
}

export function examinePeers(names: NameServer | null): Section {
  const into = new Gathering("peers")
  const why = whyNoNetwork()
  if (why || !names) {
    into.notShown.push(why ?? "the drill's name server did not start")
    return into.section()
  }
  const peers = { addresses: addressesSpokenTo(), names: names.asked, datagrams: datagramsToNobody() }
  into.findings.push(...strangersAmong(peers))
  const own = [...names.asked.keys()].filter((name) => OF_BROWSERS.test(name)).length
  into.detail = String(own)
  return into.section()
}
