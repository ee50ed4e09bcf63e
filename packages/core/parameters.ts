/** The protocol's numbers, in one place: docs/protocol.md §12. Starting values; bench/ measures them. */

/** A new edition this often, whether or not anything happened. */
export const EDITION_SECONDS = 300
/** An edition that is older than this is stale: "the line is unattended" (six are missing by then). */
export const EDITION_LIFE_SECONDS = 1800
/** A phone clock further off than this is called wrong. */
export const CLOCK_TOLERANCE_SECONDS = 600
/** Edition header, every one. */
export const HEADER_BYTES = 4096
/** One cell of the staff log, every one. */
export const LOG_CELL_BYTES = 4096
/** Most cells in one append, and in one read. */
export const LOG_APPEND_CELLS = 16
export const LOG_READ_CELLS = 64
/** Public data of one edition: what the page carries. */
export const MAX_BULLETIN_BYTES = 256 * 1024
/** Page, feeds and CAP files of one edition. */
export const MAX_PACKAGE_BYTES = 4 * 1024 * 1024
export const MAX_OFFICERS = 8
export const MAX_DUTIES = 4
/** Delegations are signed this many weeks ahead. */
export const DELEGATION_WEEKS = 13
/** No warning outlives two weeks: it is signed again by somebody who still believes it. */
export const MAX_WARNING_SECONDS = 14 * 86_400
/** An all-clear stands in public this long before it can be confirmed. */
export const ALL_CLEAR_SECONDS = 24 * 3600
/** Letters (UTF-16 units) of a text block: Telegram and VK refuse longer messages. */
export const MAX_TEXT_BLOCK = 4096
/** Bytes in a QR code that a cheap phone still reads from an A4 sheet: version 30, level L, alphanumeric. */
export const MAX_QR_BYTES = 1560
/** The page judges "attended" by the receipt's age. */
export const RECEIPT_FRESH_SECONDS = 12 * 3600
/** Officers' clocks differ: an object signed this far ahead of an edition is still accepted. */
export const SKEW_SECONDS = 300
