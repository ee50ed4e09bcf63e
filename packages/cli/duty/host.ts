/** Starting a duty from its folder, alone or beside a desk, and what is said of each edition. docs/duty.md */
import { makeOutgoing, type ProxySetting } from "@kunak/desk/platform/outgoing"
import type { TickOutcome } from "@kunak/duty/duty"
import { type RunningDuty, type StartError, startDuty } from "@kunak/duty/run"
import { loadTemplate } from "@kunak/page/template-file"
import { Failure } from "../failure.ts"

export interface DutyHost {
  readonly folder: string
  readonly proxy: ProxySetting
  readonly json: boolean
  readonly puzzleBits?: number
  /** As in `RunOptions`. */
  readonly hadTurn: boolean
  readonly onOutworn: () => void
}

/** @throws Failure with what to mend. */
export async function hostDuty(host: DutyHost): Promise<RunningDuty> {
  const { folder, proxy, json, puzzleBits, hadTurn, onOutworn } = host
  const started = await startDuty({
    folder,
    ...(puzzleBits === undefined ? {} : { puzzleBits }),
    hadTurn,
    onOutworn,
    outgoing: makeOutgoing(() => proxy),
    template: await loadTemplate(),
    onTick: json ? sayJson : saySentence(),
    onDiskError: () => {
      const text = `Nothing was published: ${folder} can't be written. Free some space; the duty tries again with each edition.`
      process.stderr.write(json ? `${JSON.stringify({ kind: "disk", text })}\n` : `${text}\n`)
    },
  })
  if (!started.ok) throw new Failure(sentence(started.error), started.error.kind)
  return started.value
}

function sentence(error: StartError): string {
  switch (error.kind) {
    case "no-enrolment":
      return `${error.path} is not there or can't be read: --dir names a duty's folder made by 'kunak init'.`
    case "enrolment-open-to-others":
      return `${error.path} can be read by others on this machine: run 'chmod 600 ${error.path}' first.`
    case "malformed-enrolment":
      return `${error.path} is damaged: copy it again from the ceremony's stick.`
    case "malformed-memory":
      return `${error.path} is damaged: move it away, and the duty reads the log anew and asks for a new term.`
    case "newer-memory":
      return `${error.path} was written by a newer version of Kunak: update this one.`
    case "not-a-duty":
      return "This enrolment is an officer's: give it to a desk, and this command a duty's folder."
    case "charter-refused":
      return `The charter in the enrolment does not verify (${error.why}): copy it again from the ceremony's stick.`
  }
}

const sayJson = (outcome: TickOutcome): void => {
  process.stdout.write(`${JSON.stringify(outcome, (key, value) => (key === "bytes" ? undefined : value))}\n`)
}

/** Says what changed since the last edition, not every edition: the always-on machine's journal stays readable. */
function saySentence(): (outcome: TickOutcome) => void {
  let last = ""
  return (outcome) => {
    const now = describe(outcome)
    const same = now.replace(/\d+\.\d+/, "") === last
    last = now.replace(/\d+\.\d+/, "")
    if (!same) process.stdout.write(`${now}\n`)
  }
}

function describe(outcome: TickOutcome): string {
  switch (outcome.kind) {
    case "published": {
      const names = ["A", "B"].filter((_, i) => outcome.relays[i] === null)
      const failed = ["A", "B"].flatMap((name, i) =>
        outcome.relays[i] ? [`relay ${name}: ${outcome.relays[i]}`] : [],
      )
      const left = outcome.leftOut > 0 ? ` ${outcome.leftOut} of the oldest warnings did not fit.` : ""
      const where = names.length > 0 ? `on ${names.map((name) => `relay ${name}`).join(" and ")}` : "nowhere"
      return `Edition ${outcome.id.term}.${outcome.id.number} ${where}.${failed.length > 0 ? ` Not taken by ${failed.join(", ")}.` : ""}${left}`
    }
    case "standing-by":
      return "Another duty keeps the line; this one stands by."
    case "no-term":
      return `Not publishing: ${outcome.why}.`
    case "not-made":
      return `No edition could be made: ${outcome.why.kind}.`
  }
}
