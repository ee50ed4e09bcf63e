/** One relay as one process: quiet, stopped by SIGTERM or SIGINT. */

import type { Result } from "@kunak/core/result"
import { instantFromMs } from "@kunak/core/time/instant"
import { type Notice, noticeSentences } from "./notice.ts"
import { type RunningRelay, type StartError, type StartOptions, startRelay } from "./start.ts"
import { expiredCharterSentence } from "./start-sentence.ts"

/** Nothing that Node or a library says may reach a log: it could quote a request (rule T4). */
export function quietProcess(): void {
  process.removeAllListeners("warning")
  process.on("warning", () => {})
  const die = (error: unknown): void => {
    const code = (error as { code?: unknown } | null)?.code
    const known = typeof code === "string" && /^[A-Z_]{3,40}$/.test(code) ? ` (${code})` : ""
    process.stderr.write(
      `The relay stopped on an error of its own${known}: start it again, and please report this.\n`,
    )
    process.exit(70)
  }
  process.on("uncaughtException", die)
  process.on("unhandledRejection", die)
}

const report = (notice: Notice): void => {
  process.stderr.write(`${noticeSentences[notice]}\n`)
}

/** Starts the relay and closes it in order when the process is told to stop. */
export async function runRelay(
  configPath: string,
  options: Omit<StartOptions, "report">,
): Promise<Result<RunningRelay, StartError>> {
  quietProcess()
  const started = await startRelay(configPath, { ...options, report })
  if (!started.ok) return started
  const { expires } = started.value.chain.current.charter
  if (expires <= instantFromMs(Date.now())) process.stderr.write(`${expiredCharterSentence(expires)}\n`)
  for (const signal of ["SIGTERM", "SIGINT"] as const) {
    process.once(signal, () => {
      started.value.close().finally(() => process.exit(0))
    })
  }
  return started
}
