import fc from 'fast-check'
import type { AlignmentFacts, AwardFacts } from '../../src/credentials/facts.ts'
import { credential } from '../../src/credentials/ob3/build.ts'
import { awardFacts, badgeClass, issuer } from './award-facts.ts'

/** Words that encodings, escapes and canonical forms have stumbled over. */
const words = [
  'äöåšž ÄÖÅŠŽ',
  'Työpaja®',
  "D'Artagnan’n paja",
  '"lainaus" \\ kenoviiva / vinoviiva',
  '👩🏽‍🔧🚲 🇫🇮',
  'ورشة الدراجات',
  'סדנת אופניים',
  '\u202eoikealta vasemmalle\u202c',
  'rivi\nvaihtuu\r\nja\tsarkain',
  '<b>&amp;</b> ]]> -->',
  'e\u0301 ja \u00e9 eivät ole sama',
  '自転車の修理',
  '\u0000\u0001\u001f\u007f\u0085\u2028\u2029\ufeff\ufffe',
  '_:b0 <urn:x> "x"@fi ^^xsd:string .',
  '𝒜𝓁𝓅𝒽𝒶',
] as const

/** Any text that a badge may hold: awkward words, any letters at all, and texts as long as chapters. */
export const anyText: fc.Arbitrary<string> = fc
  .oneof(
    {
      weight: 4,
      arbitrary: fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 4 }).map((some) => some.join(' ')),
    },
    { weight: 3, arbitrary: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 }) },
    { weight: 3, arbitrary: fc.string({ unit: 'binary', minLength: 1, maxLength: 40 }) },
    {
      weight: 1,
      arbitrary: fc
        .tuple(fc.constantFrom(...words), fc.integer({ min: 1000, max: 4000 }))
        .map(([word, length]) => word.repeat(Math.ceil(length / word.length))),
    },
  )
  // An address or a personal identity code in the text is refused before signing; that has tests of its own.
  .filter((text) => !text.includes('@') || words.some((word) => text.includes(word)))

const urn = fc.uuid().map((uuid) => `urn:uuid:${uuid}`)
const instant = (from: string, to: string): fc.Arbitrary<Date> =>
  fc.integer({ min: Date.parse(from) / 1000, max: Date.parse(to) / 1000 }).map((seconds) => new Date(seconds * 1000))

const alignment: fc.Arbitrary<AlignmentFacts> = fc.record(
  {
    targetName: anyText,
    targetUrl: fc.constantFrom('https://eperusteet.opintopolku.fi/#/fi/1', 'https://a.example/%C3%A4?x=1&y=%27#z'),
    targetFramework: anyText,
    targetCode: fc.constantFrom('tutkinnonosat_106889', 'tutkinnonosat_1'),
    targetDescription: anyText,
  },
  { requiredKeys: ['targetName', 'targetUrl', 'targetFramework', 'targetCode'] },
)

/** Any award of the invented foundation that is good on 1 December 2026. */
export const anyAward: fc.Arbitrary<AwardFacts> = fc
  .record({
    texts: fc.tuple(anyText, anyText, anyText, anyText, anyText, anyText, anyText, anyText),
    issuerName: anyText,
    language: fc.constantFrom('fi', 'sv', 'en'),
    tier: fc.constantFrom('basic', 'advanced', 'master'),
    scope: fc.constantFrom('task', 'module', 'unit'),
    alignments: fc.array(alignment, { maxLength: 3 }),
    ids: fc.uniqueArray(urn, { minLength: 3, maxLength: 3 }),
    validFrom: instant('2020-01-01T00:00:00Z', '2026-11-30T00:00:00Z'),
    validUntil: fc.option(instant('2026-12-02T00:00:00Z', '2099-01-01T00:00:00Z')),
    index: fc.nat({ max: 131_071 }),
  })
  .map(({ texts, issuerName, ids, validFrom, validUntil, index, ...chosen }) => {
    const [name, description, criteria, tierLabel, imageCaption, evidenceName, narrative, tierName] = texts
    const [credentialId = '', assertionId = '', recipient = ''] = ids
    const { validUntil: _end, ...facts } = awardFacts
    return {
      ...facts,
      badgeClass: {
        ...badgeClass,
        ...chosen,
        issuer: { ...issuer, name: issuerName },
        name,
        description,
        criteria,
        tierLabel,
        tierNames: { basic: tierName, advanced: `${tierName} 2`, master: `${tierName} 3` },
        imageCaption,
      },
      credentialId,
      assertionId,
      recipient: { ...awardFacts.recipient, urn: recipient },
      awardedAt: validFrom,
      validFrom,
      ...(validUntil === null ? {} : { validUntil }),
      status: { list: 1, index },
      evidence: { name: evidenceName, narrative },
    }
  })
  // S-26: a badge that nobody would read is not signed either.
  .filter((facts) => Buffer.byteLength(JSON.stringify(credential(facts))) < 60 * 1024)
