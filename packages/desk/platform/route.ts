/** The desk's own interface: one table of routes, each with its parser, so that no route can forget a guard. */
import type { Result } from "@kunak/core/result"
import type { Parser } from "./json.ts"

/** An error as the window gets it: a kind that has a sentence in every language, and numbers for its slots. */
export interface RouteError {
  readonly kind: string
  readonly [slot: string]: string | number
}

export type Answer = Result<unknown, RouteError>

export interface Route<Open> {
  /** Below /api/. */
  readonly path: string
  /** Whether a person did it: asking alone does not keep a desk from locking. */
  readonly by: "person" | "window"
  readonly answer: (open: Open, body: unknown) => Promise<Answer> | Answer | "malformed"
}

/** Ties a parser to what it feeds. */
export function route<Open, Body>(
  by: "person" | "window",
  path: string,
  parse: Parser<Body>,
  answer: (open: Open, body: Body) => Promise<Answer> | Answer,
): Route<Open> {
  return {
    path,
    by,
    answer: (open, body) => {
      const parsed = parse(body)
      return typeof parsed === "symbol" ? "malformed" : answer(open, parsed)
    },
  }
}
