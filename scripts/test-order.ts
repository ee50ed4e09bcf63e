/** Slow test files of a quarter of a minute or more, the longest first: begun last, one of them would run alone at the end. */
export const LONGEST: readonly string[] = [
  "packages/cli/drill/drill.slow.test.ts",
  "packages/cli/duty/begins-anew.slow.test.ts",
  "packages/desk/hotline/hotline.slow.test.ts",
  "e2e/asking-looks-like-reading.test.ts",
  "e2e/nothing-is-lost.test.ts",
  "packages/cli/backup/restore.slow.test.ts",
  "packages/cli/backup/restore-postgres.slow.test.ts",
  "packages/cli/duty/killed-beginning-anew.slow.test.ts",
  "e2e/the-line-is-closed.test.ts",
  "e2e/page-hotline.test.ts",
  "e2e/help-is-asked-for.test.ts",
  "e2e/desk-hotline.test.ts",
  "e2e/page-answers.test.ts",
  "e2e/desk-screens.test.ts",
  "e2e/firefox-asking-looks-like-reading.test.ts",
  "packages/figures/estimators/simulation.slow.test.ts",
  "packages/relay/crash.slow.test.ts",
  "e2e/desk-conversation.test.ts",
  "e2e/the-line-holds.test.ts",
  "e2e/page-access.test.ts",
  "e2e/desk-process.test.ts",
  "e2e/page-state.test.ts",
  "e2e/page-privacy.test.ts",
  "packages/figures/linkage/run/run-link.slow.test.ts",
  "e2e/a-warning-is-trusted.test.ts",
  "e2e/page-firefox.test.ts",
  "e2e/page-limits.test.ts",
  "packages/cli/commands/figures.slow.test.ts",
  "packages/cli/commands/three-lists.slow.test.ts",
  "e2e/page-check.test.ts",
  "packages/cli/drill/examine/whole-histories.slow.test.ts",
  "packages/desk/hotline/killed.slow.test.ts",
  "packages/desk/hotline/rings/silenced.slow.test.ts",
  "e2e/any-input.test.ts",
]

/** @returns the files with the longest first; the others follow in the order in which they came. */
export function longestFirst<File>(files: readonly File[], pathOf: (file: File) => string): File[] {
  const placeOf = (file: File): number => {
    const place = LONGEST.indexOf(pathOf(file).replaceAll("\\", "/"))
    return place < 0 ? LONGEST.length : place
  }
  return [...files].sort((a, b) => placeOf(a) - placeOf(b))
}
