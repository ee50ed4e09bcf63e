/** What a drill on one machine can't look at, or only ask the system about. */
import { readFileSync } from "node:fs"
import { Gathering, type Section } from "./section.ts"

/** Linux: proc(5), /proc/swaps: a line for each area behind the heading. */
export function examineSwap(): Section {
  const into = new Gathering("swap")
  try {
    const areas = readFileSync("/proc/swaps", "utf8").trim().split("\n").length - 1
    into.detail = String(areas)
    if (areas > 0) into.notShown.push("this machine swaps: what it wrote there was not looked through")
  } catch {
    into.notShown.push("the system does not say whether it swaps")
  }
  return into.section()
}

export function examineTor(): Section {
  const into = new Gathering("tor")
  into.notShown.push(
    "programs and browsers of the drill speak to the relays on this machine, without Tor and without TLS",
  )
  return into.section()
}
