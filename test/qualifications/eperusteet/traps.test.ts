import { describe, expect, test } from 'vitest'
import { parseCriteria } from '../../../src/qualifications/eperusteet/parse.ts'
import type { ParsedUnit } from '../../../src/qualifications/eperusteet/parsed.ts'

type Members = Readonly<Record<string, unknown>>

const bytes = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value))

function criteria(unit: Members, members: Members = {}): Uint8Array {
  return bytes({
    id: 1,
    globalVersion: { aikaleima: 1 },
    nimi: { fi: 'Tutkinto' },
    diaarinumero: 'OPH-1-2026',
    tila: 'valmis',
    tutkinnonOsat: [{ id: 10, nimi: { fi: 'Osa' }, ...unit }],
    ...members,
  })
}

function onlyUnit(file: Uint8Array): ParsedUnit {
  const [unit] = parseCriteria(file).units
  if (!unit) throw new Error('no unit')
  return unit
}

const name = (nimi: Members): unknown => onlyUnit(criteria({ nimi })).name
const day = (voimassaoloAlkaa: unknown): unknown => parseCriteria(criteria({}, { voimassaoloAlkaa })).validFrom

function two(first: Members, second: Members): readonly string[] {
  const unit = onlyUnit(criteria({ ammattitaitovaatimukset2019: { vaatimukset: [first, second] } }))
  return unit.requirements.map((one) => one.key)
}

const target = (fi: string, more: Members = {}): Members => ({ otsikko: { fi }, arvioinninKohteet: [], ...more })
const inWay = (suoritustapakoodi: string, reference: Members = {}): Members => ({
  suoritustavat: [{ suoritustapakoodi, tutkinnonOsaViitteet: [{ _tutkinnonOsa: '10', ...reference }] }],
})

describe('which shape', () => {
  const coded = {
    arviointi: { arvioinninKohdealueet: [target('Osaa', { koodi: { uri: 'ammattitaitovaatimukset_1' } })] },
  }

  test('an empty 2019 object goes on to the 2018 shape', () => {
    const unit = onlyUnit(criteria({ ammattitaitovaatimukset2019: { vaatimukset: [], kohdealueet: [{}] }, ...coded }))
    expect(unit).toMatchObject({ shape: '2018', requirements: [{ key: 'ammattitaitovaatimukset_1', code: null }] })
  })

  test('2019 wins over the HTML that repeats it', () => {
    const unit = onlyUnit(
      criteria({
        ammattitaitovaatimukset2019: { vaatimukset: [{ koodi: null, vaatimus: { fi: 'osaa', _tunniste: 'a' } }] },
        ammattitaitovaatimukset: { fi: '<ul><li>osaa</li></ul>' },
      }),
    )
    expect(unit).toMatchObject({ shape: '2019', requirements: [{ key: 'a', text: { fi: 'osaa' } }] })
  })

  test('assessment areas without codes are requirements in reformi, and the four fixed targets elsewhere', () => {
    const uncoded = { arviointi: { arvioinninKohdealueet: [target('Työprosessin hallinta')] } }
    expect(onlyUnit(criteria(uncoded, inWay('REFORMI'))).shape).toBe('2018')
    expect(onlyUnit(criteria(uncoded, inWay('ops')))).toMatchObject({ shape: 'none', requirements: [] })
  })

  test('an HTML list is reported as not imported yet, an empty qualification as nothing to import', () => {
    const html = parseCriteria(
      criteria({ ammattitaitovaatimukset: { fi: '<p>Osaa</p><ul><li>osaa</li></ul>', sv: null } }),
    )
    expect(html.units[0]?.shape).toBe('html')
    expect(html.report.map((line) => line.code)).toEqual(['html-shape', 'nothing-to-import'])
    const preparing = parseCriteria(criteria({}, { tutkinnonOsat: null, koulutuksenOsat: [] }))
    expect(preparing).toMatchObject({ units: [], report: [{ code: 'nothing-to-import' }] })
  })
})

describe('units', () => {
  test('the scope comes from the reference, also a range, a decimal and none at all', () => {
    expect(onlyUnit(criteria({ laajuus: 99 }, inWay('reformi', { laajuus: 0, laajuusMaksimi: 15 })))).toMatchObject({
      scope: 0,
      scopeMax: 15,
    })
    expect(onlyUnit(criteria({}, inWay('ops', { laajuus: 7.5 }))).scope).toBe(7.5)
    expect(onlyUnit(criteria({}, inWay('naytto'))).scope).toBeNull()
  })

  test('a unit in two ways of completion is one unit, with the scope of the way that has one', () => {
    const suoritustavat = [
      { suoritustapakoodi: 'naytto', tutkinnonOsaViitteet: [{ _tutkinnonOsa: '10' }] },
      { suoritustapakoodi: 'ops', tutkinnonOsaViitteet: [{ _tutkinnonOsa: '10', laajuus: 15.0, jarjestys: 3 }] },
    ]
    const { units } = parseCriteria(criteria({}, { suoritustavat }))
    expect(units).toMatchObject([{ unitId: '10', scope: 15, order: 3 }])
  })

  test('a code may be missing or be the same twice; the id is the identity', () => {
    const tutkinnonOsat = [
      { id: 10, nimi: { fi: 'A' }, koodiUri: 'tutkinnonosat_101065' },
      { id: 11, nimi: { fi: 'B' }, koodiUri: 'tutkinnonosat_101065' },
      { id: '12', nimi: { fi: 'C' }, koodiUri: null },
    ]
    const { units } = parseCriteria(criteria({}, { tutkinnonOsat }))
    expect(units.map((unit) => [unit.unitId, unit.code])).toEqual([
      ['10', 'tutkinnonosat_101065'],
      ['11', 'tutkinnonosat_101065'],
      ['12', null],
    ])
  })

  test('words from lists are read in any case', () => {
    const parsed = parseCriteria(criteria({ tyyppi: 'REFORMI_TUTKE2' }, { tila: 'VALMIS', kielet: ['FI', 'sv', 'fi'] }))
    expect(parsed).toMatchObject({ state: 'ready', languages: ['fi', 'sv'], units: [{ kind: 'common' }] })
  })

  test('a draft is read and says so', () => {
    const parsed = parseCriteria(criteria({}, { tila: 'luonnos' }))
    expect(parsed.state).toBe('draft')
    expect(parsed.report.map((line) => line.code)).toContain('not-in-force-state')
  })
})

