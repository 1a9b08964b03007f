import { generateKeyPairSync } from 'node:crypto'
import type { AwardFacts, BadgeClassFacts, IssuerFacts } from '../../src/credentials/facts.ts'
import type { SigningKey } from '../../src/credentials/keys.ts'

/** An invented foundation and one award of its bicycle badge, for tests of the credential core. */
export const issuer: IssuerFacts = {
  origin: 'https://merkit.example',
  code: 'mer1',
  name: 'Meriharjun työpajasäätiö',
  url: 'https://meriharju.example/',
  email: 'merkit@meriharju.example',
}
export const issuerId = 'https://merkit.example/o/mer1'

export const badgeClass: BadgeClassFacts = {
  issuer,
  slug: 'polkupyoran-huolto',
  version: 2,
  language: 'fi',
  languages: ['fi', 'sv', 'en'],
  name: 'Polkupyörän huolto',
  description: 'Osaa huoltaa polkupyörän: jarrut, vaihteet, renkaat ja ketjut.',
  criteria: 'Kaksi kertaa eri päivinä tehty huolto. Valmentaja on nähnyt työn ja arvioinut sen.',
  tier: 'advanced',
  tierNames: { basic: 'Perus', advanced: 'Edistynyt', master: 'Mestari' },
  tierLabel: 'Taso',
  scope: 'task',
  alignments: [
    {
      targetName: 'Polkupyörän huolto',
      targetUrl: 'https://eperusteet.opintopolku.fi/#/fi/ammatillinen/7614470/tutkinnonosat/7911988',
      targetFramework: 'Ajoneuvoalan perustutkinto OPH-5410-2021',
      targetCode: 'tutkinnonosat_106889',
    },
  ],
  imageCaption: 'Merkki: polkupyörän huolto, edistynyt',
}

export const awardFacts: AwardFacts = {
  badgeClass,
  publicId: 'mer1k3v9s0a7c2m5q8x1z4w6',
  credentialId: 'urn:uuid:019ab000-0000-7000-8000-000000000001',
  assertionId: 'urn:uuid:019ab000-0000-7000-8000-000000000002',
  recipient: { urn: 'urn:uuid:019ab000-0000-7000-8000-000000000003', salt: '00112233445566778899aabbccddeeff' },
  awardedAt: new Date('2026-11-22T10:00:00Z'),
  validFrom: new Date('2026-11-22T10:00:00Z'),
  validUntil: new Date('2029-11-22T10:00:00Z'),
  status: { list: 1, index: 70_001 },
  evidence: { name: 'Tehty työ', narrative: 'Työ tehtiin kahtena päivänä työpajalla, ja itsearviointi on tehty.' },
}
export const now = new Date('2026-12-01T00:00:00Z')

const keyAddress = (name: string): string => `${issuerId}/keys/${name}`

export const rsaKey: SigningKey = {
  kid: keyAddress('rsa-1'),
  alg: 'RS256',
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }),
}
export const ecKey: SigningKey = {
  kid: keyAddress('ec-1'),
  alg: 'ES256',
  ...generateKeyPairSync('ec', { namedCurve: 'P-256' }),
}
export const edKey: SigningKey = { kid: keyAddress('ed-1'), alg: 'EdDSA', ...generateKeyPairSync('ed25519') }
