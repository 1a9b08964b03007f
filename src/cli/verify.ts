import { z } from 'zod'
import type { Verdict } from '../credentials/verdict.ts'
import { verify as verifyBytes } from '../credentials/verify.ts'
import { type Language, languages } from '../i18n/index.ts'
import { Refusal } from '../refusal.ts'
import { type PresentedVerdict, presentVerdict } from '../verification/present.ts'
import { askSecondOpinion } from '../verification/second-opinion.ts'
import { lookInWorld, readWorld } from '../verification/world.ts'
import { defineCommand, exits, type Io, WrongUse } from './command.ts'
import { namedFile } from './input-file.ts'
import type { OwnVerifier } from './own-verifier.ts'
import { type Told, toldAll, toldOne } from './verdict-text.ts'

/** More than any badge or world has; the verifier's own bound on a badge is far lower and is part of its verdict. */
const maxFileBytes = 64 * 1024 * 1024

export const command = defineCommand({
  summary: 'verify a badge: verdict, each check and its reason',
  usage: 'FILE… [options]',
  help: `FILE is a PNG, SVG, JWT, JWS or JSON, an address (https://…), or - for standard input.
Several files give a table, a line for each: file, verdict, badge, issuer, and the reason when it is not valid.
With --world every fetch is answered from that file, and neither a socket nor a database is opened. Without it, badges of this service are
checked against its database, and what badges of others lead to is looked up over https, on public addresses only. With EGRESS=off in the
environment it is not; such badges are then "could-not-check".
  --json                 print {verdict, checks: [{id, outcome, code, reason}], credential}; with several files a line for each,
                         with its file, and with fault when the file cannot be read
  --world FILE           public documents by address: {address: {status, contentType, body, encoding?: "base64"}}
  --at INSTANT           the verdict as of this instant, such as 2026-11-22T12:00:00Z; now when left out
  --recipient IDENTITY   whom the badge is said to be of: an e-mail address, a urn or a URL
  --lang fi|sv|en        language of the reasons; en when left out
Ends with 0 when every badge is valid, with 1 when one is not, whatever the reason.`,
  examples: [
    'npm run cli -- verify out/badge.png --json --world out/world.json',
    'npm run cli -- verify badges/* --at 2026-11-22T12:00:00Z --lang fi',
  ],
  options: {
    json: { type: 'boolean' },
    world: { type: 'string' },
    at: { type: 'string' },
    recipient: { type: 'string' },
    lang: { type: 'string' },
  },
  positionals: Number.POSITIVE_INFINITY,
  run: async ({ values, positionals }, io) => {
    if (positionals.length === 0) throw new WrongUse('Say which file, or - for standard input.')
    const asked = { at: instantOf(values.at), recipient: values.recipient, language: languageOf(values.lang) }
    // Before anything is opened. Of several, each is read when its turn comes, and one that cannot be read leaves the others their line.
    const only = positionals.length === 1 ? await bytesOf(positionals[0] ?? '', io) : undefined
    const verifier = await openVerifier(values.world, io)
    try {
      const verdicts: Told[] = []
      for (const file of positionals) {
        const bytes = only ?? (await bytesOrFault(file, io))
        if (typeof bytes === 'string') verdicts.push({ file, verdict: notRead, fault: bytes })
        else {
          const verdict = await verifier.verify(bytes, asked.at, asked.recipient)
          verdicts.push({ file, verdict: presentVerdict(verdict, asked.language) })
        }
      }
      io.out(values.json === true ? asJson(verdicts) : asText(verdicts, asked.language))
      return verdicts.every(({ verdict }) => verdict.verdict === 'valid') ? exits.done : exits.negative
    } finally {
      await verifier.close()
    }
  },
})

async function openVerifier(world: string | undefined, io: Io): Promise<OwnVerifier> {
  if (world === undefined) {
    // Read only now: with --world nothing that knows a database is even loaded.
    const { openOwnVerifier } = await import('./own-verifier.ts')
    return await openOwnVerifier(io)
  }
  const look = lookInWorld(await worldIn(world, io))
  return {
    verify: async (bytes, at, recipient): Promise<Verdict> =>
      await verifyBytes(bytes, look, {
        at,
        secondOpinion: askSecondOpinion,
        ...(recipient === undefined ? {} : { recipient }),
      }),
    close: async () => await Promise.resolve(),
  }
}

async function worldIn(name: string, io: Io): Promise<ReturnType<typeof readWorld>> {
  const bytes = await namedFile(name, io, maxFileBytes)
  try {
    return readWorld(bytes)
  } catch (error) {
    throw error instanceof Refusal ? new WrongUse(`${name} is no world: ${error.message}.`) : error
  }
}

/** An address stands for what lies there; everything else is a file. */
async function bytesOf(name: string, io: Io): Promise<Uint8Array> {
  return /^https?:\/\//.test(name) ? Buffer.from(name) : await namedFile(name, io, maxFileBytes)
}

/** The bytes of one file of several, or why it cannot be read: a folder among the files is no reason to stop. */
async function bytesOrFault(name: string, io: Io): Promise<Uint8Array | string> {
  try {
    return await bytesOf(name, io)
  } catch (error) {
    if (error instanceof WrongUse) return error.message
    throw error
  }
}

const notRead: PresentedVerdict = { verdict: 'could-not-check', checks: [], credential: null }

function instantOf(text: string | undefined): Date {
  if (text === undefined) return new Date()
  const read = z.iso.datetime({ offset: true }).safeParse(text)
  if (!read.success) throw new WrongUse('--at is no instant: give one such as 2026-11-22T12:00:00Z.')
  return new Date(read.data)
}

function languageOf(text = 'en'): Language {
  const language = languages.find((one) => one === text)
  if (language === undefined) throw new WrongUse(`--lang: give one of ${languages.join(', ')}.`)
  return language
}

function asJson(verdicts: readonly Told[]): string {
  const [one, ...more] = verdicts
  if (one && more.length === 0) return `${JSON.stringify(one.verdict)}\n`
  return verdicts.map(({ file, verdict, fault }) => `${JSON.stringify({ file, ...verdict, fault })}\n`).join('')
}

function asText(verdicts: readonly Told[], language: Language): string {
  const [one, ...more] = verdicts
  return one && more.length === 0 ? toldOne(one, language) : toldAll(verdicts)
}
