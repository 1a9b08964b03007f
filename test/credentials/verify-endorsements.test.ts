import jsonld from 'jsonld'
import { beforeAll, describe, expect, test, vi } from 'vitest'
import { contextAddress } from '../../src/credentials/contexts.ts'
import { endorsementCredential } from '../../src/credentials/endorsement/build.ts'
import { signEmbedded } from '../../src/credentials/issue.ts'
import type { Json, JsonObject } from '../../src/credentials/json.ts'
import { numericDate } from '../../src/credentials/instant.ts'
import { credential } from '../../src/credentials/ob3/build.ts'
import type { Check, Verdict } from '../../src/credentials/verdict.ts'
import { verify } from '../../src/credentials/verify.ts'
import { endorsedPlaces, withoutCarried } from '../../src/credentials/verify/carried.ts'
import { verifyEndorsement } from '../../src/credentials/verify/endorsements.ts'
import { awardFacts, edKey, issuerId, now, rsaKey } from '../support/award-facts.ts'
import { badgesOf, bytesOf, closed, type Documents, jwsOf, lookIn, payloadOf } from '../support/badge-world.ts'
import {
  endorsedAward,
  endorsementFacts,
  endorsementOf,
  school,
  schoolId,
  schoolKey,
  schoolRsaKey,
  withSchool,
} from '../support/endorsed.ts'
import { objectAt, withAt, without } from '../support/json.ts'

let documents: Documents
let signed: JsonObject
beforeAll(async () => {
  documents = await withSchool()
  signed = await endorsementOf()
})

async function judge(badge: string | JsonObject, look = lookIn(documents)): Promise<Verdict> {
  return await verify(bytesOf(badge), look, { at: now })
}

const checkOf = (verdict: Verdict): Check | undefined => verdict.checks.find(({ id }) => id === 'endorsements')

function badgeWith(endorsement: Json): JsonObject {
  return withAt(credential(awardFacts), ['credentialSubject', 'achievement', 'endorsement'], endorsement)
}

/** The badge with this in its achievement, signed again by its issuer as JWT. */
async function jwtCarrying(endorsement: Json): Promise<string> {
  const { iss, jti, nbf, sub, exp } = payloadOf((await badgesOf()).ob3)
  const claims = iss && jti && nbf && sub && exp ? { iss, jti, nbf, sub, exp } : {}
  return jwsOf({ alg: 'RS256', kid: rsaKey.kid, typ: 'JWT' }, { ...badgeWith(endorsement), ...claims }, rsaKey)
}

/** The same in both forms. */
async function carrying(endorsement: Json): Promise<{ jwt: string; json: JsonObject }> {
  return { jwt: await jwtCarrying(endorsement), json: await signEmbedded(badgeWith(endorsement), edKey, now) }
}

/** An endorsement as VC-JWT (CONFORMANCE 9.8). */
function jwtOf(change: JsonObject = {}): string {
  const document = { ...endorsementCredential(endorsementFacts), ...change }
  const claims = {
    iss: schoolId,
    jti: document['id'] ?? '',
    nbf: numericDate(endorsementFacts.validFrom),
    sub: endorsementFacts.subject,
  }
  return jwsOf({ alg: 'RS256', kid: schoolRsaKey.kid, typ: 'JWT' }, { ...document, ...claims }, schoolRsaKey)
}

