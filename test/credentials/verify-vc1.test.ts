import { beforeAll, describe, expect, test } from 'vitest'
import { bakePng } from '../../src/credentials/bake/png.ts'
import { signEmbedded } from '../../src/credentials/issue.ts'
import type { Json, JsonObject } from '../../src/credentials/json.ts'
import { isJsonObject } from '../../src/credentials/json.ts'
import type { Check, CheckId, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { awardFacts, edKey, now, rsaKey } from '../support/award-facts.ts'
import type { Documents } from '../support/badge-world.ts'
import { badgesOf, bytesOf, jwsOf, lookIn, payloadOf, publicDocuments, smallPng } from '../support/badge-world.ts'

// Open Badges 3.0 on the VC Data Model 1.1: read, never issued (CONFORMANCE 0, 3.5, 3.12, 6.9, T15).

const v1 = 'https://www.w3.org/2018/credentials/v1'
const v2 = 'https://www.w3.org/ns/credentials/v2'
const ob = (file: string): string => `https://purl.imsglobal.org/spec/ob/v3p0/${file}`
const extensions = ob('extensions.json')
const dataIntegrity = 'https://w3id.org/security/data-integrity/v2'
const listAddress = 'https://merkit.example/o/mer1/revoked'

let documents: Documents
let revokedDocuments: Documents
/** The credential of `awardFacts`, in the words of VC 1.1. */
let credential: JsonObject

beforeAll(async () => {
  documents = await publicDocuments()
  revokedDocuments = await publicDocuments({ revoked: true })
  const { ob3 } = await badgesOf()
  const { iss: _iss, jti: _jti, nbf: _nbf, exp: _exp, sub: _sub, validFrom, validUntil, ...rest } = payloadOf(ob3)
  credential = {
    ...rest,
    '@context': [v1, ob('context-3.0.3.json'), extensions, dataIntegrity],
    issuanceDate: validFrom ?? null,
    expirationDate: validUntil ?? null,
    credentialStatus: { id: listAddress, type: '1EdTechRevocationList' },
  }
})

const claims = (vc: JsonObject, change: JsonObject = {}): JsonObject => ({
  iss: 'https://merkit.example/o/mer1',
  jti: awardFacts.credentialId,
  sub: awardFacts.recipient.urn,
  nbf: Date.parse('2026-11-22T10:00:00Z') / 1000,
  exp: Date.parse('2029-11-22T10:00:00Z') / 1000,
  ...change,
  vc,
})

const jwtOf = (payload: JsonObject): string => jwsOf({ alg: 'RS256', kid: rsaKey.kid, typ: 'JWT' }, payload, rsaKey)
const embedded = async (document: JsonObject): Promise<JsonObject> => await signEmbedded(document, edKey, now)

async function judge(badge: string | JsonObject | Uint8Array, world = documents, at = now): Promise<Verdict> {
  return await verify(badge instanceof Uint8Array ? badge : bytesOf(badge), lookIn(world), { at })
}

function check(verdict: Verdict, id: CheckId): Check | undefined {
  return verdict.checks.find((one) => one.id === id)
}

function unmet(verdict: Verdict): readonly string[] {
  return verdict.checks.filter((one) => one.outcome !== 'passed').map((one) => one.code)
}

describe('CONFORMANCE 6.9: a good, an expired and a revoked badge on VC 1.1', () => {
  const forms: readonly [string, () => Promise<string | JsonObject | Uint8Array>][] = [
    ['with an embedded proof', async () => await embedded(credential)],
    ['as JWT', async () => await Promise.resolve(jwtOf(claims(credential)))],
    ['as JWT in a picture', async () => await Promise.resolve(bakePng(smallPng(), { ob3: jwtOf(claims(credential)) }))],
  ]

  test.each(forms)('%s: good', async (_, make) => {
    const verdict = await judge(await make())
    expect(unmet(verdict)).toEqual([])
    expect(verdict.verdict).toBe('valid')
    expect(verdict.credential).toMatchObject({
      name: 'Polkupyörän huolto',
      description: awardFacts.badgeClass.description,
      issuer: { name: 'Meriharjun työpajasäätiö', host: 'merkit.example' },
      awardedOn: '2026-11-22T10:00:00Z',
      validFrom: '2026-11-22T10:00:00Z',
      validUntil: '2029-11-22T10:00:00Z',
    })
    expect(verdict.credential?.image).toContain('polkupyoran-huolto')
  })

  test.each(forms)('%s: expired, not yet valid and revoked', async (_, make) => {
    const badge = await make()
    expect((await judge(badge, documents, new Date('2030-01-01T00:00:00Z'))).verdict).toBe('expired')
    expect((await judge(badge, documents, new Date('2026-01-01T00:00:00Z'))).verdict).toBe('not-yet-valid')
    const revoked = await judge(badge, revokedDocuments)
    expect([revoked.verdict, revoked.credential?.revocationReason]).toEqual(['revoked', 'Myönnetty vahingossa'])
  })
})

describe('CONFORMANCE T15: an older version is a note, not an error', () => {
  test('the older data model', async () => {
    expect(check(await judge(jwtOf(claims(credential))), 'structure')).toMatchObject({
      outcome: 'passed',
      code: 'structure-of-vc-1.1',
    })
  })

  test.each(['context.json', 'context-3.0.1.json', 'context-3.0.2.json'])('the older context %s', async (file) => {
    const { ob3 } = await badgesOf()
    const payload = { ...payloadOf(ob3), '@context': [v2, ob(file), extensions] }
    const verdict = await judge(jwtOf(payload))
    expect(check(verdict, 'structure')).toMatchObject({
      outcome: 'passed',
      code: 'structure-of-older-context',
      values: { context: ob(file) },
    })
    expect(verdict.verdict).toBe('valid')
  })

  test('of the same words on VC 1.1 with an embedded proof', async () => {
    const { inLanguage: _language, awardedDate: _date, credentialSubject, ...rest } = credential
    const subject = withoutLanguage(credentialSubject ?? null)
    for (const file of ['context.json', 'context-3.0.1.json', 'context-3.0.2.json']) {
      const older = { ...rest, credentialSubject: subject, '@context': [v1, ob(file), extensions, dataIntegrity] }
      expect([file, (await judge(await embedded(older))).verdict]).toEqual([file, 'valid'])
    }
  })

  test('a context that nobody has published is none of them', async () => {
    const odd = { ...credential, '@context': [v1, ob('context-3.9.9.json'), extensions, dataIntegrity] }
    expect(check(await judge(jwtOf(claims(odd))), 'structure')?.code).toBe('context-unknown')
  })
})

/** Terms that came with 3.0.3. */
function withoutLanguage(value: Json): Json {
  if (Array.isArray(value)) return value.map(withoutLanguage)
  if (typeof value !== 'object' || value === null) return value
  const members = Object.entries(value).filter(([member]) => member !== 'inLanguage')
  return Object.fromEntries(members.map(([member, item]) => [member, withoutLanguage(item)]))
}

const withoutVc = ({ vc: _vc, ...rest }: JsonObject): JsonObject => rest

describe('CONFORMANCE 3.5: the place of the credential in a JWT and its first context agree', () => {
  test.each<[string, () => JsonObject]>([
    ['VC 1.1 at the top', () => ({ ...withoutVc(claims(credential)), ...credential })],
    ['VC 2.0 in vc', () => claims({ ...credential, '@context': [v2, ob('context-3.0.3.json'), extensions] })],
    ['VC 1.1 in vc and at the top', () => ({ ...claims(credential), ...credential })],
    ['VC 1.1 in vc beside another context', () => ({ ...claims(credential), '@context': [v2] })],
  ])('%s: invalid', async (_, payload) => {
    const verdict = await judge(jwtOf(payload()))
    expect(verdict.verdict).toBe('invalid')
    expect(verdict.checks.map((one) => one.code)).toContain('versions-mixed')
  })

  test('a document that is no JWT has nothing in vc', async () => {
    expect((await judge({ vc: credential })).checks[0]?.code).toBe('not-a-badge')
  })
})

describe('CONFORMANCE 3.4, 3.6, S-27: the claims are those of the credential', () => {
  test.each<[string, JsonObject, string]>([
    ['iss', { iss: 'https://merkit.example/o/tor2' }, 'iss-wrong'],
    ['jti', { jti: 'urn:uuid:1' }, 'jti-wrong'],
    ['sub', { sub: 'urn:uuid:1' }, 'sub-wrong'],
    ['nbf', { nbf: 1 }, 'nbf-wrong'],
    ['exp', { exp: 1 }, 'exp-wrong'],
  ])('%s', async (_, change, code) => {
    const verdict = await judge(jwtOf(claims(credential, change)))
    expect([verdict.verdict, check(verdict, 'binding')?.code]).toEqual(['invalid', code])
  })

  test('an end that only the credential has is a missing claim', async () => {
    const { exp: _exp, ...rest } = claims(credential)
    expect(check(await judge(jwtOf(rest)), 'binding')).toMatchObject({
      code: 'claim-missing',
      values: { claim: 'exp' },
    })
  })

  test('an end in the words of VC 2.0 counts as well', async () => {
    const both = { ...credential, validUntil: '2026-11-30T00:00:00Z' }
    expect((await judge(jwtOf(claims(both)))).verdict).toBe('expired')
    const later = { ...credential, validFrom: '2027-01-01T00:00:00Z' }
    expect((await judge(jwtOf(claims(later)))).verdict).toBe('not-yet-valid')
  })
})

describe('CONFORMANCE 3.12: with VC 1.1 the words of the proof need a context of their own', () => {
  test.each(['https://w3id.org/security/data-integrity/v1', dataIntegrity])('%s', async (context) => {
    const document = { ...credential, '@context': [v1, ob('context-3.0.3.json'), extensions, context] }
    expect((await judge(await embedded(document))).verdict).toBe('valid')
  })

  test('without it the proof is not checked against something else', async () => {
    const signed = await embedded(credential)
    const bare = { ...signed, '@context': [v1, ob('context-3.0.3.json'), extensions] }
    const verdict = await judge(bare)
    expect([verdict.verdict, check(verdict, 'signature')?.code]).toEqual(['invalid', 'proof-context-missing'])
  })

  test('one changed word is found', async () => {
    const signed = { ...(await embedded(credential)), issuanceDate: '2026-11-23T10:00:00Z' }
    expect(check(await judge(signed), 'signature')?.code).toBe('signature-wrong')
  })
})

describe('CONFORMANCE 6.2: the schema of a VC 1.1 credential', () => {
  const withSchema = (id: string, type = '1EdTechJsonSchemaValidator2019'): JsonObject => ({
    ...credential,
    credentialSchema: [{ id, type }],
  })

  test.each([
    'schema/json/ob_v3p0_achievementcredential_schema.json',
    'schema/json/ob_v3p0_anyachievementcredential_schema.json',
    'schema/json-ld/ob_v3p0_anyachievementcredential_schema.json',
  ])('%s is known', async (file) => {
    expect(check(await judge(jwtOf(claims(withSchema(ob(file))))), 'schema')?.code).toBe('schema-met')
  })

  test('that of endorsements is another, and is held against it', async () => {
    const odd = withSchema(ob('schema/json-ld/ob_v3p0_anyendorsementcredential_schema.json'))
    expect(check(await judge(jwtOf(claims(odd))), 'schema')?.code).toBe('schema-not-met')
  })

  test('another is told apart and never fetched', async () => {
    for (const odd of [
      withSchema('https://a.example/schema.json'),
      withSchema(ob('schema/json/x.json'), 'JsonSchema'),
    ]) {
      const look = lookIn(documents)
      const verdict = await verify(bytesOf(jwtOf(claims(odd))), look, { at: now })
      expect([verdict.verdict, check(verdict, 'schema')?.code]).toEqual(['could-not-check', 'schema-unknown'])
      expect(look.asked.map(({ address }) => address)).not.toContain('https://a.example/schema.json')
    }
  })

  test('what VC 2.0 would not take is not taken here either', async () => {
    const odd = { ...credential, image: 'https://a.example/picture.png' }
    expect(check(await judge(jwtOf(claims(odd))), 'schema')?.code).toBe('schema-not-met')
    const { issuanceDate: _date, ...timeless } = credential
    expect(check(await judge(jwtOf(claims(timeless))), 'structure')).toMatchObject({
      code: 'member-missing',
      values: { member: 'issuanceDate' },
    })
  })
})

describe('CONFORMANCE 3.13: an old suite is unsupported, not forged', () => {
  test.each<[string, JsonObject, string]>([
    ['eddsa-2022', { type: 'DataIntegrityProof', cryptosuite: 'eddsa-2022' }, 'eddsa-2022'],
    ['Ed25519Signature2020', { type: 'Ed25519Signature2020' }, 'Ed25519Signature2020'],
  ])('%s', async (_, change, proof) => {
    const { proof: made, ...rest } = await embedded(credential)
    const bare = isJsonObject(made) ? Object.entries(made).filter(([member]) => member !== 'cryptosuite') : []
    const verdict = await judge({ ...rest, proof: { ...Object.fromEntries(bare), ...change } })
    expect(verdict.verdict).toBe('could-not-check')
    expect(check(verdict, 'signature')).toMatchObject({
      outcome: 'not-checked',
      code: 'unsupported-proof',
      values: { proof },
    })
  })
})
