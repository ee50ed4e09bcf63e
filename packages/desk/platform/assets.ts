/** The window's files: read once from `dist/`, so that no path of a request ever reaches the disk. */
import { readdirSync, readFileSync } from "node:fs"
import { extname, join } from "node:path"

export interface Asset {
  readonly bytes: Uint8Array<ArrayBuffer>
  readonly type: string
}

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
}

/** @returns assets by path; "/" is index.html. @throws Error ENOENT when the window was not built. */
export function readAssets(folder: string): ReadonlyMap<string, Asset> {
  const assets = new Map<string, Asset>()
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const type = TYPES[extname(entry.name)]
    if (!entry.isFile() || !type) continue
    const file = join(entry.parentPath, entry.name)
    const path = file.slice(folder.length).replaceAll("\\", "/")
    assets.set(path === "/index.html" ? "/" : path, { bytes: new Uint8Array(readFileSync(file)), type })
  }
  return assets
}
