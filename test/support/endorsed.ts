import { generateKeyPairSync } from 'node:crypto'
import { publicAddresses } from '../../src/credentials/addresses.ts'
import type { ClrFacts } from '../../src/credentials/clr/build.ts'
import type { EndorsementFacts } from '../../src/credentials/endorsement/build.ts'
import type { AwardFacts, BadgeClassFacts, IssuerFacts } from '../../src/credentials/facts.ts'
import { isJsonObject, type JsonObject } from '../../src/credentials/json.ts'
import type { SigningKey } from '../../src/credentials/keys.ts'
import { achievementAddress } from '../../src/credentials/ob3/build.ts'
import { issuerDocument, jwks } from '../../src/credentials/ob3/publish.ts'
import { signEndorsement } from '../../src/credentials/sign-checked.ts'
import { awardFacts, badgeClass, issuer, now, rsaKey } from './award-facts.ts'
import { badgesOf, type Documents, publicDocuments } from './badge-world.ts'

/** An invented school on the same host, which endorses the foundation's badges. */
export const school: IssuerFacts = {
  origin: issuer.origin,
  code: 'opi1',
  name: 'Pohjolan opisto',
  url: 'https://pohjolanopisto.example/',
  email: 'naytot@pohjolanopisto.example',
}
export const schoolId = publicAddresses.issuer(school.origin, school.code)
export const schoolKey: SigningKey = {
  kid: publicAddresses.key(school.origin, school.code, 'ed-1'),
  alg: 'EdDSA',
  ...generateKeyPairSync('ed25519'),
}
export const schoolRsaKey: SigningKey = {
  kid: publicAddresses.key(school.origin, school.code, 'rsa-1'),
  alg: 'RS256',
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }),
}

/** What the school says of the bicycle badge. */
export const endorsementFacts: EndorsementFacts = {
  endorser: school,
  id: '019ab000-0000-7000-8000-0000000000e1',
  subject: achievementAddress(badgeClass),
  name: 'Suositus: Polkupyörän huolto',
  comment: 'Merkki vastaa tutkinnon osan vaatimuksia. Tunnustamme sen osaksi opintoja.',
  language: 'fi',
  validFrom: new Date('2026-11-20T10:00:00Z'),
}

/** The same, or something else said by the school, signed. */
export async function endorsementOf(change: Partial<EndorsementFacts> = {}): Promise<JsonObject> {
  return await signEndorsement({ ...endorsementFacts, ...change }, schoolKey, endorsementFacts.validFrom)
}

/** The badge class with these endorsements, and an award of it. */
export function endorsedAward(endorsements: readonly JsonObject[], facts: AwardFacts = awardFacts): AwardFacts {
  return { ...facts, badgeClass: { ...facts.badgeClass, endorsements } }
}

/** The foundations' public documents and the school's. */
export async function withSchool(documents?: Documents): Promise<Documents> {
  return {
    ...(documents ?? (await publicDocuments())),
    [publicAddresses.wellKnownJwks(school.origin)]: jwks([
      { issuer, keys: [rsaKey] },
      { issuer: school, keys: [schoolRsaKey] },
    ]),
    [schoolId]: issuerDocument(school, [schoolKey, schoolRsaKey]),
  }
}

/** The same badge given to the same person so many times more, with ids of their own. */
export function anotherAward(number: number, badge: Partial<BadgeClassFacts> = {}): AwardFacts {
  const id = (kind: string): string => `urn:uuid:019ab000-0000-7000-8000-${kind}${String(number).padStart(8, '0')}`
  return {
    ...awardFacts,
    badgeClass: { ...badgeClass, ...badge },
    credentialId: id('aaaa'),
    assertionId: id('bbbb'),
    recipient: { ...awardFacts.recipient, urn: id('cccc') },
    status: { list: 1, index: 1000 + number },
  }
}

/** These awards, embedded, as the passport of one person. */
export async function passportOf(awards: readonly AwardFacts[], change: Partial<ClrFacts> = {}): Promise<ClrFacts> {
  const credentials: JsonObject[] = []
  for (const facts of awards) credentials.push((await badgesOf(facts)).json)
  return {
    issuer,
    id: 'urn:uuid:019ab000-0000-7000-8000-0000000000c1',
    subject: 'urn:uuid:019ab000-0000-7000-8000-0000000000c2',
    name: 'Osaamispassi',
    language: 'fi',
    validFrom: now,
    credentials,
    sameAs: awards.map((facts) => facts.recipient.urn),
    achievements: [],
    associations: [],
    endorsements: [],
    ...change,
  }
}

/** Those documents that are objects, as another implementation takes them. */
export function objectsIn(documents: Documents): Readonly<Record<string, JsonObject>> {
  const entries = Object.entries(documents)
  return Object.fromEntries(entries.flatMap(([address, one]) => (isJsonObject(one) ? [[address, one]] : [])))
}
