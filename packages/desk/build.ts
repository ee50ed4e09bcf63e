/** Bundles the desk's window into dist/: a function of the sources alone. */
import { fileURLToPath } from "node:url"
import react from "@vitejs/plugin-react"
import { build } from "vite"

const root = fileURLToPath(new URL("view", import.meta.url))
const outDir = fileURLToPath(new URL("dist", import.meta.url))

await build({
  root,
  base: "/",
  configFile: false,
  logLevel: "warn",
  plugins: [react()],
  build: {
    outDir,
    emptyOutDir: true,
    target: "es2024",
    sourcemap: false,
    // The page's policy allows no inline script, which the polyfill would be.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 2000,
  },
})
