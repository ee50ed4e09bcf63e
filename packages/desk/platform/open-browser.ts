/** Opens the desk's address in the person's browser, where there is one. */
import { spawn } from "node:child_process"

const COMMANDS: Readonly<Record<string, readonly [string, ...string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
  linux: ["xdg-open"],
}

/** Never fails: the address is printed anyway. */
export function openBrowser(address: string): void {
  const [program, ...first] = COMMANDS[process.platform] ?? []
  const hasScreen = process.platform !== "linux" || process.env.DISPLAY || process.env.WAYLAND_DISPLAY
  if (!program || !hasScreen) return
  const child = spawn(program, [...first, address], { detached: true, stdio: "ignore" })
  child.on("error", () => {})
  child.unref()
}
