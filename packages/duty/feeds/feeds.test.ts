import { readFile } from "node:fs/promises"
import { checkForward } from "@kunak/core/forward/check"
import {
  approvedCore,
  approvedWarning,
  freeCore,
  freeWarning,
  makeOrganisation,
  type Organisation,
  SAMPLE_NOW,
  sampleTexts,
  signedBy,
  verified,
} from "@kunak/core/testing/organisation"
import { runs } from "@kunak/core/testing/runs"
import { DAY_SECONDS, plusSeconds } from "@kunak/core/time/instant"
import { resolveWarnings, shownWarnings } from "@kunak/core/warning/resolve"
import type { Warning } from "@kunak/core/warning/warning"
import fc from "fast-check"
import { XMLParser } from "fast-xml-parser"
import { expect, test } from "vitest"
import { validateXML } from "xmllint-wasm"
import { atomFeed } from "./atom.ts"
import { capAlert } from "./cap.ts"

const vector = (name: string): Promise<string> =>
  readFile(new URL(`../../../vectors/cap/${name}`, import.meta.url), "utf8")

/** What the OASIS schema finds wrong; nothing when it is valid. */
async function schemaErrors(xml: string): Promise<readonly string[]> {
  const { errors } = await validateXML({
    xml: { fileName: "alert.xml", contents: xml },
    schema: { fileName: "cap.xsd", contents: await vector("CAP-v1.2.xsd") },
  })
  return errors.map(({ message }) => message)
}

interface Feeds {
  readonly alerts: readonly string[]
  readonly atom: string
}

function feedsOf(organisation: Organisation, warnings: readonly Warning[], now = SAMPLE_NOW): Feeds {
  const { chain, delegations } = organisation
  const shown = shownWarnings(resolveWarnings(warnings, [], chain), now)
  return {
    alerts: shown.map((resolved) => capAlert(resolved, { chain, delegations, warnings })),
    atom: atomFeed(shown, chain, now),
  }
}

const parse = (xml: string) => new XMLParser({ ignoreAttributes: false, attributeNamePrefix: "@" }).parse(xml)

test("[H1] the schema's own example passes, and with a wrong severity it does not", async () => {
  const example = await vector("example-oasis.xml")
  expect(await schemaErrors(example)).toEqual([])
  expect(await schemaErrors(example.replaceAll("<severity>Severe", "<severity>Grave"))).not.toEqual([])
})

test("[H1] every kind of shown warning is a CAP 1.2 alert that the OASIS schema accepts", async () => {
  const organisation = await makeOrganisation()
  const approved = await approvedWarning(organisation)
  const free = await freeWarning(organisation)
  const update = await approvedWarning(organisation, {
    id: approved.core.id,
    sequence: 1,
    supersedes: approved.hash,
    expires: plusSeconds(approved.core.expires, 3600),
  })
  const withdrawn = await approvedWarning(organisation, { wording: 2 })
  const core = approvedCore(organisation, {
    wording: 2,
    id: withdrawn.core.id,
    sequence: 1,
    supersedes: withdrawn.hash,
  })
  const withdrawal = await verified(
    organisation,
    await signedBy(organisation, { ...core, content: { kind: "withdrawal" } }, [
      organisation.amina,
      organisation.boris,
    ]),
  )
  const { alerts } = feedsOf(organisation, [approved, free, update, withdrawn, withdrawal])
  expect(alerts).toHaveLength(3)
  for (const alert of alerts) expect(await schemaErrors(alert)).toEqual([])
  const kinds = alerts.map((alert) => parse(alert).alert.msgType).sort()
  expect(kinds).toEqual(["Alert", "Cancel", "Update"])
})

test("[H2] an all-clear updates the alert it clears, with the response AllClear", async () => {
  const organisation = await makeOrganisation()
  const danger = await freeWarning(organisation)
  const { id, expires } = danger.core
  const later = plusSeconds(SAMPLE_NOW, DAY_SECONDS + 60)
  const make = async (
    kind: "all-clear-proposal" | "all-clear",
    sequence: number,
    before: Warning,
    signedAt = SAMPLE_NOW,
  ) =>
    await verified(
      organisation,
      await signedBy(
        organisation,
        freeCore(organisation, sampleTexts, {
          kind,
          id,
          sequence,
          supersedes: before.hash,
          signedAt,
          effective: signedAt,
          expires,
          areas: danger.core.areas,
        }),
        organisation.signers.slice(0, 2),
        sampleTexts,
      ),
    )
  const proposal = await make("all-clear-proposal", 1, danger)
  const confirmation = await make("all-clear", 2, proposal, later)
  const before = feedsOf(organisation, [danger, proposal])
  expect(parse(before.alerts[0] ?? "").alert.msgType).toBe("Alert")
  const after = feedsOf(organisation, [danger, proposal, confirmation], later)
  expect(after.alerts).toHaveLength(1)
  expect(await schemaErrors(after.alerts[0] ?? "")).toEqual([])
  const { alert } = parse(after.alerts[0] ?? "")
  expect([alert.msgType, alert.info[0].responseType]).toEqual(["Update", "AllClear"])
})

test("[H3] the code inside an alert checks like any forward", async () => {
  const organisation = await makeOrganisation()
  const { alerts } = feedsOf(organisation, [await freeWarning(organisation)])
  const code = parse(alerts[0] ?? "").alert.info[0].parameter.value as string
  const known = { chain: organisation.chain, delegations: [], revocations: [], warnings: [], vetoes: [] }
  expect((await checkForward(code, known, SAMPLE_NOW)).kind).toBe("genuine")
})

test("[H4] Atom has an entry for each warning and language, newest first, and never names an address", async () => {
  const organisation = await makeOrganisation()
  const older = await approvedWarning(organisation, {
    signedAt: plusSeconds(SAMPLE_NOW, -3600),
    effective: plusSeconds(SAMPLE_NOW, -3600),
  })
  const newer = await freeWarning(organisation)
  const { atom } = feedsOf(organisation, [older, newer])
  const { feed } = parse(atom)
  expect(feed.entry.map((entry: Record<string, string>) => entry["@xml:lang"])).toEqual([
    "en",
    "ru",
    "ru",
    "en",
  ])
  expect(feed.entry[0].title).toBe(sampleTexts[0]?.headline)
  expect(new Set(feed.entry.map(({ id }: { id: string }) => id)).size).toBe(4)
  expect(atom).not.toMatch(/href="https?:/)
})

test("[H5] whatever a text says, it stays text: no markup comes out of it", async () => {
  const organisation = await makeOrganisation()
  const hostile = fc.constantFrom(
    "]]>",
    "<script>alert(1)</script>",
    "&amp;lt;",
    "\"'>",
    "<!--",
    "&#0;",
    "<![CDATA[x]]>",
    "Чечня & <b>",
  )
  await fc.assert(
    fc.asyncProperty(hostile, hostile, async (headline, description) => {
      const texts = sampleTexts.map((text) => ({ ...text, headline, description }))
      const { alerts, atom } = feedsOf(organisation, [await freeWarning(organisation, texts)])
      expect(await schemaErrors(alerts[0] ?? "")).toEqual([])
      const info = (alerts[0] ?? "").match(/<headline>/g)
      expect(info).toHaveLength(2)
      expect(atom.match(/<script/g)).toBeNull()
    }),
    { numRuns: runs(12) },
  )
})