describe('CONFORMANCE 6.7: endorsements in a badge', () => {
  test('good ones pass in both forms of the badge, and what they say is shown', async () => {
    const badges = await badgesOf(endorsedAward([signed]))
    for (const badge of [badges.ob3, badges.json]) {
      const verdict = await judge(badge)
      expect(verdict.verdict).toBe('valid')
      expect(checkOf(verdict)).toEqual({
        id: 'endorsements',
        outcome: 'passed',
        code: 'endorsements-right',
        values: { count: '1' },
      })
      expect(verdict.credential?.endorsements).toEqual([
        {
          endorser: { id: schoolId, name: school.name, host: 'merkit.example' },
          comment: endorsementFacts.comment,
          on: '2026-11-20T10:00:00Z',
        },
      ])
    }
  })

  test('without any there is no check', async () => {
    expect(checkOf(await judge((await badgesOf()).ob3))).toBeUndefined()
  })

  test('one in the credential speaks of the credential, its achievement or its issuer', async () => {
    for (const subject of [awardFacts.credentialId, endorsementFacts.subject, issuerId]) {
      const document = { ...credential(awardFacts), endorsement: [await endorsementOf({ subject })] }
      const verdict = await judge(await signEmbedded(document, edKey, now))
      expect([verdict.verdict, checkOf(verdict)?.code], subject).toEqual(['valid', 'endorsements-right'])
    }
  })

  test('one in a profile speaks of that organisation', async () => {
    const ofIssuer = await endorsementOf({ subject: issuerId })
    for (const [endorsement, code] of [
      [ofIssuer, 'endorsements-right'],
      [signed, 'endorsement-of-another'],
    ] as const) {
      const document = withAt(credential(awardFacts), ['issuer', 'endorsement'], [endorsement])
      expect(checkOf(await judge(await signEmbedded(document, edKey, now)))?.code).toBe(code)
    }
    const made = withAt(credential(awardFacts), ['credentialSubject', 'achievement', 'creator'], {
      id: issuerId,
      type: ['Profile'],
      endorsement: [ofIssuer],
    })
    expect(checkOf(await judge(await signEmbedded(made, edKey, now)))?.code).toBe('endorsements-right')
  })

  test('a failed one means that not all passed, and tells its own reason', async () => {
    const failing: readonly [string, Json, string, string][] = [
      ['changed after signing', { ...signed, name: 'Suositus: kaikki' }, 'endorsement-not-valid', 'signature-wrong'],
      ['without a proof (CONFORMANCE T9)', without(signed, 'proof'), 'endorsement-not-valid', 'no-proof'],
      ['only an address', 'https://opisto.example/suositus/1', 'endorsement-not-valid', 'schema-not-met'],
      ['no credential', { id: 'urn:uuid:1', type: ['Profile'] }, 'endorsement-not-valid', 'context-wrong'],
      ['a badge', (await badgesOf()).json, 'endorsement-not-valid', 'type-wrong'],
    ]
    for (const [name, endorsement, code, reason] of failing) {
      const { jwt } = await carrying([endorsement])
      const verdict = await judge(jwt)
      expect(verdict.verdict, name).toBe('invalid')
      if (reason === 'schema-not-met') continue
      expect([checkOf(verdict)?.code, checkOf(verdict)?.cause?.code], name).toEqual([code, reason])
      expect(verdict.credential?.endorsements).toBeUndefined()
    }
  })

  test('one of something else is no endorsement of this badge', async () => {
    const other = await endorsementOf({ subject: 'https://merkit.example/o/mer1/badges/muu/1/fi' })
    const { jwt, json } = await carrying([signed, other])
    for (const badge of [jwt, json]) {
      const verdict = await judge(badge)
      expect([verdict.verdict, checkOf(verdict)?.code]).toEqual(['invalid', 'endorsement-of-another'])
      expect(checkOf(verdict)?.values).toEqual({ endorser: school.name })
    }
  })

  test('an endorser whose document is not answered: could not be checked, never valid (CONFORMANCE 6.8)', async () => {
    const { ob3 } = await badgesOf(endorsedAward([signed]))
    const known = lookIn(documents)
    const verdict = await verify(
      bytesOf(ob3),
      async (address, purpose) => await (address === schoolId ? closed : known)(address, purpose),
      { at: now },
    )
    expect(verdict.verdict).toBe('could-not-check')
    expect(checkOf(verdict)).toMatchObject({ code: 'endorsement-could-not-check', cause: { code: 'key-not-fetched' } })
  })

  test('an endorser’s key that its document does not list', async () => {
    const lying = { ...documents, [schoolId]: { ...objectAt(documents, schoolId), assertionMethod: [] } }
    const verdict = await judge((await badgesOf(endorsedAward([signed]))).ob3, lookIn(lying))
    expect(verdict.verdict).toBe('invalid')
    expect(checkOf(verdict)).toMatchObject({ code: 'endorsement-not-valid', cause: { code: 'key-not-listed' } })
  })

  test('one that has ended or is not yet in force', async () => {
    for (const [change, reason] of [
      [{ validUntil: '2026-11-25T00:00:00Z' }, 'expired'],
      [{ validFrom: '2027-01-01T00:00:00Z' }, 'not-yet-valid'],
    ] as const) {
      const endorsement = await signEmbedded({ ...endorsementCredential(endorsementFacts), ...change }, schoolKey, now)
      const verdict = await judge((await carrying([endorsement])).json)
      expect([verdict.verdict, checkOf(verdict)?.cause?.code]).toEqual(['invalid', reason])
    }
  })

  test('is not looked at while the badge itself is not true: nothing it names is asked for (CONFORMANCE 6.3)', async () => {
    const { json } = await badgesOf(endorsedAward([signed]))
    const look = lookIn(documents)
    const verdict = await judge({ ...json, name: 'Muutettu' }, look)
    expect(checkOf(verdict)).toMatchObject({ outcome: 'not-checked', code: 'not-reached' })
    expect(look.asked.map(({ address }) => address)).not.toContain(schoolId)
  })

  test('more than eight are not chased (S-46)', async () => {
    const { jwt } = await carrying(Array.from({ length: 9 }, () => signed))
    const verdict = await judge(jwt)
    expect(checkOf(verdict)).toMatchObject({
      outcome: 'not-checked',
      code: 'endorsements-too-many',
      values: { limit: '8' },
    })
    expect(verdict.verdict).toBe('could-not-check')
  })

  test('every deletion and change of a member of an endorsement is refused or reported', async () => {
    const { json } = await badgesOf(endorsedAward([signed]))
    const place = ['credentialSubject', 'achievement', 'endorsement', 0] as const
    for (const member of Object.keys(signed)) {
      const verdict = await judge(withAt(json, [...place, member], undefined))
      expect(verdict.verdict, member).not.toBe('valid')
    }
    const gone = await judge(withAt(json, ['credentialSubject', 'achievement', 'endorsement'], undefined))
    expect(gone.verdict).toBe('invalid')
  })
})

