import release from "../package.json" with { type: "json" }

/** Of this release, as `kunak --version` says it. */
export const VERSION = release.version
