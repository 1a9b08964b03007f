import { isIP } from 'node:net'
import { join, resolve } from 'node:path'
import { z } from 'zod'

/** One or more settings cannot be used: all of them at once, each with what to do. Ends a command with 3. */
export class BadSettings extends Error {
  readonly faults: readonly string[]

  constructor(faults: readonly string[]) {
    super(`These settings must be put right before the start:\n${faults.map((fault) => `  ${fault}`).join('\n')}`)
    this.name = 'BadSettings'
    this.faults = faults
  }
}

const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'silent'] as const

/** What the service is told from outside, except secrets (secrets.ts). `.env.example` explains each. */
export type Config = {
  readonly port: number
  readonly host: string
  /** Inside signed documents and of every public document (DESIGN, Origins). No slash at the end. */
  readonly publicOrigin: string
  /** Where people meet the service: cookies, forms, share links. */
  readonly pagesOrigin: string
  /** Undefined: the embedded database under `dataDir`. Else the owner role's connection string. */
  readonly databaseUrl: string | undefined
  readonly dataDir: string
  readonly secretsDir: string
  /** Secrets that are missing may be made once: with the embedded database, or when SECRETS_DIR was given. */
  readonly mayCreateSecrets: boolean
  /** Addresses of proxies whose X-Forwarded-For is believed. Empty: none. */
  readonly trustProxy: readonly string[]
  readonly issuanceStopped: boolean
  /** May the verifier fetch what others' badges lead to, on the public internet (S-46)? */
  readonly egressOpen: boolean
  /** Exact origins that the verifier's door lets through whatever their scheme, port and address, and whether it is open or not. */
  readonly egressAllowOrigins: readonly string[]
  /** Changes to the default rate limits (S-60), by name; 0 turns one off. */
  readonly rateLimits: Readonly<Record<string, number>>
  /** The organisation's own sign-in provider for staff (OpenID Connect); undefined where there is none. Its secret is in `Secrets`. */
  readonly oidc: { readonly issuer: string; readonly clientId: string } | undefined
  /** Codes of the organisations whose staff the provider vouches for; empty: of all. */
  readonly oidcOrganisations: readonly string[]
  readonly poolSize: number
  readonly logLevel: (typeof logLevels)[number]
}

const Integer = (least: number, most: number): z.ZodType<number, string> =>
  z
    .string()
    .regex(/^\d{1,9}$/)
    .transform(Number)
    .refine((value) => value >= least && value <= most)

const Words = z.string().transform((text) => text.split(/[\s,]+/).filter((word) => word !== ''))

/** An origin as browsers write it: no path, no slash at the end. */
const Origin = z.string().transform((text, context) => {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url && ['http:', 'https:'].includes(url.protocol) && [url.origin, `${url.origin}/`].includes(text))
    return url.origin
  context.addIssue({ code: 'custom', message: 'no origin' })
  return z.NEVER
})

const ServedOrigin = Origin.refine((origin) => origin.startsWith('https:') || isLoopback(new URL(origin).hostname))

const Environment = z.object({
  PORT: Integer(0, 65_535).default(4000),
  HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_ORIGIN: ServedOrigin.optional(),
  PAGES_ORIGIN: ServedOrigin.optional(),
  DATABASE_URL: z
    .string()
    .regex(/^postgres(ql)?:\/\/[^/]+\/.+/)
    .refine((text) => URL.canParse(text))
    .optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  SECRETS_DIR: z.string().min(1).optional(),
  TRUST_PROXY: Words.refine((words) => words.every(isNetwork)).default([]),
  ISSUANCE: z.literal('stopped').optional(),
  EGRESS: z.enum(['on', 'off']).default('on'),
  EGRESS_ALLOW_ORIGINS: Words.pipe(z.array(Origin)).default([]),
  RATE_LIMITS: Words.refine((words) => words.every((word) => /^(verify|pages|api|bulk)=\d{1,9}$/.test(word)))
    .transform((words) =>
      Object.fromEntries(words.map((word) => [word.split('=')[0] ?? '', Number(word.split('=')[1])])),
    )
    .default({}),
  OIDC_ISSUER: z
    .string()
    .refine((text) => URL.canParse(text) && isIssuer(new URL(text)))
    .optional(),
  OIDC_CLIENT_ID: z.string().min(1).max(255).optional(),
  OIDC_ORGANISATIONS: Words.refine((words) => words.every((word) => /^[0-9a-z]{4}$/.test(word))).default([]),
  POOL_SIZE: Integer(1, 200).default(10),
  LOG_LEVEL: z.enum(logLevels).default('info'),
})

