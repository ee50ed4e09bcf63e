/** Nothing of ours says outside the window that somebody wrote: rule K31. */
import { globSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"
import { expect, test } from "vitest"

const PACKAGES = fileURLToPath(new URL("../../", import.meta.url))

/** Each of them reaches a lock screen, a taskbar, a mailbox or a room. */
const TELLING = [
  /\bNotification\b/,
  /\bshowNotification\b/,
  /\bPushManager\b|\.pushManager\b/,
  /\bserviceWorker\b/,
  /\bsetAppBadge\b/,
  /\.vibrate\(/,
  /\bnew Audio\b|<audio\b|\bAudioContext\b|\bspeechSynthesis\b/,
  /\bnodemailer\b|\bsmtp\b|\bsendmail\b/i,
  /\bnotify-send\b|\bosascript\b|\bnode-notifier\b/,
  /\bweb-push\b/,
]
const told = (source: string): readonly string[] =>
  TELLING.filter((one) => one.test(source)).map((one) => String(one))

const sources = ["desk", "page", "duty", "relay", "cli", "core"].flatMap((name) =>
  globSync(`${name}/**/*.{ts,tsx,html}`, {
    cwd: PACKAGES,
    exclude: (path) => /node_modules|^dist$/.test(path),
  }),
)

test("[K31] no source of desk, page, duty, relay or command notifies, mails, pushes, sounds or badges", () => {
  expect(sources.length).toBeGreaterThan(400)
  const found = sources
    .filter((path) => !/\.test\.tsx?$|\/testing\//.test(path))
    .flatMap((path) => told(readFileSync(PACKAGES + path, "utf8")).map((what) => `${path}: ${what}`))
  expect(found).toEqual([])
})

test("[K31] a tab's title is a place's name, and counts nothing", () => {
  const titles = sources
    .filter((path) => path.startsWith("desk/") && !/\.test\.tsx?$/.test(path))
    .flatMap((path) =>
      [...readFileSync(PACKAGES + path, "utf8").matchAll(/document\.title\s*=\s*(.+)/g)].map(
        ([, set]) => set,
      ),
    )
  expect(titles).toEqual([
    // biome-ignore lint/suspicious/noTemplateCurlyInString: as it stands in the source.
    ...['speech.say("title")', '`${say(current.title)} · ${say("title")}`'],
  ])
})

test("each way to tell would be seen", () => {
  for (const source of [
    'new Notification("somebody wrote")',
    "registration.showNotification(text)",
    "registration.pushManager.subscribe()",
    "navigator.serviceWorker.register(url)",
    "navigator.setAppBadge(1)",
    "navigator.vibrate(200)",
    'new Audio("bell.ogg").play()',
    'import nodemailer from "nodemailer"',
    'spawn("notify-send", [text])',
  ])
    expect(told(source), source).not.toEqual([])
})
