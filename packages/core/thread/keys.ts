/** Keys of a thread: docs/protocol.md §18. From the root, which nobody is given, week keys; from these all others. */
import type { Brand } from "../brand.ts"
import { ByteWriter } from "../bytes/writer.ts"
import type { Random } from "../keys.ts"
import { reveal, Secret } from "../secret.ts"
import { hkdf } from "../suite.ts"
import type { Week } from "../time/instant.ts"

export const ROOT_BYTES = 32
export const THREAD_ID_BYTES = 16
export const THREAD_KEY_BYTES = 32

/** Sixteen bytes that only the holder of the root can name. */
export type ThreadId = Brand<Uint8Array, "ThreadId">
/** From ten words, or random for a visit that only reads. */
export type ThreadRoot = Brand<Secret<Uint8Array>, "ThreadRoot">
export type WeekKey = Brand<Secret<Uint8Array>, "WeekKey">

/** What opens and places the replies of one week. Duty has the last two. */
export interface PlacingKeys {
  readonly cell: Secret<Uint8Array>
  readonly placement: Secret<Uint8Array>
}

/** "kunak/1 " ‖ label ‖ 0x00 ‖ more */
export const derivationInfo = (label: string, more: Uint8Array = new Uint8Array()): Uint8Array =>
  new ByteWriter()
    .raw(new TextEncoder().encode(`kunak/1 ${label}\0`))
    .raw(more)
    .bytes()

export const derive = (
  key: Secret<Uint8Array>,
  label: string,
  more: Uint8Array = new Uint8Array(),
  bytes: number = THREAD_KEY_BYTES,
): Promise<Secret<Uint8Array>> => hkdf(key, derivationInfo(label, more), bytes)

/** What every visit begins with. */
export const dummyRoot = (random: Random): ThreadRoot => new Secret(random(ROOT_BYTES)) as ThreadRoot

export const threadIdOf = async (root: ThreadRoot): Promise<ThreadId> =>
  reveal(await derive(root, "thread id", new Uint8Array(), THREAD_ID_BYTES)) as ThreadId

export const weekKeyOf = async (root: ThreadRoot, week: Week): Promise<WeekKey> =>
  (await derive(root, "week", new ByteWriter().u32(week).bytes())) as WeekKey

export const replyKeyOf = (weekKey: WeekKey): Promise<Secret<Uint8Array>> => derive(weekKey, "reply")

export const placingKeysOf = async (weekKey: WeekKey): Promise<PlacingKeys> => ({
  cell: await derive(weekKey, "cell"),
  placement: await derive(weekKey, "placement"),
})