/** What to do about a setting that cannot be used. Never repeats the value: a connection string holds a password. */
const fixes: Record<keyof typeof Environment.shape, string> = {
  PORT: 'give a port number from 0 to 65535',
  HOST: 'give the address to listen on, such as 127.0.0.1 or 0.0.0.0',
  PUBLIC_ORIGIN:
    'give https://host, or http://localhost:PORT for trying only: other http addresses cannot be trusted by those who verify',
  PAGES_ORIGIN:
    'give https://host, or http://localhost:PORT for trying only: sign-in over other http addresses can be overheard',
  DATABASE_URL: "give the owner role's connection string, postgresql://user:password@host:5432/database",
  DATA_DIR: 'give a folder, or leave it out for ./data',
  SECRETS_DIR: 'give a folder, or leave it out',
  TRUST_PROXY: 'give addresses or networks (10.0.0.0/8) of your proxies, with commas between them, or leave it out',
  ISSUANCE: 'give "stopped" to stop issuing, or leave it out',
  EGRESS: 'give "off" so that badges of other services are not looked up, or leave it out',
  EGRESS_ALLOW_ORIGINS: 'give origins such as https://host:8443 with commas between them, no paths',
  RATE_LIMITS:
    'give name=number with commas between them, such as verify=600,api=6000; the names are verify, pages, api and bulk, and 0 turns one off',
  OIDC_ISSUER:
    'give the address of your sign-in provider, https://host or https://host/path, and OIDC_CLIENT_ID with it',
  OIDC_CLIENT_ID: 'give the name under which your sign-in provider knows this service, and OIDC_ISSUER with it',
  OIDC_ORGANISATIONS:
    'give the four-character codes of the organisations whose staff your sign-in provider knows, with commas between them, or leave it out for all',
  POOL_SIZE: 'give a number of connections from 1 to 200',
  LOG_LEVEL: `give one of ${logLevels.join(', ')}`,
}

/**
 * Reads the settings, once. Throws `BadSettings` that lists every fault with what to do. An empty setting counts as not given, because that
 * is what compose files and shells leave behind.
 */
export function loadConfig(env: NodeJS.ProcessEnv = process.env): Config {
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value !== undefined && value !== ''))
  const read = Environment.safeParse(given)
  if (!read.success) throw new BadSettings(faultsOf(read.error))
  const settings = read.data
  const publicOrigin = settings.PUBLIC_ORIGIN ?? `http://localhost:${settings.PORT}`
  const dataDir = resolve(settings.DATA_DIR)
  return Object.freeze({
    port: settings.PORT,
    host: settings.HOST,
    publicOrigin,
    pagesOrigin: settings.PAGES_ORIGIN ?? publicOrigin,
    databaseUrl: settings.DATABASE_URL,
    dataDir,
    secretsDir: resolve(settings.SECRETS_DIR ?? join(dataDir, 'secrets')),
    mayCreateSecrets: settings.DATABASE_URL === undefined || settings.SECRETS_DIR !== undefined,
    trustProxy: Object.freeze(settings.TRUST_PROXY),
    issuanceStopped: settings.ISSUANCE === 'stopped',
    egressOpen: settings.EGRESS === 'on',
    egressAllowOrigins: Object.freeze(settings.EGRESS_ALLOW_ORIGINS),
    rateLimits: Object.freeze(settings.RATE_LIMITS),
    oidc: oidcOf(settings.OIDC_ISSUER, settings.OIDC_CLIENT_ID),
    oidcOrganisations: Object.freeze(settings.OIDC_ORGANISATIONS),
    poolSize: settings.POOL_SIZE,
    logLevel: settings.LOG_LEVEL,
  })
}

/** The environment itself, for the one who reads secrets from it. Nobody else touches `process.env`. */
export function environment(): NodeJS.ProcessEnv {
  return process.env
}

function faultsOf(error: z.ZodError): string[] {
  const names = new Set(error.issues.map((issue) => String(issue.path[0])))
  return Object.entries(fixes).flatMap(([name, fix]) => (names.has(name) ? [`${name}: ${fix}.`] : []))
}

/** Both, or neither. Throws `BadSettings` for one without the other. */
function oidcOf(issuer: string | undefined, clientId: string | undefined): Config['oidc'] {
  if (issuer !== undefined && clientId !== undefined) return Object.freeze({ issuer, clientId })
  if (issuer !== undefined) throw new BadSettings([`OIDC_CLIENT_ID: is missing; ${fixes.OIDC_CLIENT_ID}.`])
  if (clientId !== undefined) throw new BadSettings([`OIDC_ISSUER: is missing; ${fixes.OIDC_ISSUER}.`])
  return undefined
}

/** An issuer as OpenID Connect Discovery §3 writes it: no query and no fragment. */
function isIssuer(url: URL): boolean {
  const isTrusted = url.protocol === 'https:' || (url.protocol === 'http:' && isLoopback(url.hostname))
  return isTrusted && url.search === '' && url.hash === '' && url.username === ''
}

/** http is for trying on one's own machine only (DESIGN, Origins). */
export function isLoopback(hostname: string): boolean {
  return (
    hostname === 'localhost' ||
    hostname.endsWith('.localhost') ||
    hostname === '[::1]' ||
    /^127(\.\d{1,3}){3}$/.test(hostname)
  )
}

function isNetwork(word: string): boolean {
  const [address, bits, ...rest] = word.split('/')
  if (address === undefined || isIP(address) === 0 || rest.length > 0) return false
  return bits === undefined || (/^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(address) === 4 ? 32 : 128))
}
