/** A desk without its window: the product's own, unlocked, asked as its window asks it. */
import { randomBytes } from "node:crypto"
import { mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { type Enrolment, encodeEnrolment } from "@kunak/core/enrolment/enrolment"
import { makeDesk } from "@kunak/desk/desk"
import type { Outgoing } from "@kunak/duty/relay-client"
import { sealAge } from "../../ceremony/age-file.ts"
import { Failure } from "../../failure.ts"
import type { DrillClock } from "../clock/drill-clock.ts"

const AUTHORITY = "127.0.0.1:4711"
/** Nobody is to guess it: the vault is gone in a minute. */
const CHEAP = { memoryKiB: 1024, passes: 1, lanes: 1 }
const WORK_FACTOR = 4

export interface DeskInProcess {
  /** One round with the relays, as the desk makes one every so often. */
  readonly round: () => Promise<void>
  readonly ask: <T>(path: string, body?: object) => Promise<T>
  readonly close: () => void
}

export async function unlockedDesk(
  folder: string,
  officer: Enrolment,
  clock: DrillClock,
  outgoing: Outgoing,
): Promise<DeskInProcess> {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const [passphrase, enrolmentPassphrase] = [randomBytes(16), randomBytes(16)].map((one) =>
    one.toString("hex"),
  )
  const enrolmentFile = join(folder, "enrolment.age")
  writeFileSync(
    enrolmentFile,
    await sealAge(encodeEnrolment(officer), enrolmentPassphrase ?? "", WORK_FACTOR),
  )
  const desk = makeDesk({
    vaultFile: join(folder, "officer.vault"),
    enrolmentFile,
    sources: null,
    proxy: null,
    clock: { wall: clock.now, monotonic: () => performance.now() },
    random: (bytes) => new Uint8Array(randomBytes(bytes)),
    authority: () => AUTHORITY,
    assets: new Map(),
    template: null,
    report: (mistake) => {
      throw mistake
    },
    cost: CHEAP,
    roundSeconds: 0,
    outgoing,
  })
  const unlocked = await desk.host.unlock({
    passphrase: passphrase ?? "",
    enrolmentPassphrase: enrolmentPassphrase ?? "",
    language: "ru",
  })
  if (!unlocked.ok)
    throw new Failure(`a desk of the two histories did not open: ${unlocked.error.kind}`, "histories", 3)
  const open = () => {
    desk.host.watch.touch()
    const opened = desk.host.open()
    if (!opened) throw new Failure("a desk of the two histories locked itself", "histories", 3)
    return opened
  }
  const post = async (path: string, body: object, headers: Record<string, string>): Promise<Response> =>
    await desk.app.request(`http://${AUTHORITY}${path}`, {
      method: "POST",
      headers: {
        host: AUTHORITY,
        origin: `http://${AUTHORITY}`,
        "sec-fetch-site": "same-origin",
        "content-type": "application/json",
        ...headers,
      },
      body: JSON.stringify(body),
    })
  const signedIn = await post("/session", { token: desk.sessions.issueToken() }, {})
  const { value } = (await signedIn.json()) as { readonly value: { readonly key: string } }
  const session = { cookie: signedIn.headers.get("set-cookie")?.split(";")[0] ?? "", "kunak-key": value.key }
  return {
    round: async () => {
      await open().sync.tick()
    },
    ask: async <T>(path: string, body: object = {}) => {
      open()
      const answer = await post(`/api/${path}`, body, session)
      const heard = (await answer.json()) as { readonly value: T; readonly error?: { readonly kind: string } }
      if (heard.error)
        throw new Failure(`a desk of the two histories refuses ${path}: ${heard.error.kind}`, "histories", 3)
      return heard.value
    },
    close: () => desk.host.lock("button"),
  }
}
