/** A duty as a process or inside a desk: its folder, its clock, its schedule. docs/duty.md */
import { randomBytes } from "node:crypto"
import { mkdir, readFile, stat } from "node:fs/promises"
import { join } from "node:path"
import { verifyCharterChain } from "@kunak/core/charter/verify"
import { type Delegation, verifyDelegation } from "@kunak/core/delegation/delegation"
import { decodeEnrolment, type Enrolment, eraseEnrolment } from "@kunak/core/enrolment/enrolment"
import { err, ok, type Result } from "@kunak/core/result"
import { reveal } from "@kunak/core/secret"
import { signingKeyFromSeed } from "@kunak/core/suite"
import { instantFromMs } from "@kunak/core/time/instant"
import type { PageTemplate } from "@kunak/page/document/template"
import { Duty, type TickOutcome } from "./duty.ts"
import { eraseLetGo } from "./line/waiting.ts"
import { loadMemory, saveMemory } from "./memory-file.ts"
import { type Outgoing, relayClient } from "./relay-client.ts"

export type StartError =
  | { readonly kind: "no-enrolment"; readonly path: string }
  | { readonly kind: "enrolment-open-to-others"; readonly path: string }
  | { readonly kind: "malformed-enrolment"; readonly path: string }
  | { readonly kind: "malformed-memory" | "newer-memory"; readonly path: string }
  | { readonly kind: "not-a-duty" }
  | { readonly kind: "charter-refused"; readonly why: string }

export interface RunOptions {
  /** Holds `enrolment.json`, readable by its owner alone, and the duty's `memory.json`. */
  readonly folder: string
  readonly outgoing: Outgoing
  readonly template: PageTemplate
  /** As in `DutyParts`. */
  readonly puzzleBits?: number
  /** The process before this one had this interval's turn (rule U17): the first is at the next beat, where it would have been. */
  readonly hadTurn?: boolean
  readonly onTick: (outcome: TickOutcome) => void
  /** Its own disk can't be written: nothing is published until it can. */
  readonly onDiskError: (error: unknown) => void
  /** After each turn while its process should begin anew (`Duty.isOutworn`): all that it holds is on its disk. */
  readonly onOutworn?: () => void
}

export interface RunningDuty {
  /** Resolves when the tick in progress has ended; nothing is left half done. */
  readonly stop: () => Promise<void>
  readonly organisation: string
}

export async function startDuty(options: RunOptions): Promise<Result<RunningDuty, StartError>> {
  const enrolled = await readEnrolment(join(options.folder, "enrolment.json"))
  if (!enrolled.ok) return enrolled
  const enrolment = enrolled.value
  const chain = await verifyCharterChain(enrolment.charterChain, null)
  if (!chain.ok) return err({ kind: "charter-refused", why: chain.error.kind })
  const delegations: Delegation[] = []
  for (const bytes of enrolment.delegations) {
    const delegation = await verifyDelegation(bytes, chain.value)
    if (delegation.ok) delegations.push(delegation.value)
  }
  await mkdir(options.folder, { recursive: true })
  const memoryPath = join(options.folder, "memory.json")
  const memory = await loadMemory(memoryPath, chain.value, delegations)
  if (!memory.ok) return err({ ...memory.error, path: memoryPath })
  const [a, b] = chain.value.current.charter.relays
  const duty = new Duty(
    {
      key: signingKeyFromSeed("duty", reveal(enrolment.seed)),
      relays: [
        relayClient(a, enrolment.relays[0], options.outgoing),
        relayClient(b, enrolment.relays[1], options.outgoing),
      ],
      logKeys: { line: enrolment.lineKey },
      template: options.template,
      random: (length) => new Uint8Array(randomBytes(length)),
      now: () => instantFromMs(Date.now()),
      ...(options.puzzleBits === undefined ? {} : { puzzleBits: options.puzzleBits }),
      save: (changed) => saveMemory(memoryPath, changed),
    },
    memory.value,
  )
  eraseLetGo(
    memory.value.line.waiting.flatMap(({ keys }) => keys),
    [],
  )
  const { languages } = chain.value.current.charter
  const stop = schedule(duty, options)
  const stopAndErase = async (): Promise<void> => {
    await stop()
    eraseEnrolment(enrolment)
  }
  return ok({ stop: stopAndErase, organisation: languages[0]?.organisation ?? "" })
}

/** One tick at once, then one at each beat of the interval, so that a slow upload does not shift the next. */
function schedule(duty: Duty, { onTick, onDiskError, onOutworn, hadTurn }: RunOptions): () => Promise<void> {
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let running: Promise<void> = Promise.resolve()
  const turn = async (): Promise<void> => {
    try {
      onTick(await duty.tick())
    } catch (error) {
      onDiskError(error)
    }
    if (!stopped && duty.isOutworn) onOutworn?.()
    if (!stopped) wait()
  }
  const wait = (): void => {
    const intervalMs = duty.memory.line.chain.current.charter.editionSeconds * 1000
    timer = setTimeout(
      () => {
        running = turn()
      },
      intervalMs - (Date.now() % intervalMs),
    )
  }
  if (hadTurn) wait()
  else running = turn()
  return async () => {
    stopped = true
    clearTimeout(timer)
    await running
  }
}

async function readEnrolment(path: string): Promise<Result<Enrolment, StartError>> {
  let text: string
  try {
    const { mode } = await stat(path)
    if ((mode & 0o077) !== 0 && process.platform !== "win32")
      return err({ kind: "enrolment-open-to-others", path })
    text = await readFile(path, "utf8")
  } catch {
    return err({ kind: "no-enrolment", path })
  }
  const enrolment = decodeEnrolment(text)
  if (!enrolment.ok) return err({ kind: "malformed-enrolment", path })
  return enrolment.value.role === "duty" ? ok(enrolment.value) : err({ kind: "not-a-duty" })
}
