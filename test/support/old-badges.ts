import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import type { Json, JsonObject } from '../../src/credentials/json.ts'
import type { Look, LookPurpose } from '../../src/credentials/verdict.ts'

/** Badges of Open Badges 0.5, 1.0 and 1.1 of one invented issuer, with everything that lies at their addresses. */
export const host = 'https://vanha.example'
export const at = {
  assertion: `${host}/merkit/7.json`,
  badge: `${host}/puutyo.json`,
  issuer: `${host}/myontaja.json`,
  key: `${host}/avain.pem`,
  list: `${host}/perutut.json`,
  picture: `${host}/puutyo.png`,
} as const
export const email = 'aino@vanha.example'
const salt = 'suola'
const hash = (text: string, name = 'sha256'): string => `${name}$${createHash(name).update(text).digest('hex')}`

export const keyPair = generateKeyPairSync('rsa', { modulusLength: 2048 })
export const pemOf = (key: KeyObject): string => key.export({ type: 'spki', format: 'pem' }).toString()

type Members = Readonly<Record<string, Json | undefined>>

/** These members changed; `undefined` takes one away. */
export function changed(document: JsonObject, change: Members): JsonObject {
  const entries = Object.entries({ ...document, ...change })
  return Object.fromEntries(entries.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])))
}

const verification = {
  hosted: { type: 'hosted', url: at.assertion },
  signed: { type: 'signed', url: at.key },
} as const

/** An Assertion of 1.0: seconds since 1970, an e-mail as a salted hash. */
export function assertion10(way: 'hosted' | 'signed', change: Members = {}): JsonObject {
  const recipient = { type: 'email', hashed: true, salt, identity: hash(`${email}${salt}`) }
  const members = { uid: 'aa11', recipient, badge: at.badge, verify: verification[way], issuedOn: 1_400_000_000 }
  return changed(members, change)
}

const v1 = 'https://w3id.org/openbadges/v1'

export function assertion11(way: 'hosted' | 'signed', change: Members = {}): JsonObject {
  const id = way === 'hosted' ? at.assertion : `${host}/merkit/8`
  return assertion10(way, { '@context': v1, type: 'Assertion', id, issuedOn: '2014-05-13T16:53:20+03:00', ...change })
}

/** 0.5 has badge and issuer inside, and addresses below the issuer's origin. */
export function assertion05(change: Members = {}): JsonObject {
  const issuer = { origin: host, name: 'Vanha työpaja' }
  const badge = {
    version: '0.5.0',
    name: 'Puutyö',
    description: 'Osaa',
    image: '/puutyo.png',
    criteria: '/puutyo',
    issuer,
  }
  return changed({ recipient: hash(`${email}${salt}`), salt, issued_on: '2013-01-01', badge }, change)
}

export const badgeClass: JsonObject = {
  name: 'Puutyö',
  description: 'Osaa hioa ja maalata.',
  image: at.picture,
  criteria: `${host}/puutyo`,
  issuer: at.issuer,
  alignment: [{ name: 'Pintakäsittely', url: 'https://eperusteet.opintopolku.fi/' }],
}
export const issuer: JsonObject = { name: 'Vanha työpaja', url: `${host}/`, revocationList: at.list }

/** What a host answers at an address. */
export type Answer = {
  readonly status?: number
  readonly contentType?: string
  readonly body?: Json
  /** Where it was found in the end. */
  readonly address?: string
}
export type Answers = Readonly<Record<string, Answer>>

/** Everything of the old issuer; a hosted Assertion lies at its address when one is given. */
export function oldWorld(hosted?: JsonObject, more: Answers = {}): Answers {
  const in11 = (document: JsonObject, type: string, id: string): Answer => ({
    body: hosted?.['@context'] === undefined ? document : { '@context': v1, type, id, ...document },
  })
  return {
    ...(hosted === undefined ? {} : { [at.assertion]: { body: hosted } }),
    [at.badge]: in11(badgeClass, 'BadgeClass', at.badge),
    [at.issuer]: in11(issuer, 'Issuer', at.issuer),
    [at.list]: { body: {} },
    [at.key]: { body: pemOf(keyPair.publicKey), contentType: 'text/plain' },
    [at.picture]: { body: 'picture', contentType: 'image/png' },
    ...more,
  }
}

/** A look that answers from these and knows what it was asked for. What is not there is 404. */
export function lookAt(answers: Answers): Look & { readonly asked: { address: string; purpose: LookPurpose }[] } {
  const asked: { address: string; purpose: LookPurpose }[] = []
  const look: Look = async (address, purpose) => {
    asked.push({ address, purpose })
    const { status = 200, contentType = 'application/json', body = '', ...rest } = answers[address] ?? { status: 404 }
    const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
    return await Promise.resolve({ outcome: 'found', status, contentType, body: bytes, ...rest })
  }
  return Object.assign(look, { asked })
}

const part = (value: JsonObject): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JWS as they were signed then, with any of the three hashes. */
export function oldJws(
  payload: JsonObject,
  alg: 'RS256' | 'RS384' | 'RS512' = 'RS256',
  key: KeyObject = keyPair.privateKey,
  header: JsonObject = {},
): string {
  const input = `${part({ alg, ...header })}.${part(payload)}`
  return `${input}.${sign(`sha${alg.slice(2)}`, Buffer.from(input), key).toString('base64url')}`
}
