import puppeteer, { type Browser } from "puppeteer-core"

/** Debian's Firefox ESR, the base of Tor Browser, over WebDriver BiDi; with Tor Browser's own settings where asked. */
export const openFirefox = (preferences: Readonly<Record<string, unknown>> = {}): Promise<Browser> =>
  puppeteer.launch({
    browser: "firefox",
    executablePath: "/usr/bin/firefox-esr",
    headless: true,
    extraPrefsFirefox: {
      "intl.accept_languages": "ru-RU, ru, en",
      "network.captive-portal-service.enabled": false,
      "network.connectivity-service.enabled": false,
      ...preferences,
    },
  })