describe('texts and days', () => {
  test('markup, entities, odd spaces and line breaks become plain text', () => {
    expect(name({ fi: ' Huolto\n ja\u00a0&nbsp;hoito \u202f ' })).toEqual({ fi: 'Huolto ja hoito' })
    expect(name({ fi: '<p>Työ&ndash;ura</p><ul><li>A &amp; B</li></ul>' })).toEqual({ fi: 'Työ–ura A & B' })
    expect(name({ fi: 'a\u00adb\u202ec\u0000d\ud800' })).toEqual({ fi: 'abcd\ufffd' })
    expect(name({ fi: '&lt;script&gt; 1 < 2' })).toEqual({ fi: '<script> 1 < 2' })
    expect(name({ fi: '&constructor; &#0; &#x1F6B2;' })).toEqual({ fi: '&constructor; &#0; 🚲' })
  })

  test('a lone dash is no translation; Northern Sámi and Russian are kept; marks are not languages', () => {
    expect(name({ fi: 'Osa', sv: '-', se: 'Oassi', ru: 'Часть', en: null, _id: '5', _tunniste: 'x' })).toEqual({
      fi: 'Osa',
      se: 'Oassi',
      ru: 'Часть',
    })
  })

  test('a requirement that exists only in Swedish is a requirement', () => {
    const unit = onlyUnit(
      criteria({ ammattitaitovaatimukset2019: { vaatimukset: [{ vaatimus: { sv: 'kan', _tunniste: 'a' } }] } }),
    )
    expect(unit.requirements).toMatchObject([{ text: { sv: 'kan' } }])
  })

  test('midnight in Finland is that day, in summer and in winter time, also as a date-time', () => {
    expect(day(1659301200000)).toBe('2022-08-01')
    expect(day(Date.parse('2017-12-31T22:00:00Z'))).toBe('2018-01-01')
    expect(day('2022-07-31T21:00:00Z')).toBe('2022-08-01')
  })
})

describe('identities and grades', () => {
  test('without identity the code, without both the place; a code on two requirements is numbered', () => {
    const code = { uri: 'ammattitaitovaatimukset_7', nimi: { fi: 'toinen lause' } }
    expect(two({ koodi: code, vaatimus: { fi: 'a' } }, { vaatimus: { fi: 'b' } })).toEqual([code.uri, 'position#1'])
    expect(two({ koodi: code, vaatimus: { fi: 'a' } }, { koodi: code, vaatimus: { fi: 'b' } })).toEqual([
      `${code.uri}#1`,
      `${code.uri}#2`,
    ])
  })

  test('the words are those of the requirement, never of its code', () => {
    const vaatimus = { koodi: { uri: 'ammattitaitovaatimukset_7', nimi: { fi: 'väärä' } }, vaatimus: { fi: 'oikea' } }
    const unit = onlyUnit(criteria({ ammattitaitovaatimukset2019: { vaatimukset: [vaatimus] } }))
    expect(unit.requirements[0]?.text).toEqual({ fi: 'oikea' })
  })

  test('grades by id alone, by object, and of a scale nobody knows', () => {
    const osaamistasonKriteerit = [
      { _osaamistaso: '4', kriteerit: [{ fi: 'k' }] },
      { _osaamistaso: '77', kriteerit: [] },
      { osaamistaso: { id: 2 }, kriteerit: [{ fi: 't' }] },
      { osaamistaso: { koodi: { uri: 'arviointiasteikkoammatillinent1k3_2' } }, kriteerit: null },
    ]
    const parsed = parseCriteria(
      criteria({
        arviointi: {
          arvioinninKohdealueet: [
            target('Osaa', { koodi: { uri: 'a_1' }, arvioinninKohteet: [{ osaamistasonKriteerit }] }),
          ],
        },
      }),
    )
    const levels = parsed.units[0]?.requirements[0]?.criteria.map((one) => one.level)
    expect(levels).toEqual(['T1', 'H2', 'K3', 'level-77'])
    expect(parsed.report.map((line) => line.code)).toEqual(['unknown-level'])
  })
})
