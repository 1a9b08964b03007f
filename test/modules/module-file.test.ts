import { readFileSync } from 'node:fs'
import { z } from 'zod'
import { describe, expect, test } from 'vitest'
import { EvidenceRule } from '../../src/badges/evidence-rule.ts'
import { parseModuleFile, parseShortNames } from '../../src/modules/module-file.ts'
import { parseCriteria } from '../../src/qualifications/eperusteet/parse.ts'
import { Refusal } from '../../src/refusal.ts'

const demo = (path: string): Uint8Array => readFileSync(new URL(`../../demo/${path}`, import.meta.url))
const shortNames = parseShortNames(demo('short-names.json'))
const read = (slug: string): ReturnType<typeof parseModuleFile> =>
  parseModuleFile(demo(`modules/${slug}.json`), shortNames)
const bicycle = read('polkupyoran-huolto')
const wood = read('puupintojen-kasittely')
const trails = read('ulkoilureittien-hoito')

const FileParts = z.looseObject({
  requirements: z.array(z.looseObject({})),
  tasks: z.array(z.looseObject({})),
  badges: z.array(z.looseObject({})),
})

/** The bicycle module with some members of one part, or of the whole, changed. */
function refusalOf(list: 'requirements' | 'tasks' | 'badges' | '', index: number, members: object): Refusal {
  const file = FileParts.parse(JSON.parse(new TextDecoder().decode(demo('modules/polkupyoran-huolto.json'))))
  Object.assign(list === '' ? file : (file[list][index] ?? {}), members)
  try {
    parseModuleFile(new TextEncoder().encode(JSON.stringify(file)), shortNames)
  } catch (error) {
    if (error instanceof Refusal) return error
    throw error
  }
  throw new Error('it was accepted')
}

describe('S-40: the names in a file', () => {
  test('hold nothing that cannot be seen', () => {
    const refused = refusalOf('badges', 0, { name: { fi: 'Pyörän \u3164huolto' } })
    expect(refused).toMatchObject({ kind: 'content' })
    expect(refused.message).toContain('cannot be seen')
  })

  test('of two badges do not look the same', () => {
    const { badges } = FileParts.parse(JSON.parse(new TextDecoder().decode(demo('modules/polkupyoran-huolto.json'))))
    const { fi } = z.looseObject({ fi: z.string() }).parse(badges[0]?.['name'])
    // The same in Greek and Cyrillic letters.
    const twin = fi.replaceAll('o', 'ο').replaceAll('a', 'а')
    const refused = refusalOf('badges', 1, { name: { fi: twin } })
    expect(refused.message).toContain('looks the same')
    expect(refused.details.fields?.[0]?.pointer).toBe('/badges/1/name/fi')
  })
})

