/**
 * execve(2): the same process id, the same arguments, the same standard streams, and none of the memory. A script's strings can't be
 * overwritten; an address space that is replaced has none.
 */
import { accessSync, constants } from "node:fs"

/** Node has it, but not on Windows; and both the program and its first module are still there (an update may be under way). */
export function canReplaceProcess(): boolean {
  if (typeof process.execve !== "function") return false
  try {
    accessSync(process.execPath, constants.X_OK)
    accessSync(process.argv[1] ?? "", constants.R_OK)
    return true
  } catch {
    return false
  }
}

/**
 * Does not return. Everything that has to be closed is closed, all that must last is on the disk. @param variable of the new process's
 * environment, which others of this user can read: no secret.
 */
export function replaceProcess(variable: string, value: string): void {
  // Experimental in Node 24: it would say so once.
  process.removeAllListeners("warning")
  process.execve?.(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
    ...process.env,
    [variable]: value,
  })
}
