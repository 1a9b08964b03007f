import { Buffer } from 'node:buffer'
import { bakePng } from '../../src/credentials/bake/png.ts'
import { bakeSvg } from '../../src/credentials/bake/svg.ts'
import { clrCredential } from '../../src/credentials/clr/build.ts'
import { endorsementCredential } from '../../src/credentials/endorsement/build.ts'
import { numericDate } from '../../src/credentials/instant.ts'
import { prepare, sign, signEmbedded } from '../../src/credentials/issue.ts'
import type { JsonObject } from '../../src/credentials/json.ts'
import { publicJwk } from '../../src/credentials/keys.ts'
import type { SigningKey } from '../../src/credentials/keys.ts'
import { publicAddresses } from '../../src/credentials/addresses.ts'
import { hostedAssertion } from '../../src/credentials/ob2/build.ts'
import { didDocument, didOf, jwkDocument } from '../../src/credentials/ob3/publish.ts'
import { signClr } from '../../src/credentials/sign-checked.ts'
import { awardFacts, ecKey, edKey, issuer, issuerId, now, rsaKey } from './award-facts.ts'
import { badgesOf, bytesOf, chunk, type Documents, jwsOf, payloadOf, smallPng } from './badge-world.ts'
import {
  anotherAward,
  endorsedAward,
  endorsementFacts,
  endorsementOf,
  passportOf,
  school,
  schoolId,
  schoolRsaKey,
  withSchool,
} from './endorsed.ts'
import { objectAt, withAt, without } from './json.ts'
import { assertion10, assertion11, at as oldAddresses, oldJws, oldWorld } from './old-badges.ts'
import { signedWith } from './signed-with.ts'

/** A badge that is valid, as somebody would hand it in. */
export type Sample = { readonly name: string; readonly bytes: Uint8Array }

/** Valid badges of every form that is read, and the public documents that make them so on 1 December 2026. */
export type Samples = { readonly samples: readonly Sample[]; readonly documents: Documents }

const hosted = hostedAssertion(awardFacts)
const hostedAt = publicAddresses.awardOb2(issuer.origin, awardFacts.publicId)
const jwtAt = `${publicAddresses.award(issuer.origin, awardFacts.publicId)}.jwt`
const drawing = Buffer.from(
  '<?xml version="1.0" encoding="UTF-8"?>\n<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><title>Merkki</title><path d="M0 0h9v9z"/></svg>',
)

/** The credential inside a JWT of ours, in the words of VC 1.1. */
export function inWordsOf1(jwt: string): JsonObject {
  const { iss: _iss, jti: _jti, nbf: _nbf, exp: _exp, sub: _sub, validFrom, validUntil, ...rest } = payloadOf(jwt)
  return {
    ...rest,
    '@context': [
      'https://www.w3.org/2018/credentials/v1',
      'https://purl.imsglobal.org/spec/ob/v3p0/context-3.0.3.json',
      'https://purl.imsglobal.org/spec/ob/v3p0/extensions.json',
      'https://w3id.org/security/data-integrity/v2',
    ],
    issuanceDate: validFrom ?? null,
    expirationDate: validUntil ?? null,
    credentialStatus: { id: publicAddresses.revoked(issuer.origin, issuer.code), type: '1EdTechRevocationList' },
  }
}

const jwtHeader = (key: SigningKey): JsonObject => ({ alg: key.alg, kid: key.kid, typ: 'JWT' })

function jwtOfVc1(vc: JsonObject): string {
  const [nbf, exp] = [awardFacts.validFrom, awardFacts.validUntil ?? now].map(numericDate)
  const claims = { iss: issuerId, jti: awardFacts.credentialId, sub: awardFacts.recipient.urn }
  return jwsOf(jwtHeader(rsaKey), { ...claims, nbf: nbf ?? 0, exp: exp ?? 0, vc }, rsaKey)
}

function jwtOfDidWeb(jwt: string): string {
  const did = didOf(issuer)
  const payload = { ...without(payloadOf(jwt), 'credentialStatus'), iss: did, issuer: { id: did, type: ['Profile'] } }
  return jwsOf({ alg: 'RS256', kid: `${did}#rsa-1`, typ: 'JWT' }, payload, rsaKey)
}

/** The school's endorsement as VC-JWT, carried in a VC-JWT (CONFORMANCE 9.8). */
function jwtWithEndorsementJwt(jwt: string): string {
  const document = endorsementCredential(endorsementFacts)
  const claims = {
    iss: schoolId,
    jti: document['id'] ?? '',
    nbf: numericDate(endorsementFacts.validFrom),
    sub: endorsementFacts.subject,
  }
  const endorsement = jwsOf(jwtHeader(schoolRsaKey), { ...document, ...claims }, schoolRsaKey)
  const subject = objectAt(payloadOf(jwt), 'credentialSubject')
  const change = { credentialSubject: withAt(subject, ['achievement', 'endorsementJwt'], [endorsement]) }
  return signedWith(jwt, change)
}

