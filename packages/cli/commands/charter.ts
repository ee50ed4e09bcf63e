import { randomBytes } from "node:crypto"
import { stat } from "node:fs/promises"
import { join } from "node:path"
import { fromHex, toHex } from "@kunak/core/bytes/hex"
import { fingerprint } from "@kunak/core/charter/fingerprint"
import { asPublicKey, type KeyRole, type PublicKey } from "@kunak/core/keys"
import { DELEGATION_WEEKS } from "@kunak/core/parameters"
import { type Instant, instantFromMs } from "@kunak/core/time/instant"
import { guidanceHash } from "@kunak/page/document/words"
import { loadTemplate } from "@kunak/page/template-file"
import type { Command } from "commander"
import { parseDescription } from "../ceremony/description.ts"
import {
  confirmationPaper,
  LONGEST_HOURS,
  parseTexts,
  proposalPaper,
  SHORTEST_HOURS,
  vetoPaper,
} from "../charter/all-clear.ts"
import { delegatePaper, MAX_WEEKS } from "../charter/delegate.ts"
import { verifiedDelegations } from "../charter/delegations.ts"
import { afterSending, describeKnown, describePaper, paperTitle } from "../charter/describe.ts"
import { wayOut } from "../charter/fetch-page.ts"
import {
  readEnrolment,
  readPaper,
  readSignerKey,
  readText,
  replacePaper,
  writeNewPaper,
  writePublic,
} from "../charter/files.ts"
import { finishPaper } from "../charter/finish.ts"
import { isComplete, type JudgedPaper, judgePaper } from "../charter/judge.ts"
import { type Known, type KnownOptions, knownFrom } from "../charter/known.ts"
import { makeEnrolmentFile } from "../charter/new-enrolment.ts"
import { makeSignerFile } from "../charter/new-signer.ts"
import { decodePaper, type Paper } from "../charter/paper.ts"
import { renewPaper } from "../charter/renew.ts"
import { revokePaper } from "../charter/revoke.ts"
import { sendPaper } from "../charter/send.ts"
import { requireInTime, signPaper } from "../charter/sign-paper.ts"
import { Failure } from "../failure.ts"
import { askNewPassphrase, passphraseFor } from "../terminal.ts"
import { isPinned } from "../verify/knowledge.ts"

const HELP = `
Signers sit in different places and sign offline. One begins a paper; it goes from hand to hand (a stick, a mail:
nothing in it is secret); each reads what it says and signs; the last one, or an officer, sends it.

  kunak charter delegate --from public --out weeks.json                  the next thirteen weeks
  kunak charter sign weeks.json --key signer-1/signer.age                each signer, until it says "complete"
  kunak charter send weeks.json --enrolment duty-1/enrolment.json        goes out with the next edition
  kunak charter keep weeks.json --in public                              for the next time: the folder knows them

What is public now (--from; may be given several times, and then counts together):
  a folder      the ceremony's, or its folder "public": charter.kunak and delegations.kunak
  a saved page  or an address such as https://line.example: warnings, proposals, revocations, this week's delegation
  a paper       that is finished
Give --fingerprint with the letters of the printed sheet, and another organisation's files are refused.

An all-clear takes two papers with a day between: 'all-clear', send, save the page; a day later 'confirm' with that
page and a new one. Any signer alone can stop it: 'veto'. Step by step, with who does what: docs/ceremony.md.

Exit codes: 0 done; 1 refused (altered, vetoed, too early, not your paper); 2 wrong usage or input; 3 not reachable.`

const NEW_ENROLMENT_HELP = `
Beside the new officer, who types a passphrase of their own, on a machine without a network:

  kunak charter new-enrolment --from public --like reserve/enrolment.age --out enrolment.age
  kunak charter delegate --from public --now --add-officer KEY --out weeks.json    then sign, send and keep it
  kunak desk --vault officer.vault --enrol enrolment.age

The new key may do nothing before the signers have delegated it. The rest of the file is what all officers share: whoever
has it reads drafts from then on. docs/ceremony.md.`

