import type { Estimation } from "../estimate-captures.ts"

export function estimationReport(estimation: Estimation, options: { readonly source: string }): string {
  return `${options.source}${estimation.seed}`
}
