import { nodeCrypto, openingInNode, sealingInNode } from "../../suite/in-node.ts"
import type { Opening, Sealing } from "../../suite/kem.ts"
import { openingInScript, openingInWeb } from "../../suite/opening.ts"
import { sealingInScript, sealingInWeb } from "../../suite/sealing.ts"

/** Every way that this Node can seal and open: its own, its WebCrypto's, the script's. */
export async function platforms(): Promise<readonly (readonly [name: string, Sealing, Opening])[]> {
  const node = nodeCrypto()
  if (!node) throw new TypeError("tests need a Node with ML-KEM")
  const web = [await sealingInWeb(), await openingInWeb()] as const
  if (web[0].encapsulate === sealingInScript.encapsulate) throw new TypeError("and WebCrypto's")
  return [
    ["node", sealingInNode(node), openingInNode(node)],
    ["web", ...web],
    ["script", sealingInScript, openingInScript],
  ]
}
