/** No warning outlives two weeks (core/parameters.ts): in the hours that officers choose. */
import { MAX_WARNING_SECONDS } from "@kunak/core/parameters"
import { HOUR_SECONDS } from "@kunak/core/time/instant"

export const MOST_HOURS = MAX_WARNING_SECONDS / HOUR_SECONDS