interface From extends KnownOptions {
  readonly from: readonly string[]
  readonly json?: boolean
}
interface Out extends From {
  readonly out: string
}
interface Key {
  readonly key: string
  readonly passphraseFile?: string
  readonly json?: boolean
}

export function register(program: Command): void {
  const charter = program
    .command("charter")
    .description(
      "What the charter's signers decide after the founding: weeks, all-clears, revocations, a new charter.",
    )
    .addHelpText("after", HELP)

  const beginning = (name: string, description: string): Command =>
    charter
      .command(name)
      .description(description)
      .requiredOption(
        "--from <source...>",
        "what is public now: a folder, a saved page, an address, a finished paper",
      )
      .requiredOption("--out <paper>", "the paper to write; a file that does not exist yet")
      .option("--fingerprint <letters>", "as printed: refuses another organisation's files")
      .option("--socks <host:port>", "a SOCKS5 proxy, such as Tor's 127.0.0.1:9050")
      .option("--json", "print the result as JSON")
  const keyed = (command: Command): Command =>
    command
      .requiredOption("--key <file>", "your signer.age")
      .option("--passphrase-file <file>", "the passphrase, instead of asking: for rehearsals")

  charter
    .command("show")
    .description("Who the organisation is, who signs, who is delegated until when; or what a paper says.")
    .argument("<source...>", "charter.kunak, a folder, a saved page, an address, or a paper")
    .option("--fingerprint <letters>", "as printed: refuses another organisation's files")
    .option("--socks <host:port>", "a SOCKS5 proxy, such as Tor's 127.0.0.1:9050")
    .option("--json", "print it as JSON")
    .action(show)

  beginning("delegate", "Begin a paper: officers and duties of the coming weeks.")
    .option("--weeks <number>", `how many; else ${DELEGATION_WEEKS}`, wholeFrom(1, MAX_WEEKS, "--weeks"))
    .option("--now", "begin with this week, though it is delegated already: both delegations then hold")
    .option("--add-officer <key...>", "public keys, 64 letters each")
    .option("--drop-officer <key...>", "leaves them out from then on; takes no key back: that is 'revoke'")
    .option("--add-duty <key...>", "public keys, 64 letters each")
    .option("--drop-duty <key...>", "leaves them out from then on")
    .action(delegate)

  beginning("all-clear", "Begin a paper: the proposal of an all-clear for one warning that stands.")
    .requiredOption("--warning <id>", "its id, or how that begins; with a wrong one the answer lists them")
    .requiredOption(
      "--text <file>",
      `JSON, for each language: { "ru": { "headline", "description", "instruction" } }`,
    )
    .requiredOption(
      "--hours <number>",
      `how long it can be confirmed, ${SHORTEST_HOURS} to ${LONGEST_HOURS}`,
      wholeFrom(SHORTEST_HOURS, LONGEST_HOURS, "--hours"),
    )
    .action(propose)

  beginning("confirm", "Begin a paper: the all-clear itself, of a proposal that was 24 hours in public.")
    .option("--proposal <id>", "which, if there are several")
    .addHelpText(
      "after",
      "\n--from takes the page that you saved when the proposal first stood there, and a page of a day later or newer:\n  kunak charter confirm --from saved.html https://line.example --out all-clear.json",
    )
    .action(confirm)

  keyed(beginning("veto", "Say no to a proposed all-clear: one signer suffices, at once."))
    .option("--proposal <id>", "which, if there are several")
    .action(veto)

  beginning("revoke", "Begin a paper: take keys of officers or duties back.")
    .requiredOption("--key <key...>", "public keys, 64 letters each; several in one revocation")
    .action(revoke)

  beginning(
    "renew",
    "Begin a paper: a new charter after the one in force, signed by the old and the new signers.",
  )
    .requiredOption("--description <file>", "the organisation's description, as for 'kunak init'")
    .option(
      "--signers <key...>",
      "all signers' public keys, those who stay and those who are new; else as before",
    )
    .action(renew)

  charter
    .command("new-signer")
    .description("Make a key for somebody who is to sign later charters, and print its public half.")
    .requiredOption("--out <file>", "where the key goes: signer.age")
    .option("--passphrase-file <file>", "the passphrase, instead of asking: for rehearsals")
    .option("--json", "print the public key as JSON")
    .action(newSigner)

  charter
    .command("new-enrolment")
    .description("Make an enrolment for an officer or a duty that joins after the founding.")
    .requiredOption("--from <source...>", "what is public now, as for 'delegate'")
    .requiredOption("--like <file>", "an enrolment of the same role: an officer's .age, a duty's .json")
    .requiredOption("--out <file>", "where the new one goes: enrolment.age, or a duty's enrolment.json")
    .option("--fingerprint <letters>", "as printed: refuses another organisation's files")
    .option("--socks <host:port>", "a SOCKS5 proxy, such as Tor's 127.0.0.1:9050")
    .option("--like-passphrase-file <file>", "the passphrase of --like, instead of asking: for rehearsals")
    .option("--passphrase-file <file>", "the new passphrase, instead of asking: for rehearsals")
    .option("--json", "print the public key as JSON")
    .addHelpText("after", NEW_ENROLMENT_HELP)
    .action(newEnrolment)

  keyed(charter.command("sign").description("Show what a paper says, and sign it."))
    .argument("<paper>", "the paper; your signature is added to it")
    .option("--fingerprint <letters>", "as printed: refuses another organisation's paper")
    .option("--json", "print the result as JSON")
    .action(sign)

  charter
    .command("send")
    .description("Send a finished paper to the line: it goes out with the next edition.")
    .argument("<paper>", "with all the signatures it needs")
    .requiredOption("--enrolment <file>", "a duty's enrolment.json, or an officer's enrolment.age")
    .option("--passphrase-file <file>", "of an officer's enrolment")
    .option("--socks <host:port>", "a SOCKS5 proxy, such as Tor's 127.0.0.1:9050")
    .option("--json", "print the result as JSON")
    .action(send)

  charter
    .command("keep")
    .description("Add a finished paper's charter and weeks to your public folder.")
    .argument("<paper>", "with all the signatures it needs")
    .requiredOption("--in <folder>", "the folder with charter.kunak")
    .option("--json", "print the result as JSON")
    .action(keep)
}

