/** A real relay: `kunak relay` as a process of its own, from files as an operator has them. */
import { type ChildProcess, spawn } from "node:child_process"
import { writeFileSync } from "node:fs"
import { type ClientRequestArgs, request } from "node:http"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { toHex } from "@kunak/core/bytes/hex"
import { reveal } from "@kunak/core/secret"
import { makeOrganisation, type Organisation } from "@kunak/core/testing/organisation"
import { instantFromMs } from "@kunak/core/time/instant"
import { onTestFinished } from "vitest"
import { bearer, type Role } from "../capability.ts"
import { capabilities, capabilityHashes } from "./test-relay.ts"

/** The program that an operator starts. */
export const KUNAK = fileURLToPath(new URL("../../cli/main.ts", import.meta.url))

let organisation: Promise<Organisation> | undefined
/** Of today, since a real relay has a real clock. */
export const organisationOfToday = (): Promise<Organisation> => {
  organisation ??= makeOrganisation({ now: instantFromMs(Date.now()), demonstration: true })
  return organisation
}

/** Writes what `kunak init` would give relay A. @returns the configuration's path. */
export async function writeRelayFiles(folder: string, change: object = {}): Promise<string> {
  const { chain, relayA } = await organisationOfToday()
  writeFileSync(join(folder, "charter.bin"), chain.bytes)
  writeFileSync(join(folder, "term.key"), `${toHex(reveal(relayA.seed))}\n`, { mode: 0o600 })
  const hashes = Object.entries(capabilityHashes).map(([role, list]) => [role, list.map(toHex)])
  const config = {
    charter: "charter.bin",
    termKey: "term.key",
    store: { kind: "sqlite", path: "relay.db" },
    capabilities: Object.fromEntries(hashes),
    listen: ["127.0.0.1:0"],
    ...change,
  }
  const path = join(folder, "relay.json")
  writeFileSync(path, JSON.stringify(config))
  return path
}

export interface Heard {
  readonly status: number
  readonly body: Buffer
}

export interface RelayProcess {
  readonly process: ChildProcess
  readonly port: number
  /** All that it has said so far. */
  readonly said: () => string
  readonly kill: (signal?: NodeJS.Signals) => Promise<number | null>
  /** Status 0 when the connection broke. */
  readonly ask: (options: ClientRequestArgs, body?: Uint8Array) => Promise<Heard>
  readonly post: (path: string, role: Role, body: Uint8Array) => Promise<Heard>
  /** Value of the Authorization header. */
  readonly bearer: (role: Role) => string
}

/** Runs `kunak relay` until it listens; the end of the test ends it. */
export async function startProcess(configPath: string, args: readonly string[] = []): Promise<RelayProcess> {
  const { child, said, ended } = launch(configPath, ["--json", ...args])
  const port = await new Promise<number>((resolve, reject) => {
    child.stdout?.on("data", () => {
      const found = /"listening":\["[^"]*:(\d+)"/.exec(said())
      if (found) resolve(Number(found[1]))
      else if (said().includes('"listening"')) resolve(0)
    })
    void ended.then(() => reject(new Error(`the relay did not start: ${said()}`)))
  })
  const send: RelayProcess["ask"] = (options, body) =>
    new Promise((resolve) => {
      const asked = request({ host: "127.0.0.1", port, agent: false, ...options }, (answer) => {
        const chunks: Buffer[] = []
        answer.on("data", (chunk: Buffer) => chunks.push(chunk))
        answer.on("error", () => resolve({ status: 0, body: Buffer.alloc(0) }))
        answer.on("end", () => resolve({ status: answer.statusCode ?? 0, body: Buffer.concat(chunks) }))
      })
      asked.on("error", () => resolve({ status: 0, body: Buffer.alloc(0) }))
      asked.end(body)
    })
  return {
    process: child,
    port,
    said,
    kill: (signal = "SIGKILL") => {
      child.kill(signal)
      return ended
    },
    ask: send,
    bearer: (role) => bearer(capabilities[role]),
    post: (path, role, body) =>
      send({ method: "POST", path, headers: { Authorization: bearer(capabilities[role]) } }, body),
  }
}

/** Runs `kunak relay` where it should refuse. @returns what it said and its exit code. */
export async function refusedStart(
  configPath: string,
  args: readonly string[] = [],
): Promise<{ readonly said: string; readonly code: number | null }> {
  const { said, ended } = launch(configPath, args)
  const code = await ended
  return { said: said(), code }
}

function launch(configPath: string, args: readonly string[]) {
  const child = spawn(process.execPath, [KUNAK, "relay", "--config", configPath, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
  })
  let text = ""
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      text += chunk.toString()
    })
  }
  const ended = new Promise<number | null>((resolve) => child.once("close", (code) => resolve(code)))
  onTestFinished(async () => {
    child.kill("SIGKILL")
    await ended
  })
  return { child, said: () => text, ended }
}