describe('an endorsement that is no plain one of ours', () => {
  const codes = async (endorsement: Json): Promise<readonly (string | undefined)[]> => {
    const check = checkOf(await judge(await jwtCarrying([endorsement])))
    return [check?.code, check?.cause?.code]
  }

  test('its endorser is named by an address alone, or not at all', async () => {
    const bare = await signEmbedded({ ...endorsementCredential(endorsementFacts), issuer: schoolId }, schoolKey, now)
    const verdict = await judge(await jwtCarrying([bare]))
    expect(verdict.verdict).toBe('valid')
    expect(verdict.credential?.endorsements?.[0]?.endorser).toEqual({ id: schoolId, host: 'merkit.example' })
    const nobody = checkOf(await judge(await jwtCarrying([without(signed, 'issuer')])))
    expect(nobody?.values).toEqual({ endorser: '–' })
  })

  test('its subject has no id, another type, or more to say', async () => {
    const subject = ['credentialSubject'] as const
    expect(await codes(withAt(signed, [...subject, 'id'], undefined))).toEqual([
      'endorsement-not-valid',
      'subject-not-identified',
    ])
    expect(await codes(withAt(signed, [...subject, 'type'], ['AchievementSubject']))).toEqual([
      'endorsement-not-valid',
      'type-wrong',
    ])
    expect(await codes(withAt(signed, [...subject, 'name'], 'x'))).toEqual(['endorsement-not-valid', 'member-wrong'])
  })

  test('in one of several achievements, and a long one', async () => {
    const long = await endorsementOf({ comment: `Merkki vastaa vaatimuksia. ${'Hyvä työ. '.repeat(900)}` })
    const [one, two] = [{ id: 'urn:uuid:1', endorsement: [long] }, 'urn:uuid:2']
    const places = endorsedPlaces({ id: 'urn:uuid:0', credentialSubject: { achievement: [one, two] } })
    expect(places).toEqual([{ endorsable: ['urn:uuid:1'], embedded: [long], jwts: [] }])
    expect(withoutCarried({ credentialSubject: { achievement: [one, two] } }, false)).toEqual({
      credentialSubject: { achievement: [{ id: 'urn:uuid:1' }, two] },
    })
    expect((await judge(await jwtCarrying([long]))).verdict).toBe('valid')
  })

  test('very many different ones are each judged for themselves, whatever is remembered', async () => {
    for (let round = 0; round < 26; round += 1) {
      const eight = Array.from({ length: 8 }, (_, at) => ({ ...without(signed, 'proof'), name: `${round} ${at}` }))
      expect(checkOf(await judge(await jwtCarrying(eight)))?.cause?.code).toBe('no-proof')
    }
    expect(await codes(signed)).toEqual(['endorsements-right', undefined])
  })

  test('by itself it is verified by the same steps (CONFORMANCE 6)', async () => {
    const options = { at: now }
    expect((await verifyEndorsement(signed, lookIn(documents), options)).verdict).toBe('valid')
    expect((await verifyEndorsement({ ...signed, name: 'Muu' }, lookIn(documents), options)).verdict).toBe('invalid')
    expect((await verifyEndorsement(signed, closed, options)).verdict).toBe('could-not-check')
  })
})

