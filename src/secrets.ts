import { randomBytes } from 'node:crypto'
import { chmodSync, linkSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { BadSettings } from './config.ts'
import type { RolePasswords } from './db/roles.ts'
import type { Kek } from './keys/vault.ts'

/** What must never be told. Apart from `Config`, so that nothing prints it by mistake. */
export type Secrets = {
  /** Wraps every new data key (S-20). */
  readonly kekCurrent: Kek
  /** Still opens what they wrapped (S-21). */
  readonly kekPrevious: readonly Kek[]
  readonly sessionSecret: string
  /** Key of the digests of sign-in codes, sign-in names and idempotency keys. */
  readonly codePepper: Buffer
  readonly databasePasswords: RolePasswords
  /** Given by the sign-in provider of `Config.oidc`. */
  readonly oidcClientSecret?: string
}

export type SecretsPlace = {
  /** A file for each secret, named like its setting. The environment goes before the file. */
  readonly secretsDir: string
  /** Missing ones are made once into the folder; else they must be given. */
  readonly mayCreate: boolean
}

const made: Readonly<Record<string, () => string>> = {
  KEK_CURRENT: () => `1:${randomBytes(32).toString('base64')}`,
  SESSION_SECRET: () => randomBytes(48).toString('base64url'),
  CODE_PEPPER: () => randomBytes(48).toString('base64url'),
  DATABASE_SERVICE_PASSWORD: () => randomBytes(32).toString('base64url'),
  DATABASE_JOBS_PASSWORD: () => randomBytes(32).toString('base64url'),
}

const kekShape = 'version:base64 of 32 random bytes, such as the output of: echo "1:$(openssl rand -base64 32)"'
const wordShape = 'at least 32 random bytes, such as the output of: openssl rand -base64 48'

/**
 * Reads the secrets from the environment or their files, making missing ones where that is allowed. Throws `BadSettings` with all that are
 * missing, short, known defaults, or readable by others (SECURITY §3). Never tells a value.
 */
export function loadSecrets(env: NodeJS.ProcessEnv, place: SecretsPlace): Secrets {
  const faults: string[] = []
  const values = new Map<string, string>()
  for (const name of [...Object.keys(made), 'KEK_PREVIOUS', 'OIDC_CLIENT_SECRET']) {
    const found = find(name, env, place, faults)
    if (found !== undefined) values.set(name, found)
  }
  const kekOf = (text: string, name: string): Kek[] => readKek(text, name, faults)
  const kekCurrent = [values.get('KEK_CURRENT') ?? []].flat().flatMap((text) => kekOf(text, 'KEK_CURRENT'))[0]
  const kekPrevious = (values.get('KEK_PREVIOUS') ?? '')
    .split(/[\s,]+/)
    .flatMap((text) => (text === '' ? [] : kekOf(text, 'KEK_PREVIOUS')))
  if (kekPrevious.some((kek) => kek.version === kekCurrent?.version))
    faults.push('KEK_PREVIOUS: has the version of KEK_CURRENT; give every key a version of its own.')
  const word = (name: string): string => readWord(name, values.get(name), faults)
  const words = {
    sessionSecret: word('SESSION_SECRET'),
    codePepper: Buffer.from(word('CODE_PEPPER')),
    databasePasswords: { service: word('DATABASE_SERVICE_PASSWORD'), jobs: word('DATABASE_JOBS_PASSWORD') },
  }
  const oidcClientSecret = values.get('OIDC_CLIENT_SECRET')
  if (oidcClientSecret === undefined && (env['OIDC_ISSUER'] ?? '') !== '')
    faults.push('OIDC_CLIENT_SECRET: is missing; give the secret that your sign-in provider made for this service.')
  if (faults.length > 0 || kekCurrent === undefined) throw new BadSettings(faults)
  return Object.freeze({
    kekCurrent,
    kekPrevious,
    ...words,
    ...(oidcClientSecret !== undefined && { oidcClientSecret }),
  })
}

/** A new set, as settings, that is kept nowhere: for a throw-away database. */
export function drawSecrets(): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(made).map(([name, draw]) => [name, draw()]))
}

function find(name: string, env: NodeJS.ProcessEnv, place: SecretsPlace, faults: string[]): string | undefined {
  const given = env[name]
  if (given !== undefined && given !== '') return given
  const file = join(place.secretsDir, name)
  const kept = readKept(file, name, faults)
  if (kept !== undefined) return kept
  const make = made[name]
  if (make === undefined) return undefined
  if (place.mayCreate) return keep(file, make(), place.secretsDir)
  const shape = name === 'KEK_CURRENT' ? kekShape : wordShape
  faults.push(
    `${name}: is missing; with DATABASE_URL it must be given (${shape}), or set SECRETS_DIR to a folder where it may be made once.`,
  )
  return undefined
}

function readKept(file: string, name: string, faults: string[]): string | undefined {
  const found = statSync(file, { throwIfNoEntry: false })
  if (!found) return undefined
  if ((found.mode & 0o077) !== 0)
    faults.push(`${name}: others may read ${file}; run chmod 600 on it, and change the secret if somebody did.`)
  return readFileSync(file, 'utf8').trim()
}

/** Written whole under another name and then linked, which only one of two processes can do: both go on with the same secret. */
function keep(file: string, value: string, folder: string): string {
  mkdirSync(dirname(folder), { recursive: true })
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  chmodSync(folder, 0o700)
  const draft = `${file}.${randomBytes(6).toString('hex')}`
  writeFileSync(draft, `${value}\n`, { mode: 0o600, flag: 'wx' })
  try {
    linkSync(draft, file)
    return value
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return readFileSync(file, 'utf8').trim()
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

function readKek(text: string, name: string, faults: string[]): Kek[] {
  const [, version, base64] = /^([0-9A-Za-z_-]{1,32}):([0-9A-Za-z+/]{43}=)$/.exec(text) ?? []
  const key = Buffer.from(base64 ?? '', 'base64')
  if (version !== undefined && key.length === 32 && !isGuessable(key)) return [{ version, key }]
  // A missing one has been told already.
  if (text !== '') faults.push(`${name}: cannot be used; give ${kekShape}.`)
  return []
}

function readWord(name: string, value: string | undefined, faults: string[]): string {
  if (value === undefined) return ''
  if (Buffer.byteLength(value) < 32) faults.push(`${name}: is too short; give ${wordShape}.`)
  else if (isGuessable(Buffer.from(value)) || defaults.test(value))
    faults.push(`${name}: is a known default; give ${wordShape}.`)
  return value
}

/** Words of examples and tutorials. Random base64 of this length holds one of them about once in a hundred million times. */
const defaults =
  /change[-_ .]?(me|this|it)|your[-_ .]|example|password|replace[-_ .]?(me|this)|secret[-_ .]?key|super[-_ .]?secret|insecure/i

/** Few different bytes, or bytes that count up: typed by hand, not drawn. 32 random bytes have about 30 different ones. */
function isGuessable(bytes: Buffer): boolean {
  const steps = new Set(bytes.subarray(1).map((byte, index) => byte - (bytes[index] ?? 0)))
  return new Set(bytes).size < 10 || steps.size < 4
}
