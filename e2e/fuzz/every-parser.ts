/** Every exported function that is named for reading something, with the target that bends its input, or the reason why none does. */
import { globSync, readFileSync } from "node:fs"
import { fileURLToPath } from "node:url"

const ROOT = fileURLToPath(new URL("../../packages/", import.meta.url))

const NAMED = /^export (?:async )?(?:function|const) ((?:parse|decode|read)[A-Z]\w*)/gm

/** "core/log/note.ts decodeNote", of all packages. */
export function everyParser(): readonly string[] {
  return globSync("**/*.{ts,tsx}", {
    cwd: ROOT,
    exclude: (name) => /node_modules|^dist$|\/testing$|^testing$/.test(name),
  })
    .filter((path) => !/\.test\.tsx?$|\/testing\//.test(path))
    .flatMap((path) =>
      [...readFileSync(ROOT + path, "utf8").matchAll(NAMED)].map(([, name]) => `${path} ${name}`),
    )
    .sort()
}

/** Name of the target in targets-*.ts; of several any one. */
export const BENT: Readonly<Record<string, string>> = {
  "cli/ceremony/delegations-file.ts decodeDelegations": "delegations file",
  "cli/ceremony/description.ts parseDescription": "description",
  "cli/ceremony/signer-key.ts decodeSignerKey": "signer's key",
  "cli/charter/all-clear.ts parseTexts": "all-clear's texts",
  "cli/charter/close.ts parseNotice": "closing notice",
  "cli/charter/paper.ts decodePaper": "paper",
  "core/charter/codec.ts decodeCharter": "decode charter",
  "core/charter/verify.ts decodeCharterChain": "decode charter chain",
  "core/delegation/delegation.ts decodeDelegation": "decode delegation",
  "core/delegation/delegation.ts decodeDelegationBody": "decode delegation body",
  "core/edition/bulletin.ts decodeBulletin": "decode bulletin",
  "core/edition/header.ts decodeHeader": "decode header",
  "core/edition/package.ts decodePackage": "decode package",
  "core/enrolment/enrolment.ts decodeEnrolment": "decode enrolment",
  "core/envelope/envelope.ts parseEnvelope": "verify envelope",
  "core/envelope/letter.ts decodeLetter": "verify envelope",
  "core/envelope/letter.ts decodeLetterCore": "decode letter",
  "core/forward/payload.ts decodePayload": "decode payload",
  "core/log/entry.ts decodeEntry": "decode log entry",
  "core/log/note.ts decodeNote": "decode note",
  "core/phrase/read.ts readPhrase": "read phrase ru",
  "core/phrase/read.ts readWord": "read phrase en",
  "core/receipt/receipt.ts decodeVouched": "decode vouched list",
  "core/revocation/revocation.ts decodeRevocation": "decode revocation",
  "core/revocation/revocation.ts decodeRevocationBody": "decode revocation body",
  "core/signature/signed.ts readSignatures": "decode delegation",
  "core/text/language-tag.ts readLanguageTag": "decode charter",
  "core/text/scsu.ts decodeScsu": "decode SCSU",
  "core/tick/codec.ts decodeTickAnswer": "decode tick answer",
  "core/tick/codec.ts decodeTickRequest": "decode tick request",
  "core/warning/codec.ts decodeWarning": "decode warning",
  "core/warning/codec.ts decodeWarningCore": "decode free core",
  "core/warning/codec.ts readWarning": "decode warning",
  "core/warning/scale-codec.ts readOrdinal": "decode free core",
  "core/warning/scale-codec.ts readResponses": "decode free core",
  "desk/backup/vault-backup.ts readVaultBackup": "vault's backup",
  "desk/help/markdown.ts parseInline": "handbook's Markdown",
  "desk/help/markdown.ts parseMarkdown": "handbook's Markdown",
  "desk/platform/outgoing.ts parseProxy": "desk's proxy",
  "desk/settings/settings.ts parseSettings": "desk's settings",
  "desk/warnings/local-time.ts parseLocal": "desk's times",
  "desk/warnings/routes.ts parseForm": "desk /api/drafts/save",
  "desk/warnings/sources.ts parseCsv": "desk's sources",
  "desk/warnings/sources.ts readSources": "desk's sources",
  "duty/backup.ts readDutyBackup": "duty's backup",
  "duty/memory-file.ts decodeMemory": "duty's memory",
  "figures/disclosure/read-people.ts readPeople": "captures",
  "figures/estimators/log-linear/model.ts parseModelName": "model's name",
  "figures/estimators/read-captures.ts readCaptures": "captures",
  "figures/estimators/read-clusters.ts readClusters": "captures",
  "figures/linkage/output/verdict.ts readVerdict": "captures",
  "figures/linkage/clerical/sheet-file.ts readSheet": "clerical sheet",
  "figures/linkage/dates/uncertain-date.ts parseUncertainDate": "dates and names",
  "figures/linkage/mapping/parse-mapping.ts parseMapping": "mapping",
  "figures/linkage/truth/evaluate.ts readTruth": "truth",
  "figures/tabular/csv.ts parseCsv": "CSV",
  "figures/tabular/encoding.ts decodeText": "CSV",
  "figures/tabular/parquet.ts readParquet": "Parquet",
  "figures/tabular/read-table.ts readTable": "Parquet",
  "page/document/template.ts parseTemplate": "template",
  "page/hotline/view/typed-words.ts readTyped": "typed words",
  "page/view/picture.ts readCode": "code in a picture",
  "relay/backup/relay-backup.ts decodeRelayBackup": "relay's backup",
  "relay/config.ts parseConfig": "relay configuration",
  "relay/http/body.ts readBody": "relay sockets",
  "relay/http/listen.ts parsePlace": "place to listen",
}

/** Nothing that a stranger has written reaches these but through one of the above. */
export const NOT_BENT: Readonly<Record<string, string>> = {
  "cli/charter/files.ts readEnrolment": "a file, then decodeEnrolment; the age file has a target of its own",
  "cli/charter/files.ts readPaper": "a file, then decodePaper",
  "cli/charter/files.ts readSignerKey": "a file, then decodeSignerKey",
  "cli/charter/files.ts readText": "a file, as it is",
  "cli/drill/week/help-seeker.ts readReply": "the drill's own browser",
  "desk/enrolment/officer.ts readOfficer": "the desk's own vault",
  "desk/hotline/rings/read-rings.ts readRing": "a relay's answers: in hotline tests, with relays that lie",
  "desk/hotline/rings/read-rings.ts readWithoutGap": "the desk's own vault",
  "desk/platform/assets.ts readAssets": "the program's own files",
  "desk/platform/swap.ts readSwap": "what the system says of itself",
  "desk/settings/settings.ts readSettings": "the desk's own vault",
  "desk/sync/log-places.ts readUpTo": "the desk's own vault",
  "desk/vault/cipher-file.ts readSalt": "sixteen bytes, whatever they are",
  "figures/linkage/names/name-variants.ts parseNameVariants": "the table that ships with the program",
  "page/view/live-speech.ts readLaterWords": "the page's own words",
  "page/view/live-speech.ts readLiveWords": "the page's own words",
  "page/view/live-speech.ts readSoonWords": "the page's own words",
  "relay/files.ts readRelayFiles": "files, then parseConfig and verifyCharterChain",
  "relay/routes/log.ts readRoute": "a route, bent as relay /log/read",
}