describe('CONFORMANCE 9.8: endorsements as JWT', () => {
  test('in a JWT-secured badge they are verified like the others', async () => {
    const { jwt } = await carrying([signed])
    const payload = { ...payloadOf(jwt), endorsementJwt: [jwtOf()] }
    const verdict = await judge(jwsOf({ alg: 'RS256', kid: rsaKey.kid }, payload, rsaKey))
    expect(verdict.verdict).toBe('valid')
    expect(checkOf(verdict)?.values).toEqual({ count: '2' })
  })

  test.each([
    [
      'changed',
      (): string => jwtOf().replace(/\.[^.]+$/, `.${jwtOf({ name: 'Muu' }).split('.')[2] ?? ''}`),
      'signature-wrong',
    ],
    ['of another issuer than it says', (): string => jwtOf({ issuer: issuerId }), 'iss-wrong'],
    [
      'with alg none',
      (): string => `${Buffer.from('{"alg":"none"}').toString('base64url')}.e30.`,
      'jws-algorithm-refused',
    ],
    ['no JWT at all', (): string => 'suositus', 'jws-not-three-parts'],
  ])('one %s fails', async (_, make, reason) => {
    const payload = { ...payloadOf((await badgesOf()).ob3), endorsementJwt: [make()] }
    const verdict = await judge(jwsOf({ alg: 'RS256', kid: rsaKey.kid }, payload, rsaKey))
    expect(verdict.verdict).toBe('invalid')
    if (reason === 'jws-not-three-parts')
      expect(verdict.checks.some(({ code }) => code === 'schema-not-met')).toBe(true)
    expect(checkOf(verdict)?.cause?.code).toBe(reason)
  })

  test('with an embedded proof the term is undefined: the badge is refused', async () => {
    const { json } = await badgesOf()
    const verdict = await judge(withAt(json, ['credentialSubject', 'achievement', 'endorsementJwt'], [jwtOf()]))
    expect(verdict.verdict).toBe('invalid')
    expect(verdict.checks.find(({ id }) => id === 'signature')?.code).toBe('term-undefined')
  })
})

describe('CONFORMANCE T4: an endorsement shares one graph of statements with the badge', () => {
  const achievement = ['credentialSubject', 'achievement'] as const

  test('a context of its own is taken there and nowhere else', async () => {
    const document = withAt(credential(awardFacts), ['evidence', 0, 'endorsement'], [signed])
    const verdict = await judge(await signEmbedded(document, edKey, now))
    expect(verdict.checks.find(({ id }) => id === 'structure')?.code).toBe('member-not-plain')
    const hidden = withAt(credential(awardFacts), [...achievement, '@context'], [contextAddress.openBadges])
    const other = await judge(await signEmbedded(hidden, edKey, now))
    expect(other.checks.find(({ id }) => id === 'structure')?.code).toBe('member-not-plain')
  })

  test('it says nothing else of what it endorses: neither in its subject nor by a second object with the same id', async () => {
    const unsigned = endorsementCredential(endorsementFacts)
    const more = withAt(unsigned, ['credentialSubject', 'type'], ['EndorsementSubject', 'Achievement'])
    const inSubject = withAt(more, ['credentialSubject', 'description'], 'Osaa kaiken')
    const second = withAt(unsigned, ['issuer', 'image'], { id: endorsementFacts.subject, type: 'Image' })
    for (const [document, code] of [
      [inSubject, 'endorsement-not-valid'],
      [second, 'endorsement-of-another'],
    ] as const) {
      const endorsement = await signEmbedded(document, schoolKey, now)
      const verdict = await judge((await carrying([endorsement])).json)
      expect([verdict.verdict, checkOf(verdict)?.code]).toEqual(['invalid', code])
    }
  })
})

test('the same endorsement in many badges is made canonical once', async () => {
  const badges: string[] = []
  for (const place of [1, 2, 3]) {
    const facts = { ...endorsedAward([signed]), status: { list: 1, index: place } }
    badges.push((await badgesOf(facts)).ob3)
  }
  const look = lookIn(documents)
  await judge(badges[0] ?? '', look)
  const canonized = vi.spyOn(jsonld, 'canonize')
  try {
    for (const badge of badges) expect((await judge(badge, look)).verdict).toBe('valid')
    expect(canonized).not.toHaveBeenCalled()
  } finally {
    canonized.mockRestore()
  }
})