const now = (): Instant => instantFromMs(Date.now())

const say = (json: boolean | undefined, result: Readonly<Record<string, unknown>>, text: string): void => {
  process.stdout.write(json ? `${JSON.stringify(result)}\n` : `${text}\n`)
}

async function show(sources: readonly string[], options: KnownOptions & { json?: boolean }): Promise<void> {
  const [source] = sources
  const paper = sources.length === 1 && source && (await paperIn(source))
  if (paper) {
    const judged = await judgePaper(paper)
    say(options.json, paperJson(judged), describePaper(judged))
    return
  }
  const known = await knownFrom(sources, options)
  say(options.json, knownJson(known), describeKnown(known, now()))
}

async function paperIn(source: string): Promise<Paper | null> {
  const info = await stat(source).catch(() => null)
  return info?.isFile() ? decodePaper(await readText(source)) : null
}

const knownJson = ({ chain, delegations, revocations }: Known) => ({
  organisation: fingerprint(chain.organisationId),
  demonstration: chain.current.charter.demonstration,
  charter: chain.current.charter.sequence + 1,
  issued: chain.current.charter.issued,
  expires: chain.current.charter.expires,
  threshold: chain.current.charter.threshold,
  signers: chain.current.charter.signers.map(toHex),
  relays: chain.current.charter.relays.map(({ web, onion }) => ({ web, onion })),
  delegations: delegations.map(({ week, officers, duties }) => ({
    week,
    officers: officers.map(toHex),
    duties: duties.map(toHex),
  })),
  revoked: revocations.flatMap(({ keys }) => keys.map(toHex)),
})

const paperJson = (judged: JudgedPaper) => {
  const { chain, own, previous, paper } = judged
  const bench = ({ signed, needed }: typeof own) => ({ signed: signed.map((index) => index + 1), needed })
  return {
    kind: paper.kind,
    organisation: fingerprint(chain.organisationId),
    signers: bench(own),
    ...(previous ? { signersBefore: bench(previous) } : {}),
    complete: isComplete(judged),
    text: describePaper(judged),
  }
}

