/** Preloaded into each machine: what Node has compiled is kept for the next start, though this process may never end in order. */
import { flushCompileCache } from "node:module"

const LOADED_MS = 1_500

setTimeout(flushCompileCache, LOADED_MS).unref()
