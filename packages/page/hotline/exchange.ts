/**
 * The exchange behind the page: fifteen ticks that are the same whoever visits and whatever they do.
 * docs/protocol.md §21.
 */
import { equalBytes } from "@kunak/core/bytes/equal"
import type { VerifiedHeader } from "@kunak/core/edition/verify"
import { TICKS } from "@kunak/core/parameters"
import { sentLaterBy, slotAt, tickAt, wantsHeader } from "@kunak/core/tick/schedule"
import { ask, type Heard } from "../exchange/tick.ts"
import { learn, ownHeader } from "../state/known-headers.ts"
import { type HeardHeader, judgeHeader, type RelayState } from "../state/relay-state.ts"
import type { Queued } from "./outbox.ts"
import { cameBack, handedOver, hasLeft, relayAt } from "./outbox.ts"
import { prepare, type ReadyTick } from "./prepare.ts"
import { intakeKeyAt } from "./receiver.ts"
import type { VisitCore } from "./visit.ts"
import type { Obstacle } from "./visit-state.ts"
import { countSlot } from "./visit-thread.ts"

const SECOND_MS = 1_000
/** One answer that is lost may be the network's doing. */
const SILENT_TICKS = 2

/** Begins at once. */
export function runExchange(core: VisitCore): void {
  const { own, addresses, edges, changed } = core
  const { nowMs, now, sleep, fetch, chance } = edges
  const { chain } = own.bulletin
  const { tickMs, editionSeconds } = chain.current.charter
  const start = nowMs()
  const momentOf = (tick: number): number => start + tickAt(tick, tickMs)
  /** Answers are waited for so long; then there is time to verify them, to put the next tick together, and to rest. */
  const patienceMs = (tickMs * 5) / 12
  const aheadMs = tickMs / 2
  const leadMs = tickMs / 6
  const lateMs = tickMs / 4

  let known = ownHeader(own.verifiedHeader)
  let askedMs = start
  /** Ticks in a row that each relay has left without an answer. */
  let unheard: readonly number[] = [0, 0]
  let isBusy = false
  let isSlow = false
  let brokenLookUps = 0

  /** What goes wrong elsewhere is said in the console and does not reach the clock. */
  const sayAndGoOn = (error: unknown): null => {
    void Promise.reject(error)
    return null
  }
  const until = async (time: number): Promise<void> => {
    const ms = time - nowMs()
    if (ms > 0) await sleep(ms)
  }
  const receiver = () =>
    intakeKeyAt(known.newest, [now(), ...(known.relays ?? []).flatMap(({ clock }) => clock ?? [])])

  async function run(): Promise<void> {
    for (let tick = 0; tick < TICKS; tick++) {
      const moment = momentOf(tick)
      await until(moment - aheadMs)
      // Rule Z5: whoever slept through the time for putting it together, or through its moment, leaves it out.
      const ready = tick === 0 || nowMs() < moment - leadMs ? await close(tick) : null
      const sent = moment + sentLaterBy(chance(), tickMs)
      await until(sent)
      if (ready && nowMs() - sent <= lateMs) await exchange(ready).catch(sayAndGoOn)
      core.carried = null
      core.done = tick
      changed()
    }
  }

  /** From here on nothing that is done in the page is in this tick. */
  async function close(tick: number): Promise<ReadyTick | null> {
    const to = relayAt(tick)
    const { thread } = core
    if (to !== null) {
      core.carried = thread.outbox.next(to)
      core.open = tick + 1
    }
    const deadlineMs = momentOf(tick) - leadMs
    const plan = { tick, chain, addresses, thread, named: known.named, sealTo: receiver(), deadlineMs }
    const { carried: queued, letterBox } = core
    const ready = await prepare({ ...plan, queued, letterBox }, edges).catch(sayAndGoOn)
    const isReady = ready !== null && nowMs() <= momentOf(tick)
    isSlow = !isReady || (to !== null && !ready.isSolved)
    return isReady ? ready : null
  }

  async function exchange(ready: ReadyTick): Promise<void> {
    const silence = new AbortController()
    const answers = ready.questions.map((question) => ask(question, fetch, silence.signal))
    void sleep(patienceMs).then(() => silence.abort())
    // What no relay takes, or nobody can open, has not left.
    const left = ready.isSolved && ready.isReceived ? ready.plan.queued : null
    if (left) hasLeft(left)
    core.carried = null
    changed()
    const heard = await Promise.all(answers)
    unheard = heard.map((one, i) => (one === null ? (unheard[i] as number) + 1 : 0))
    takeReceipt(ready, heard, left)
    await takeRows(ready, heard)
    if (wantsHeader(ready.plan.tick)) await takeHeaders(heard)
  }

  /** Relays keep five editions, and what they were asked under was at most two behind: so long they have it still. */
  const isKept = (): boolean => nowMs() - askedMs < 2 * SECOND_MS * editionSeconds

  /** "Room" is worth something only of a relay that serves the key that the envelope is sealed to, for a solved puzzle. */
  function takeReceipt({ plan }: ReadyTick, heard: readonly (Heard | null)[], left: Queued | null): void {
    const to = relayAt(plan.tick)
    if (to === null) return
    const hasRoom = heard[to]?.hasRoom
    isBusy = hasRoom === false
    const relay = known.relays?.[to]
    const served = relay?.kind === "header" && relay.verified.intakeKey
    const isKnown = served && plan.sealTo && equalBytes(served.keyId, plan.sealTo.keyId)
    if (left && isBusy) cameBack(left)
    if (left && hasRoom && isKnown && isKept()) handedOver(left, to)
  }

  async function takeRows(ready: ReadyTick, [a, b]: readonly (Heard | null)[]): Promise<void> {
    const { letterBox } = core
    if (!a || !b || !ready.wanted || !letterBox) return
    const cells = letterBox.cellsOf(ready, a, b)
    const broken = cells.filter((cell) => cell === null).length
    if (known.isShared && isKept()) brokenLookUps += broken
    const isCurrent = (): boolean => ready.plan.thread === core.thread
    if (!isCurrent()) return
    const parts = await letterBox.openCells(ready, cells)
    if (!isCurrent()) return
    const { issued } = ready.plan.named[0].header
    const { outbox, inbox } = core.thread
    for (const part of parts) {
      outbox.opened(part.opened)
      // Duty could keep on the board what was meant to end.
      if (part.expires > issued) inbox.take(part)
    }
    if (broken === 0) countSlot(core.thread, slotAt(ready.plan.tick))
  }

  async function takeHeaders(heard: readonly (Heard | null)[]): Promise<void> {
    const seen: VerifiedHeader[] = [own.verifiedHeader, known.newest, ...known.named]
    const states: RelayState[] = []
    for (const one of heard) {
      const state = await judgeHeader(one as HeardHeader | null, own, seen)
      if (state.kind === "header") seen.push(state.verified)
      states.push(state)
    }
    askedMs = nowMs()
    known = learn(known, states as unknown as readonly [RelayState, RelayState])
  }

  function obstacle(): Obstacle | null {
    const down = unheard.filter((ticks) => ticks > 0).length
    if (!receiver()) return "not-receiving"
    if (down > 1) return "both-down"
    if (isBusy) return "busy"
    if (isSlow) return "slow-device"
    return down > 0 ? "one-down" : null
  }

  core.startMs = start
  core.heard = () => ({
    relays: known.relays,
    obstacle: obstacle(),
    disagree: known.disagree,
    brokenLookUps,
    isSilent: unheard.map((ticks) => ticks >= SILENT_TICKS) as [boolean, boolean],
  })
  void run()
}
