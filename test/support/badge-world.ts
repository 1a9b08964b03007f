import { Buffer } from 'node:buffer'
import { generateKeyPairSync, sign as signBytes } from 'node:crypto'
import { crc32, deflateSync } from 'node:zlib'
import { publicAddresses } from '../../src/credentials/addresses.ts'
import type { AwardFacts, IssuerFacts } from '../../src/credentials/facts.ts'
import { embeddedDocument, prepare, sign, signEmbedded } from '../../src/credentials/issue.ts'
import type { Json, JsonObject } from '../../src/credentials/json.ts'
import type { SigningKey } from '../../src/credentials/keys.ts'
import {
  badgeClass as ob2BadgeClass,
  cryptographicKey,
  issuerProfile as ob2Profile,
  revocationList,
} from '../../src/credentials/ob2/build.ts'
import { issuerDocument, jwks, keyDocument, revokedCredentials } from '../../src/credentials/ob3/publish.ts'
import { emptyStatusList, setStatus, statusListCredential } from '../../src/credentials/status-list.ts'
import type { Look, LookPurpose } from '../../src/credentials/verdict.ts'
import { awardFacts, ecKey, edKey, issuer, now, rsaKey } from './award-facts.ts'

/** The three keys of one foundation. */
export type Keys = { readonly rsa: SigningKey; readonly ec: SigningKey; readonly ed: SigningKey }
export const keys: Keys = { rsa: rsaKey, ec: ecKey, ed: edKey }

/** Another foundation on the same host, with keys of its own. */
export const stranger: IssuerFacts = { ...issuer, code: 'tor2', name: 'Toriseudun pajayhdistys' }
const strangerKey = (name: string): string => publicAddresses.key(stranger.origin, stranger.code, name)
export const strangerKeys: Keys = {
  rsa: { kid: strangerKey('rsa-1'), alg: 'RS256', ...generateKeyPairSync('rsa', { modulusLength: 2048 }) },
  ec: { kid: strangerKey('ec-1'), alg: 'ES256', ...generateKeyPairSync('ec', { namedCurve: 'P-256' }) },
  ed: { kid: strangerKey('ed-1'), alg: 'EdDSA', ...generateKeyPairSync('ed25519') },
}

/** Every public document, by address: an object, or a text that is not JSON. */
export type Documents = Readonly<Record<string, Json>>

function ofIssuer(facts: IssuerFacts, held: Keys): Documents {
  const { origin, code } = facts
  const all = [held.rsa, held.ec, held.ed]
  return {
    [publicAddresses.issuer(origin, code)]: issuerDocument(facts, all),
    [publicAddresses.issuerOb2(origin, code)]: ob2Profile(facts, all),
    ...Object.fromEntries(all.map((key) => [key.kid, keyDocument(facts, key)])),
    [`${held.rsa.kid}/ob2`]: cryptographicKey(facts, held.rsa),
  }
}

/** The signed status list of `issuer`, with these places revoked. */
export async function statusList(revokedPlaces: readonly number[], change: JsonObject = {}): Promise<JsonObject> {
  const bits = emptyStatusList()
  for (const place of revokedPlaces) setStatus(bits, place)
  const list = statusListCredential({ issuer, list: 1, bits, validFrom: awardFacts.validFrom })
  return await signEmbedded({ ...list, ...change }, keys.ed, now)
}

export const statusListAddress = publicAddresses.statusList(issuer.origin, issuer.code, 1)

