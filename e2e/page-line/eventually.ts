import { vi } from "vitest"

/** Until it holds, at most so long: in tests that run side by side `expect.poll` does not know whose it is. */
export const eventually = (holds: () => unknown, timeout = 20_000): Promise<unknown> =>
  vi.waitFor(holds, { timeout, interval: 100 })
