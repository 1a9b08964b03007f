import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { parseCriteria } from '../../src/qualifications/eperusteet/parse.ts'
import { importCriteria } from '../../src/qualifications/import.ts'
import { freshDatabase, type TestDatabase } from '../support/database.ts'
import { uuidv7 } from '../../src/deps.ts'

const demo = (name: string): Uint8Array => readFileSync(new URL(`../../demo/criteria/${name}.json`, import.meta.url))
const now = new Date('2026-11-22T09:00:00Z')
let database: TestDatabase

const deps = () => ({ db: database.db, newId: () => uuidv7(now) })

async function rows(perusteId: number): Promise<readonly number[]> {
  const { db } = database
  const count = z.array(z.object({ n: z.coerce.number() }))
  const of = async (query: { execute(): Promise<readonly unknown[]> }): Promise<number> =>
    count.parse(await query.execute())[0]?.n ?? 0
  const units = db
    .selectFrom('unit as u')
    .innerJoin('qualification as q', 'q.id', 'u.qualification_id')
    .where('q.peruste_id', '=', perusteId)
  const requirements = units.innerJoin('requirement as r', 'r.unit_id', 'u.id')
  const all = (): { n: ReturnType<typeof db.fn.countAll> } => ({ n: db.fn.countAll() })
  return [
    await of(db.selectFrom('qualification').where('peruste_id', '=', perusteId).select(all().n.as('n'))),
    await of(units.select(all().n.as('n'))),
    await of(requirements.select(all().n.as('n'))),
  ]
}

beforeAll(async () => {
  database = await freshDatabase()
})
afterAll(async () => await database.close())

test('the service itself, with its own narrow role, imports both files whole', async () => {
  const vehicles = parseCriteria(demo('ajoneuvoala-OPH-5410-2021'))
  const steps: number[] = []
  const imported = await importCriteria(deps(), vehicles, {
    now,
    onProgress: (done, total) => steps.push(done / total),
  })
  expect(imported).toMatchObject({ outcome: 'imported', units: 78, unitsWithRequirements: 75, requirements: 1888 })
  expect(await rows(vehicles.perusteId)).toEqual([1, 78, 1888])
  expect(steps[0]).toBe(0)
  expect(steps.at(-1)).toBe(1)
  expect(steps).toEqual(steps.toSorted((a, b) => a - b))

  const wood = await importCriteria(deps(), parseCriteria(demo('puuteollisuus-OPH-2455-2017')), { now })
  expect(wood).toMatchObject({ outcome: 'imported', units: 43, unitsWithRequirements: 40, requirements: 232 })
})

test('the same version again changes nothing, an edited one stands beside it, and both at once are one', async () => {
  const wood = { ...parseCriteria(demo('puuteollisuus-OPH-2455-2017')), perusteId: 77 }
  const first = await Promise.all([importCriteria(deps(), wood, { now }), importCriteria(deps(), wood, { now })])
  expect(first.map((one) => one.outcome).toSorted()).toEqual(['already-there', 'imported'])
  expect(new Set(first.map((one) => one.qualificationId)).size).toBe(1)
  expect(await rows(77)).toEqual([1, 43, 232])
  const edited = await importCriteria(deps(), { ...wood, globalVersion: wood.globalVersion + 1 }, { now })
  expect(edited.outcome).toBe('imported')
  expect(await rows(77)).toEqual([2, 86, 464])
})

test('an import that breaks off leaves nothing', async () => {
  const wood = { ...parseCriteria(demo('puuteollisuus-OPH-2455-2017')), perusteId: 78 }
  const broken = importCriteria(deps(), wood, {
    now,
    onProgress: (done, total) => {
      if (done / total > 0.5) throw new Error('the power went')
    },
  })
  await expect(broken).rejects.toThrow('the power went')
  expect(await rows(78)).toEqual([0, 0, 0])
})

test('criteria without requirements of a known shape store nothing and say so', async () => {
  const wood = parseCriteria(demo('puuteollisuus-OPH-2455-2017'))
  const empty = { ...wood, perusteId: 79, units: wood.units.map((unit) => ({ ...unit, requirements: [] })) }
  expect(await importCriteria(deps(), empty, { now })).toMatchObject({
    outcome: 'nothing-to-import',
    qualificationId: null,
  })
  expect(await rows(79)).toEqual([0, 0, 0])
})