/** Judged like any paper that arrives: what is begun here is what others can sign. */
async function begin(paper: Paper, options: Out): Promise<void> {
  const judged = await judgePaper(paper)
  await writeNewPaper(options.out, paper)
  say(
    options.json,
    { paper: options.out, ...paperJson(judged) },
    `${describePaper(judged)}\n\nWritten to ${options.out}.`,
  )
}

interface DelegateOptions extends Out {
  readonly weeks?: number
  readonly now?: boolean
  readonly addOfficer?: readonly string[]
  readonly dropOfficer?: readonly string[]
  readonly addDuty?: readonly string[]
  readonly dropDuty?: readonly string[]
}

async function delegate(options: DelegateOptions): Promise<void> {
  const known = await knownFrom(options.from, options)
  const change = {
    addOfficers: keys<"officer">(options.addOfficer),
    dropOfficers: keys<"officer">(options.dropOfficer),
    addDuties: keys<"duty">(options.addDuty),
    dropDuties: keys<"duty">(options.dropDuty),
  }
  const weeks = options.weeks ?? null
  await begin(delegatePaper(known, { weeks, change, fromNow: options.now === true, now: now() }), options)
}

async function propose(options: Out & { warning: string; text: string; hours: number }): Promise<void> {
  const known = await knownFrom(options.from, options)
  const texts = parseTexts(await readText(options.text), known.chain.current.charter, options.text)
  const { warning, hours } = options
  await begin(proposalPaper(known, { warning, texts, hours, now: now() }), options)
}

async function confirm(options: Out & { proposal?: string }): Promise<void> {
  const known = await knownFrom(options.from, options)
  await begin(confirmationPaper(known, { proposal: options.proposal ?? null, now: now() }), options)
}

async function veto(options: Out & Key & { proposal?: string }): Promise<void> {
  const known = await knownFrom(options.from, options)
  const signer = await readSignerKey(options.key, (what) => passphraseFor(what, options.passphraseFile))
  await begin(await vetoPaper(known, { proposal: options.proposal ?? null, signer, now: now() }), options)
}

async function revoke(options: Out & { key: readonly string[] }): Promise<void> {
  const known = await knownFrom(options.from, options)
  await begin(revokePaper(known, keys<"officer" | "duty">(options.key), now()), options)
}

async function renew(options: Out & { description: string; signers?: readonly string[] }): Promise<void> {
  const known = await knownFrom(options.from, options)
  const description = parseDescription(await readText(options.description))
  if (!description.ok) {
    const { where, what, kind } = description.error
    throw new Failure(`In ${options.description}: ${where} ${what}.`, kind)
  }
  const template = await loadTemplate()
  const paper = renewPaper(known, {
    description: description.value,
    path: options.description,
    signers: options.signers ? keys<"charter-signing">(options.signers) : null,
    now: now(),
    templateHash: template.hash,
    guidanceHash: (language) => guidanceHash(template.words, language),
  })
  await begin(paper, options)
}

async function newSigner(options: { out: string; passphraseFile?: string; json?: boolean }): Promise<void> {
  const passphrase = () =>
    options.passphraseFile === undefined
      ? askNewPassphrase("the new signer's key")
      : passphraseFor(options.out, options.passphraseFile)
  const publicKey = toHex(await makeSignerFile(options.out, passphrase, random))
  say(
    options.json,
    { key: options.out, publicKey },
    `The key is in ${options.out}: keep it on a stick of your own.\nPublic half, for 'kunak charter renew --signers': read it aloud, do not only mail it.\n\n    ${publicKey}`,
  )
}

interface NewEnrolmentOptions extends From {
  readonly like: string
  readonly out: string
  readonly likePassphraseFile?: string
  readonly passphraseFile?: string
}

