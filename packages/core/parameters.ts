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

/** The organisation's clock for the hotline: an intake key serves one window. */
export const INTAKE_WINDOW_SECONDS = 6 * 3600
/** Intake keys are made so far ahead, receive keys twice as far. */
export const INTAKE_AHEAD_SECONDS = 7 * 86_400
export const RECEIVE_AHEAD_SECONDS = 14 * 86_400
/** Slot of the ring, envelope, every one. */
export const ENVELOPE_BYTES = 4096
/** Text of a letter, as SCSU: a Cyrillic or Latin letter is one byte. */
export const MAX_LETTER_TEXT_BYTES = 2750
/** Text of one part of a reply, as SCSU. */
export const MAX_PART_TEXT_BYTES = 900
export const MAX_PARTS = 16
/** Sealed part of a reply, as desks give it to duty. */
export const PART_BYTES = 996
/** Cell of the board. */
export const CELL_BYTES = 1024
export const MIN_LOG2_ROWS = 9
export const MAX_LOG2_ROWS = 11
/** What only says "opened" makes no board larger than so. */
export const OPENED_LOG2_ROWS = 10
/** Live cells per 512 rows: two-choice placement fails in 0.3 % of salts at 180, 14 % at 256. */
export const LIVE_PER_512 = 200
/** Slots of a thread in one edition: j = 0 … 3. */
export const THREAD_SLOTS = 4
/** Of these the newest reply has so many where older ones are unread, too. */
export const NEWEST_SLOTS = 3
/** A reply lives at most so long; a bare "opened" less. */
export const REPLY_LIFE_SECONDS = 14 * 86_400
export const OPENED_LIFE_SECONDS = 48 * 3600
/** Week keys that a letter carries: of its week and the two after it. */
export const WEEKS_HELD = 3
/** A visit's ticks: the first after a twelfth of the interval. */
export const TICK_MS = 60_000
/** A demonstration, which is served on loopback only, may be quicker. */
export const MIN_DEMONSTRATION_TICK_MS = 100
export const TICKS = 15
export const HEADER_EVERY_TICKS = 5
export const FIRST_TICK_DIVISOR = 12
/** A tick is sent by chance so much later, at most (rule Z1): a sixteenth of the interval or a quarter of a second. */
export const LATER_DIVISOR = 16
export const MOST_LATER_MS = 250
/** Leading zero bits of a puzzle: what a header may ask at most. */
export const MAX_PUZZLE_BITS = 20
/** What duty asks when nobody floods. A slow phone tries some 60,000 a second: about a second. */
export const PUZZLE_BITS = 16
/** In a demonstration nobody floods, and all its machines may be one. */
export const DEMONSTRATION_PUZZLE_BITS = 10
export const MIN_LOG2_SLOTS = 10
export const MAX_LOG2_SLOTS = 24
/** 262,144 slots, 1 GiB. */
export const LOG2_SLOTS = 18
/** Most envelopes in one read of the ring. */
export const RING_READ_ENVELOPES = 64
/** RFC 8018; OWASP's figure of 2023 for HMAC-SHA-256. */
export const PBKDF2_ROUNDS = 600_000
