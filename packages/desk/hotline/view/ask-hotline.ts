import { type Asked, ask } from "../../view/ask.ts"
import type { HotlineRoutes } from "../model.ts"

export type HotlinePath = keyof HotlineRoutes
export type BodyOf<Path extends HotlinePath> = HotlineRoutes[Path][0]
export type AnswerOf<Path extends HotlinePath> = HotlineRoutes[Path][1]

/** One of the hotline's routes, with what belongs to it. */
export const askHotline = <Path extends HotlinePath>(
  path: Path,
  body: BodyOf<Path>,
): Promise<Asked<AnswerOf<Path>>> => ask<AnswerOf<Path>>(path, body)
