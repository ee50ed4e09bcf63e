/** What stands in a cell where nothing is known: left empty by hand, or filled in by a data frame after a join. */
const ABSENT = /^(|na|n\/a|nan|null|none|\?|-|–|\.)$/i

export const isAbsent = (value: string): boolean => ABSENT.test(value)