describe('the three files', () => {
  test('have their tasks, requirements, gaps and badges', () => {
    const counts = [bicycle, wood, trails].map((one) => [
      one.tasks.length,
      one.requirements.length,
      one.uncoveredRequirements.map((gap) => gap.ref),
      one.badges.length,
    ])
    expect(counts).toEqual([
      [10, 28, ['r19'], 5],
      [7, 6, [], 4],
      [6, 9, ['r06'], 3],
    ])
    expect(trails.source.isHtmlShape).toBe(true)
  })

  test('speak our words after the door: no Finnish code is left', () => {
    expect(bicycle.badges.map((badge) => badge.tier)).toEqual(['basic', 'advanced', 'advanced', 'master', 'master'])
    expect(bicycle.badges.map((badge) => badge.scope)).toEqual(['task', 'task', 'task', 'module', 'unit'])
    expect(bicycle.supportVariants.map((one) => one.level)).toEqual(['enhanced', 'general', 'minor'])
    expect(bicycle.tasks[0]?.supportCriteria.enhanced['fi']).toBe(
      'Tulee paikalle muistutettuna. Siivoaa valmentajan kanssa.',
    )
    expect(JSON.stringify([bicycle, wood, trails])).not.toMatch(
      /"(tehostettu|yleinen|vahainen|perus|edistynyt|mestari)"/,
    )
  })

  test('every requirement is the one of the criteria, by its key and its words', () => {
    for (const [module, file] of [
      [bicycle, 'ajoneuvoala-OPH-5410-2021'],
      [wood, 'puuteollisuus-OPH-2455-2017'],
    ] as const) {
      const criteria = parseCriteria(demo(`criteria/${file}.json`))
      expect(criteria).toMatchObject({ perusteId: module.source.perusteId, globalVersion: module.source.globalVersion })
      const unit = criteria.units.find((one) => one.unitId === module.source.unitId)
      expect(unit?.code).toBe(module.source.unitCode)
      const known = new Map(unit?.requirements.map((one) => [one.key, one.text['fi']]))
      expect(module.requirements.map((one) => one.text['fi'])).toEqual(
        module.requirements.map((one) => known.get(one.key)),
      )
      expect(module.requirements).toHaveLength(known.size)
    }
  })

  test('the tree of badges hangs together, with slugs that do not collide between modules', () => {
    const badges = [...bicycle.badges, ...wood.badges, ...trails.badges]
    const slugs = new Set(badges.map((badge) => badge.slug))
    expect(slugs.size).toBe(badges.length)
    for (const badge of badges) {
      expect(badge.slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
      for (const other of [...badge.rule.badges, ...(badge.parent ? [badge.parent] : [])])
        expect(slugs).toContain(other)
    }
    expect(bicycle.badges.at(-1)).toMatchObject({ slug: 'polkupyoran-huolto-tutkinnonosa', parent: null })
  })

  test('the evidence rule is the one of the examples', () => {
    expect(bicycle.badges[0]?.rule).toEqual({
      tasks: ['t1', 't2'].map((taskKey) => ({
        taskKey,
        observations: 2,
        days: 2,
        maxSupport: 'general',
        withinMonths: 12,
      })),
      badges: [],
      allRequirements: false,
      requirements: [],
      selfAssessment: true,
      recognisedEnvironment: false,
    })
    const unit = bicycle.badges.at(-1)?.rule
    expect(unit).toMatchObject({ tasks: [], badges: ['polkupyoran-huolto-moduuli'], allRequirements: true })
    expect(unit?.requirements).toHaveLength(27)
    for (const badge of [...bicycle.badges, ...wood.badges]) expect(EvidenceRule.parse(badge.rule)).toEqual(badge.rule)
  })

  test('what can never be covered stands in the criteria of the unit, as shown at school, with its reason', () => {
    const criteria = bicycle.badges.at(-1)?.criteria
    expect(criteria?.['fi']).toMatch(/\nNäytetään oppilaitoksessa: .*Ohjelmistopäivitys vaatii valmistajan laitteet/)
    expect(criteria?.['sv']).toContain('\nVisas i läroanstalten: ')
    expect(criteria?.['en']).toContain('\nShown at school: ')
    expect(wood.badges.at(-1)?.criteria['fi']).not.toContain('Näytetään oppilaitoksessa')
  })

  test('every badge exists in three languages, with a short name of at most 2 lines of 18 characters', () => {
    for (const badge of [...bicycle.badges, ...wood.badges, ...trails.badges]) {
      expect(badge.languages).toEqual(['fi', 'sv', 'en'])
      for (const lines of Object.values(badge.shortName)) {
        expect(lines.length).toBeLessThanOrEqual(2)
        for (const line of lines) expect(line.length).toBeLessThanOrEqual(18)
      }
    }
  })

  test('codes that are not trusted are kept apart', () => {
    expect(wood.requirements.map((one) => one.untrustedCode)).toContain('ammattitaitovaatimukset_509')
    expect(JSON.stringify(wood.badges)).not.toContain('ammattitaitovaatimukset_')
  })
})

describe('a module file that does not hold together is refused with the place', () => {
  test.each<['requirements' | 'tasks' | 'badges', number, object, string, string]>([
    ['tasks', 1, { prerequisites: ['t99'] }, '/tasks/1/prerequisites/0', 'there is no task t99'],
    ['tasks', 0, { prerequisites: ['t10'] }, '/tasks/0', 'goes round in a circle: t1 → t10 → t1'],
    ['tasks', 0, { requirements: ['r99'] }, '/tasks/0/requirements/0', 'there is no requirement r99'],
    ['tasks', 1, { id: 't1' }, '/tasks/1/id', 't1 is there twice'],
    ['tasks', 0, { difficulty: 6 }, '/tasks/0/difficulty', '<=5'],
    ['tasks', 0, { name: { sv: 'bara' } }, '/tasks/0/name/fi', 'expected a text in Finnish'],
    ['tasks', 0, { supportCriteria: {} }, '/tasks/0/supportCriteria/tehostettu', 'received undefined'],
    ['tasks', 2, { requirements: [] }, '/requirements/11', 'no task covers r12 and no reason is given'],
    ['tasks', 0, { requirements: ['r01', 'r22', 'r19'] }, '/uncoveredRequirements/r19', 'r19 is covered by a task'],
    ['badges', 0, { parent: 'b-muu' }, '/badges/0/parent', 'there is no badge b-muu'],
    ['badges', 0, { requires: { badges: ['b-tutkinnonosa'] } }, '/badges/0', 'goes round in a circle'],
    ['badges', 0, { requires: {} }, '/badges/0/requires', 'a badge needs tasks, badges or all requirements'],
    ['badges', 0, { tier: 'kulta' }, '/badges/0/tier', 'expected one of "perus"|"edistynyt"|"mestari"'],
    ['badges', 0, { id: 'b-uusi' }, '/badges/1/requires/badges/0', 'there is no badge b-huoltoapuri'],
    ['badges', 4, { shortName: { fi: ['Liian pitkä rivi merkin kuvaan'] } }, '/badges/4/shortName/fi/0', '<=18'],
    [
      'badges',
      0,
      {
        alignment: [
          {
            targetName: 'a',
            targetCode: 'ammattitaitovaatimukset_1',
            targetFramework: 'e',
            targetUrl: 'https://e.fi/',
          },
        ],
      },
      '/badges/0/alignment/0/targetCode',
      'expected the code of a unit',
    ],
    ['requirements', 0, { tunniste: null, textId: null }, '/requirements/0', 'needs a tunniste, a codeUri or a textId'],
  ])('%s %i %j', (list, index, members, pointer, detail) => {
    const refusal = refusalOf(list, index, members)
    expect(refusal.kind).toBe('content')
    expect(refusal.message).toContain(`At ${pointer}: `)
    expect(refusal.message).toContain(detail)
  })

  test('a badge without a short name, and a file of another kind', () => {
    expect(() => parseModuleFile(demo('modules/polkupyoran-huolto.json'))).toThrow(
      'At /badges/0/shortName: a badge needs a shortName',
    )
    expect(refusalOf('', 0, { schema: 'muu' }).message).toContain('At /schema: ')
    expect(() => parseModuleFile(new TextEncoder().encode('{"schema":'))).toThrow('The file ends too early')
  })
})
