import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { parseCriteria } from '../../../src/qualifications/eperusteet/parse.ts'
import type { ParsedCriteria, ParsedRequirement } from '../../../src/qualifications/eperusteet/parsed.ts'

const file = (name: string): Uint8Array => readFileSync(new URL(`../../../demo/criteria/${name}.json`, import.meta.url))
const vehicles = parseCriteria(file('ajoneuvoala-OPH-5410-2021'))
const wood = parseCriteria(file('puuteollisuus-OPH-2455-2017'))

const requirements = (criteria: ParsedCriteria): readonly ParsedRequirement[] =>
  criteria.units.flatMap((unit) => unit.requirements)

function counts(criteria: ParsedCriteria): readonly number[] {
  const filled = criteria.units.filter((unit) => unit.requirements.length > 0)
  return [criteria.units.length, filled.length, requirements(criteria).length]
}

describe('the real files', () => {
  test('have the counted units, units with requirements and requirements', () => {
    expect(counts(vehicles)).toEqual([78, 75, 1888])
    expect(counts(wood)).toEqual([43, 40, 232])
  })

  test('give the facts of the criteria, with days in Finland', () => {
    expect(vehicles).toMatchObject({
      perusteId: 7614470,
      diaryNumber: 'OPH-5410-2021',
      globalVersion: 1653308149662,
      state: 'ready',
      validFrom: '2022-08-01',
      validUntil: null,
      languages: ['fi', 'sv'],
      scopeUnit: 'osp',
      names: { fi: 'Ajoneuvoalan perustutkinto', sv: 'Grundexamen inom fordonsbranschen' },
    })
    expect(vehicles.qualificationCodes.map((one) => one.code)).toEqual(['koulutus_351301'])
    expect(vehicles.competenceAreas.map((one) => one.code)).toContain('osaamisala_1008')
    expect(vehicles.titles).toHaveLength(9)
  })

  test('every requirement has a key of its own inside its unit', () => {
    for (const unit of [...vehicles.units, ...wood.units]) {
      expect(new Set(unit.requirements.map((one) => one.key)).size).toBe(unit.requirements.length)
    }
  })

  test('10 requirements of the vehicle file stand under no area, 23 have a code and no identity but it', () => {
    expect(requirements(vehicles).filter((one) => one.area === null)).toHaveLength(10)
    const coded = requirements(vehicles).filter((one) => one.code !== null)
    expect(coded).toHaveLength(23)
    expect(coded.every((one) => one.key === one.code)).toBe(true)
  })

  test('codes of the 2018 shape are kept and never trusted', () => {
    expect(requirements(wood).every((one) => one.code === null)).toBe(true)
    expect(requirements(wood).filter((one) => one.untrustedCode !== null)).toHaveLength(232)
    expect(requirements(vehicles).every((one) => one.untrustedCode === null)).toBe(true)
  })

  test('the one identity that two requirements share is told apart by their codes, whatever their order', () => {
    const unit = wood.units.find((one) => one.unitId === '3944374')
    const keys = unit?.requirements.map((one) => one.key).filter((key) => key.startsWith('c5f2bafb'))
    const shared = 'c5f2bafb-9943-4b4a-9079-e823e9bf6f9f'
    expect(keys).toEqual([`${shared}#ammattitaitovaatimukset_432`, `${shared}#ammattitaitovaatimukset_433`])
    expect(wood.report.map((line) => line.code)).toEqual(['shared-identity'])
  })

  test('grades stand in the order of the scale, also the 464 of 1160 that say nothing', () => {
    const criteria = requirements(wood).map((one) => one.criteria)
    for (const levels of criteria) expect(levels.map((one) => one.level)).toEqual(['T1', 'T2', 'H3', 'H4', 'K5'])
    expect(criteria.flat()).toHaveLength(1160)
    expect(criteria.flat().filter((one) => one.texts.length === 0)).toHaveLength(464)
  })

  test('the scope is the one of the reference, units in deleted or draft state are there, common ones are marked', () => {
    const bicycle = vehicles.units.find((unit) => unit.unitId === '7911988')
    expect(bicycle).toMatchObject({ code: 'tutkinnonosat_106889', scope: 15, kind: 'vocational', shape: '2019' })
    expect(bicycle?.requirements).toHaveLength(28)
    expect(vehicles.units.filter((unit) => unit.kind === 'common')).toHaveLength(3)
  })

  test('no person, no markup, no entity and no odd space gets through', () => {
    const text = JSON.stringify([vehicles, wood])
    expect(text).not.toContain('1.2.246.562.24')
    expect(text).not.toMatch(/[\u00a0\u202f\u200b\u00ad]|&nbsp;|&ndash;|<\/?[a-z]+>| {2}/i)
    const names = [...vehicles.units, ...wood.units].flatMap((unit) => Object.values(unit.name))
    expect(names.every((name) => name === name.trim() && !name.includes('\n'))).toBe(true)
  })
})