async function collections(): Promise<{ readonly json: JsonObject; readonly jwt: string }> {
  const facts = await passportOf([awardFacts, anotherAward(2, { slug: 'maalaus', version: 1, name: 'Maalaus' })])
  const claims = { iss: issuerId, jti: facts.id, nbf: numericDate(now), sub: facts.subject }
  return {
    json: await signClr(facts, edKey, now),
    jwt: jwsOf(jwtHeader(rsaKey), { ...clrCredential(facts), ...claims }, rsaKey),
  }
}

async function allDocuments(jwt: string): Promise<Documents> {
  const ofOld = Object.entries(oldWorld(assertion11('hosted'))).map(
    ([address, { body }]) => [address, body ?? ''] as const,
  )
  return {
    ...(await withSchool()),
    [publicAddresses.wellKnownJwks(issuer.origin)]: {
      keys: [jwkDocument(school, schoolRsaKey), ...[rsaKey, ecKey, edKey].map((key) => jwkDocument(issuer, key))],
    },
    [`${issuerId}/did.json`]: didDocument(issuer, [rsaKey, ecKey, edKey]),
    [hostedAt]: hosted,
    [jwtAt]: jwt,
    ...Object.fromEntries(ofOld),
  }
}

/** Makes them all. */
export async function makeSamples(): Promise<Samples> {
  const { ob2, ob3, json } = await badgesOf()
  const { validUntil: _end, ...endless } = awardFacts
  const { ob3Jwt: es256 } = await sign(prepare(awardFacts, { ob2: rsaKey.kid, ob3: ecKey.kid }), rsaKey, ecKey)
  const vc1 = inWordsOf1(ob3)
  const endorsed = (await badgesOf(endorsedAward([await endorsementOf()]))).json
  const clr = await collections()
  const legacy = chunk('tEXt', Buffer.from(`openbadges\0${oldAddresses.assertion}`, 'latin1'))
  const text = JSON.stringify(json)
  const badges: readonly (readonly [string, string | JsonObject | Uint8Array])[] = [
    ['OB 2.0 JWS', ob2],
    ['OB 2.0 JWS without an end', (await badgesOf(endless)).ob2],
    ['OB 2.0 hosted, as JSON', hosted],
    ['OB 2.0 hosted, as its address', hostedAt],
    ['OB 2.0 hosted, in a PNG', bakePng(smallPng(), { ob2: JSON.stringify(hosted) })],
    ['OB 3.0 JWT by RS256', ob3],
    ['OB 3.0 JWT by ES256', es256],
    ['OB 3.0 JWT by EdDSA', signedWith(ob3, {}, edKey)],
    [
      'OB 3.0 JWT with its key in the header',
      jwsOf({ alg: 'ES256', jwk: publicJwk(ecKey.publicKey) }, payloadOf(ob3), ecKey),
    ],
    ['OB 3.0 JWT of a did:web', jwtOfDidWeb(ob3)],
    ['OB 3.0 JWT, as its address', jwtAt],
    ['OB 3.0 with an embedded proof', json],
    ['OB 3.0 with an embedded proof, written with spaces', JSON.stringify(json, undefined, 2)],
    ['OB 3.0 JWT in a PNG', bakePng(smallPng(), { ob3 })],
    ['OB 3.0 with an embedded proof in a PNG', bakePng(smallPng(), { ob3: text })],
    ['both in a PNG', bakePng(smallPng(), { ob3, ob2 })],
    ['OB 3.0 JWT in an SVG', bakeSvg(drawing, { ob3 })],
    ['OB 3.0 with an embedded proof in an SVG', bakeSvg(drawing, { ob3: text })],
    ['both in an SVG', bakeSvg(drawing, { ob3, ob2 })],
    ['VC 1.1 JWT', jwtOfVc1(vc1)],
    ['VC 1.1 with an embedded proof', await signEmbedded(vc1, edKey, now)],
    ['endorsed, with embedded proofs', endorsed],
    ['endorsed by a JWT, as JWT', jwtWithEndorsementJwt(ob3)],
    ['CLR 2.0 with an embedded proof', clr.json],
    ['CLR 2.0 JWT', clr.jwt],
    ['OB 1.0 JWS', oldJws(assertion10('signed'))],
    ['OB 1.1 JWS by RS512', oldJws(assertion11('signed'), 'RS512')],
    ['OB 1.1 hosted, as JSON', assertion11('hosted')],
    ['OB 1.1 hosted, in a PNG of its time', smallPng(legacy)],
  ]
  return {
    samples: badges.map(([name, badge]) => ({ name, bytes: badge instanceof Uint8Array ? badge : bytesOf(badge) })),
    documents: await allDocuments(ob3),
  }
}
