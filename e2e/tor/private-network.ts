/**
 * A Tor network of its own on loopback, made of Debian's tor: directory authorities with certificates of tor-gencert, relays, and
 * clients with SOCKS ports. No exit: whatever is not an onion service of this network leads nowhere.
 */
import { spawn } from "node:child_process"
import { mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { type AddressInfo, createServer } from "node:net"
import { join } from "node:path"
import { startTor, TOR, type TorProcess } from "./tor-process.ts"

/** Three sign a consensus; and an onion service's circuits of four hops want more relays than that. */
const AUTHORITIES = 3
const RELAYS = 4

interface Authority {
  readonly name: string
  readonly or: number
  readonly dir: number
}

export interface PrivateNetwork {
  readonly folder: string
  readonly processes: readonly TorProcess[]
  /** One more tor in it, with this configuration. */
  readonly join: (name: string, torrc: string) => TorProcess
  readonly stop: () => Promise<void>
}

export async function startPrivateNetwork(folder: string): Promise<PrivateNetwork> {
  const ports = await freePorts(AUTHORITIES * 2 + RELAYS)
  const take = (): number => ports.pop() ?? 0
  const authorities = Array.from({ length: AUTHORITIES }, (_, i) => ({
    name: `authority${i}`,
    or: take(),
    dir: take(),
  }))
  const lines = await Promise.all(authorities.map((one) => makeAuthority(folder, one)))
  const defaults = join(folder, "defaults")
  writeFileSync(defaults, [...COMMON, ...lines].join("\n"))
  const processes: TorProcess[] = []
  const start = (name: string, torrc: string): TorProcess => {
    const data = join(folder, name)
    mkdirSync(data, { recursive: true, mode: 0o700 })
    const file = join(folder, `${name}.torrc`)
    writeFileSync(file, `${torrc}\nDataDirectory ${data}\n`)
    const started = startTor(name, file, defaults)
    processes.push(started)
    return started
  }
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((one) => one.stop()))
  }
  try {
    for (const { name, or, dir } of authorities) start(name, authorityTorrc(name, or, dir))
    for (let i = 0; i < RELAYS; i++) start(`relay${i}`, relayTorrc(`relay${i}`, take()))
    return { folder, processes, join: start, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

/** Everything on loopback, votes in seconds, no name of this machine. */
const COMMON = [
  "TestingTorNetwork 1",
  "AssumeReachable 1",
  "AddressDisableIPv6 1",
  "SafeLogging 0",
  "ShutdownWaitLength 0",
  "OutboundBindAddress 127.0.0.1",
  "PathsNeededToBuildCircuits 0.67",
  "TestingClientDownloadInitialDelay 0",
  "TestingServerDownloadInitialDelay 0",
  "TestingClientConsensusDownloadInitialDelay 0",
  "TestingServerConsensusDownloadInitialDelay 0",
  "TestingBridgeDownloadInitialDelay 0",
]

const relayTorrc = (name: string, or: number): string =>
  [
    `Nickname ${name}`,
    "Address 127.0.0.1",
    `ORPort 127.0.0.1:${or}`,
    "SocksPort 0",
    "ExitRelay 0",
    "ExitPolicy reject *:*",
  ].join("\n")

const authorityTorrc = (name: string, or: number, dir: number): string =>
  [
    relayTorrc(name, or),
    `DirPort 127.0.0.1:${dir}`,
    "AuthoritativeDirectory 1",
    "V3AuthoritativeDirectory 1",
    "ContactInfo nobody@example.org",
    "TestingV3AuthInitialVotingInterval 5",
    "TestingV3AuthInitialVoteDelay 2",
    "TestingV3AuthInitialDistDelay 2",
    "V3AuthVotingInterval 10",
    "V3AuthVoteDelay 2",
    "V3AuthDistDelay 2",
    "TestingDirAuthVoteExit *",
    "TestingDirAuthVoteHSDir *",
    "TestingDirAuthVoteGuard *",
    "TestingMinExitFlagThreshold 0",
  ].join("\n")

/** Its keys and certificate. @returns the line by which all others know it. */
async function makeAuthority(folder: string, { name, or, dir }: Authority): Promise<string> {
  const data = join(folder, name)
  const keys = join(data, "keys")
  mkdirSync(keys, { recursive: true, mode: 0o700 })
  // The key needs a passphrase; whoever could use it is gone in a minute.
  await ran(
    "tor-gencert",
    ["--create-identity-key", "--passphrase-fd", "0", "-m", "1"],
    keys,
    "private network\n",
  )
  const certificate = readFileSync(join(keys, "authority_certificate"), "utf8")
  const identity = /^fingerprint ([0-9A-F]{40})$/m.exec(certificate)?.[1]
  const bare = join(folder, `${name}.bare`)
  writeFileSync(bare, `${relayTorrc(name, or)}\nDataDirectory ${data}\n`)
  const listed = await ran(
    TOR,
    ["-f", bare, "--defaults-torrc", "/dev/null", "--list-fingerprint", "--quiet"],
    folder,
  )
  const fingerprint = /(?: [0-9A-F]{4}){10}/.exec(listed)?.[0].replaceAll(" ", "")
  if (!identity || !fingerprint) throw new Error(`an authority without keys: ${listed}`)
  return `DirAuthority ${name} orport=${or} no-v2 v3ident=${identity} 127.0.0.1:${dir} ${fingerprint}`
}

/** @returns what it said. @throws Error with that unless it succeeds. */
function ran(program: string, args: readonly string[], cwd: string, input = ""): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, stdio: "pipe" })
    let said = ""
    for (const stream of [child.stdout, child.stderr])
      stream.on("data", (part: Buffer) => {
        said += part.toString()
      })
    child.once("error", reject)
    child.once("close", (code) => (code === 0 ? resolve(said) : reject(new Error(`${program}: ${said}`))))
    child.stdin.end(input)
  })
}

/** Ports of loopback that nobody holds at this moment. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(
    Array.from({ length: count }, async () => {
      const server = createServer()
      await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve))
      return server
    }),
  )
  const ports = servers.map((server) => (server.address() as AddressInfo).port)
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))))
  return ports
}