async function newEnrolment(options: NewEnrolmentOptions): Promise<void> {
  const known = await knownFrom(options.from, options)
  const like = await readEnrolment(options.like, (what) => passphraseFor(what, options.likePassphraseFile))
  const passphrase = () =>
    options.passphraseFile === undefined
      ? askNewPassphrase("the new officer's enrolment")
      : passphraseFor(options.out, options.passphraseFile)
  const publicKey = toHex(await makeEnrolmentFile(options.out, like, known, { passphrase, random }))
  say(
    options.json,
    { enrolment: options.out, role: like.role, publicKey },
    `The enrolment is in ${options.out}, for the new ${like.role} alone.\nIt may do nothing until the signers have delegated its key:\n\n    kunak charter delegate --from ${options.from.join(" ")} --now --add-${like.role} ${publicKey} --out weeks.json`,
  )
}

async function sign(path: string, options: Key & { fingerprint?: string }): Promise<void> {
  const judged = await judgePaper(await readPaper(path))
  isPinned(judged.chain, options.fingerprint)
  requireInTime(judged, now())
  if (!options.json) process.stdout.write(`${describePaper(judged)}\n\n`)
  const signer = await readSignerKey(options.key, (what) => passphraseFor(what, options.passphraseFile))
  const signed = await signPaper(judged, signer, now())
  const after = await judgePaper(signed)
  await replacePaper(path, signed)
  say(
    options.json,
    { paper: path, ...paperJson(after) },
    `Your signature is on it. ${
      isComplete(after)
        ? `The paper is complete: 'kunak charter send ${path}' sends it.`
        : "Pass it on to the next signer."
    }`,
  )
}

async function send(
  path: string,
  options: { enrolment: string; passphraseFile?: string; socks?: string; json?: boolean },
): Promise<void> {
  const judged = await judgePaper(await readPaper(path))
  requireInTime(judged, now())
  const finished = await finishPaper(judged)
  const enrolment = await readEnrolment(options.enrolment, (what) =>
    passphraseFor(what, options.passphraseFile),
  )
  const outgoing = wayOut(options.socks)
  const sent = await sendPaper(judged, finished, enrolment, { outgoing, random })
  const refused = sent.revoked?.flatMap((answer, i) =>
    answer === null ? [] : [` Relay ${i === 0 ? "A" : "B"} did not take the revocation at once (${answer}).`],
  )
  const mirror =
    sent.mirror === null ? "" : ` Relay B does not have it yet (${sent.mirror}); duty copies it there.`
  say(
    options.json,
    { sent: judged.paper.kind, ...sent },
    `${paperTitle(judged.content)}: sent. It goes out with the next edition.${(refused ?? []).join("")}${mirror}${afterSending(judged.content, judged.chain.current.charter, now())}`,
  )
}

async function keep(path: string, options: { in: string; json?: boolean }): Promise<void> {
  const judged = await judgePaper(await readPaper(path))
  const finished = await finishPaper(judged)
  const known = await knownFrom([options.in, path])
  const place = (await stat(join(options.in, "charter.kunak")).catch(() => null))
    ? options.in
    : join(options.in, "public")
  const delegations = await verifiedDelegations(
    [...known.delegations.map(({ bytes }) => bytes), ...finished.delegations],
    known.chain,
  )
  const written = await writePublic(
    place,
    known.chain,
    delegations.map(({ bytes }) => bytes),
  )
  say(options.json, { written }, `Brought up to date: ${written.join(", ")}.`)
}

const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length))

/** Public keys as they are printed: 64 hexadecimal letters. */
const keys = <Role extends KeyRole>(typed: readonly string[] | undefined): readonly PublicKey<Role>[] =>
  (typed ?? [])
    .flatMap((words) => words.split(","))
    .map((word) => {
      const bytes = fromHex(word.trim())
      if (bytes?.length === 32) return asPublicKey<Role>(bytes)
      throw new Failure(
        `"${word}" is no public key: it has 64 letters from 0 to f; 'kunak charter show' prints them.`,
        "bad-key",
      )
    })

const wholeFrom =
  (least: number, most: number, option: string) =>
  (typed: string): number => {
    const number = Number(typed)
    if (Number.isInteger(number) && number >= least && number <= most) return number
    throw new Failure(`${option} takes a whole number from ${least} to ${most}.`, "bad-number")
  }