/** The public documents of both foundations; with `revoked` the award of `awardFacts` is on every list. */
export async function publicDocuments(options: { readonly revoked?: boolean } = {}): Promise<Documents> {
  const { badgeClass, credentialId, assertionId, status } = awardFacts
  const { origin, code } = issuer
  const lost = options.revoked === true ? [{ credentialId, assertionId, reason: 'Myönnetty vahingossa' }] : []
  return {
    ...ofIssuer(issuer, keys),
    ...ofIssuer(stranger, strangerKeys),
    [publicAddresses.wellKnownJwks(origin)]: jwks([
      { issuer, keys: [keys.rsa, keys.ec, keys.ed] },
      { issuer: stranger, keys: [strangerKeys.rsa, strangerKeys.ec, strangerKeys.ed] },
    ]),
    [publicAddresses.badgeClassOb2(origin, code, badgeClass.slug, badgeClass.version, badgeClass.language)]:
      ob2BadgeClass(badgeClass),
    [publicAddresses.statusList(origin, code, status.list)]: await statusList(lost.length > 0 ? [status.index] : []),
    [publicAddresses.revoked(origin, code)]: revokedCredentials(issuer, lost),
    [publicAddresses.revokedOb2(origin, code)]: revocationList(issuer, lost),
  }
}

/** `look` over these documents, and what was asked for, in order. What is not there is answered with 404. */
export type Watched = Look & { readonly asked: { readonly address: string; readonly purpose: LookPurpose }[] }

export function lookIn(documents: Documents): Watched {
  const asked: Watched['asked'] = []
  const bodies = new Map<string, Uint8Array>()
  const bodyOf = (address: string, document: Json): Uint8Array => {
    const body = bodies.get(address) ?? Buffer.from(typeof document === 'string' ? document : JSON.stringify(document))
    bodies.set(address, body)
    return body
  }
  const look: Look = async (address, purpose) => {
    asked.push({ address, purpose })
    const document = documents[address]
    const status = document === undefined ? 404 : 200
    const body = document === undefined ? Buffer.from('') : bodyOf(address, document)
    return await Promise.resolve({ outcome: 'found', status, contentType: 'application/json', body })
  }
  return Object.assign(look, { asked })
}

/** Nothing can be learnt: no network, or everything closed. */
export const closed: Look = async () => await Promise.resolve({ outcome: 'not-fetched', why: 'closed' })

/** One award in all three forms. */
export type Badges = { readonly ob2: string; readonly ob3: string; readonly json: JsonObject }

export async function badgesOf(facts: AwardFacts = awardFacts, held: Keys = keys): Promise<Badges> {
  const { ob2Jws, ob3Jwt } = await sign(prepare(facts, held.rsa.kid), held.rsa)
  return { ob2: ob2Jws, ob3: ob3Jwt, json: await signEmbedded(embeddedDocument(ob3Jwt), held.ed, facts.validFrom) }
}

export const bytesOf = (badge: string | JsonObject): Uint8Array =>
  Buffer.from(typeof badge === 'string' ? badge : JSON.stringify(badge))

/** The claims and credential of a JWT, as they are signed. */
export function payloadOf(jwt: string): Record<string, Json> {
  // The parsing door of these tests: a payload that was written here.
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString()) as Record<string, Json>
}

const base64url = (value: string): string => Buffer.from(value).toString('base64url')

/** A JWS by hand, so that header and payload may be anything at all. */
export function jwsOf(header: JsonObject | string, payload: JsonObject | string, key: SigningKey): string {
  const text = (value: JsonObject | string): string => (typeof value === 'string' ? value : JSON.stringify(value))
  const input = `${base64url(text(header))}.${base64url(text(payload))}`
  const hash = key.alg === 'EdDSA' ? null : 'sha256'
  const signature = signBytes(hash, Buffer.from(input), { key: key.privateKey, dsaEncoding: 'ieee-p1363' })
  return `${input}.${signature.toString('base64url')}`
}

/** A PNG chunk with its right CRC. */
export function chunk(type: string, data: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data])
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  const crc = Buffer.alloc(4)
  crc.writeUInt32BE(crc32(body))
  return Buffer.concat([length, body, crc])
}

export const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

/** A whole PNG of one grey pixel, with these chunks before its pixels. */
export function smallPng(...extra: readonly Uint8Array[]): Buffer {
  const header = chunk('IHDR', Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 0, 0, 0, 0]))
  const pixels = chunk('IDAT', deflateSync(Buffer.from([0, 128])))
  return Buffer.concat([pngSignature, header, ...extra, pixels, chunk('IEND', Buffer.alloc(0))])
}
