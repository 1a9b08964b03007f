import { isIP } from 'node:net'
import type { buildConnector } from 'undici'
import type { Look, Looked, LookPurpose } from '../credentials/verdict.ts'
import { type Connect, connectTrusting, type Resolve, resolveName } from './connection.ts'
import { createGate } from './gate.ts'
import { type Got, getOnce } from './get.ts'
import { isPublicAddress } from './public-address.ts'

/** The bounds of S-46. Documents that badges need are small; one that is not is not worth waiting for. */
export const doorLimits = {
  redirects: 3,
  /** Before and after decompression. */
  bytes: 256 * 1024,
  firstByteMs: 3000,
  /** From the wish to the last byte, with waiting, names and redirects. */
  wholeMs: 5000,
  /** For one verification. A fetch with its redirects is one. */
  fetches: 8,
  /** In the process. */
  atOnce: 16,
} as const
export type DoorLimits = { readonly [name in keyof typeof doorLimits]: number }

export type DoorSettings = {
  /** May addresses of strangers be fetched at all? */
  readonly egressOpen: boolean
  /** Exact origins that are let through whatever their scheme, port and address, and whether the door is open or not. */
  readonly egressAllowOrigins: readonly string[]
}

/** What only tests give. */
export type DoorParts = {
  readonly resolve?: Resolve
  readonly connect?: Connect
  readonly limits?: Partial<DoorLimits>
}

/** The one way out to addresses that are not ours (S-46, CONFORMANCE 3.15). One for each process. */
export type Door = {
  /** The way out for one verification. */
  readonly forOne: () => Look
}

type Inside = DoorSettings & Required<DoorParts> & { readonly limits: DoorLimits }

/**
 * Makes the door. Each address and each redirect is judged anew: https and port 443, a name and no number, every address of that name on the
 * public internet, and the connection goes to just those addresses. Whatever fails, and whatever is refused, reads alike, so that nobody
 * learns through us what stands behind our walls.
 */
export function createDoor(settings: DoorSettings, parts: DoorParts = {}): Door {
  const limits = { ...doorLimits, ...parts.limits }
  const inside: Inside = { resolve: resolveName, connect: connectTrusting(), ...settings, ...parts, limits }
  const gate = createGate(limits.atOnce)

  async function lookOnce(address: string, purpose: LookPurpose): Promise<Looked> {
    const stop = new AbortController()
    const end = setTimeout(() => stop.abort(), limits.wholeMs)
    try {
      const leave = await gate.enter(stop.signal)
      return await follow(inside, address, purpose, stop.signal).finally(leave)
    } catch {
      // A host without a name, an answer that broke off, somebody else's certificate: all one to who asks.
      return refused
    } finally {
      clearTimeout(end)
    }
  }

  return {
    forOne: () => {
      let left = limits.fetches
      return async (address, purpose) => {
        left -= 1
        return left < 0 ? refused : await lookOnce(address, purpose)
      }
    },
  }
}

const refused: Looked = { outcome: 'not-fetched', why: 'closed' }
const redirects: ReadonlySet<number> = new Set([301, 302, 303, 307, 308])

async function follow(inside: Inside, address: string, purpose: LookPurpose, signal: AbortSignal): Promise<Looked> {
  const { firstByteMs, bytes: maxBytes } = inside.limits
  const accept = acceptFor(purpose)
  let url = URL.parse(address)
  for (let hop = 0; hop <= inside.limits.redirects; hop += 1) {
    if (url === null || !mayOpen(inside, url)) break
    const got = await getOnce(url, {
      accept,
      connect: connectorFor(inside, url, signal),
      signal,
      firstByteMs,
      maxBytes,
    })
    if (!redirects.has(got.status)) return found(got, url)
    url = got.location === undefined ? null : URL.parse(got.location, url.href)
  }
  return refused
}

function isExempt({ egressAllowOrigins }: DoorSettings, url: URL): boolean {
  return egressAllowOrigins.includes(url.origin)
}

function mayOpen(settings: DoorSettings, url: URL): boolean {
  const isBare = url.username === '' && url.password === ''
  return isBare && (isExempt(settings, url) || (settings.egressOpen && isOrdinary(url)))
}

/** A host of the web as everybody means it. The URL's parser has made every spelling of a numeric address plain before. */
function isOrdinary({ protocol, port, hostname }: URL): boolean {
  return protocol === 'https:' && port === '' && hostname !== '' && !hostname.startsWith('[') && isIP(hostname) === 0
}

/** Finds the host's addresses once, judges each, and connects to them: no other connection is made. */
function connectorFor(inside: Inside, url: URL, signal: AbortSignal): buildConnector.connector {
  const patienceMs = inside.limits.firstByteMs
  const connect = async (...[options, callback]: Parameters<buildConnector.connector>): Promise<void> => {
    try {
      inside.connect(options, { addresses: await publicAddresses(inside, url, signal), patienceMs }, callback)
    } catch (error) {
      callback(error instanceof Error ? error : new Error('no connection'), null)
    }
  }
  return (options, callback) => void connect(options, callback)
}

async function publicAddresses(inside: Inside, url: URL, signal: AbortSignal): Promise<readonly string[] | undefined> {
  if (isExempt(inside, url)) return undefined
  const addresses = await inside.resolve(url.hostname, signal)
  signal.throwIfAborted()
  if (addresses.length > 0 && addresses.every(isPublicAddress)) return addresses
  throw new Error('not on the public internet')
}

function found({ status, contentType, body }: Got, url: URL): Looked {
  url.hash = ''
  return { outcome: 'found', status, contentType, body, address: url.href }
}

const documents = 'application/ld+json, application/json, application/jwk-set+json, application/did+ld+json, */*;q=0.1'
/** Hosts differ in which name they know (CONFORMANCE 2.8, T7); a page is never wanted. */
const credentials =
  'application/vc+ld+json, application/vc, application/ld+json, application/json, application/vc+jwt, application/jwt, text/plain, image/png, image/svg+xml, */*;q=0.1'

function acceptFor(purpose: LookPurpose): string {
  if (purpose === 'picture') return 'image/png, image/svg+xml, */*;q=0.1'
  return purpose === 'badge' || purpose === 'status-list' ? credentials : documents
}
