import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { z } from 'zod'
import { asTenant } from '../../src/db/connect.ts'
import { foundOrganisation } from '../../src/foundations/found.ts'
import { loadModule } from '../../src/modules/load.ts'
import { parseModuleFile, parseShortNames } from '../../src/modules/module-file.ts'
import { ModuleDetail } from '../../src/modules/schema.ts'
import { parseCriteria } from '../../src/qualifications/eperusteet/parse.ts'
import { importCriteria } from '../../src/qualifications/import.ts'
import { type ApiClient, signInByPage, startService, type TestService } from '../support/app.ts'
import { givenAccount, asStaff } from '../support/staff.ts'

const demo = (path: string): Uint8Array => readFileSync(new URL(`../../demo/${path}`, import.meta.url))
const shortNames = parseShortNames(demo('short-names.json'))
const read = (slug: string): ReturnType<typeof parseModuleFile> =>
  parseModuleFile(demo(`modules/${slug}.json`), shortNames)
const now = new Date('2026-11-22T09:00:00Z')
const password = 'kuusi-hilla-joki-1'
let service: TestService

const load = async (tenant: string, module: ReturnType<typeof read>): ReturnType<typeof loadModule> =>
  await loadModule(service.deps, module, { tenant, now })

async function api(name: string): Promise<ApiClient> {
  return await asStaff(service, name, password)
}

async function bicycleSeenBy(name: string): Promise<{ readonly body: string; readonly module: ModuleDetail }> {
  const client = await api(name)
  const list = z.object({ data: z.array(z.looseObject({ id: z.string(), slug: z.string() })) })
  const modules = list.parse((await client.get('/api/v1/modules')).json()).data
  const answer = await client.get(`/api/v1/modules/${modules.find((one) => one.slug === 'polkupyoran-huolto')?.id}`)
  expect(answer.statusCode).toBe(200)
  return { body: answer.body, module: ModuleDetail.parse(answer.json()) }
}

beforeAll(async () => {
  service = await startService()
  const { deps, database } = service
  for (const code of ['mer1', 'sau1', 'ed01']) {
    await foundOrganisation(
      { ...deps, ownerDb: database.ownerDb },
      { code, kind: 'foundation', name: 'Meriva', url: `https://${code}.example`, email: `merkit@${code}.example` },
    )
  }
  const account = async (tenant: string, signInName: string, role: 'coordinator' | 'admin'): Promise<unknown> =>
    await givenAccount(deps, tenant, { signInName, password, displayName: 'Kaisa M.', roles: [role] })
  await account('mer1', 'kaisa@mer1.example', 'coordinator')
  await account('mer1', 'aulis@mer1.example', 'admin')
  await account('sau1', 'outi@sau1.example', 'coordinator')
  for (const name of ['ajoneuvoala-OPH-5410-2021', 'puuteollisuus-OPH-2455-2017']) {
    await importCriteria(deps, parseCriteria(demo(`criteria/${name}.json`)), { now })
  }
  expect(await load('mer1', read('polkupyoran-huolto'))).toMatchObject({
    outcome: 'loaded',
    tasks: 10,
    badges: 5,
    requirements: 28,
    uncovered: 1,
  })
})
afterAll(async () => await service.close())

test('the module is there with its tasks, its requirements and what is not covered, with the reason', async () => {
  const { module } = await bicycleSeenBy('kaisa@mer1.example')
  expect(module).toMatchObject({
    slug: 'polkupyoran-huolto',
    version: 1,
    coverage: { total: 28, covered: 27 },
    unit: { code: 'tutkinnonosat_106889' },
    qualification: { perusteId: 7614470, diaryNumber: 'OPH-5410-2021' },
  })
  expect(module.tasks.map((task) => task.key)).toEqual(['t1', 't2', 't3', 't4', 't5', 't6', 't7', 't8', 't9', 't10'])
  expect(module.tasks[0]?.steps).toHaveLength(4)
  const [gap, ...others] = module.requirements.filter((one) => one.coveredBy.length === 0)
  expect(others).toEqual([])
  expect(gap?.notCoveredReason?.['fi']).toBe('Ohjelmistopäivitys vaatii valmistajan laitteet. Opitaan oppilaitoksessa.')
  expect(module.badges.map((badge) => badge.scope)).toEqual(['task', 'task', 'task', 'module', 'unit'])
})

test('the variants of support are shown to those who guide the work, and to nobody else', async () => {
  const coordinator = await bicycleSeenBy('kaisa@mer1.example')
  expect(coordinator.module.tasks[0]?.supportCriteria?.enhanced['fi']).toMatch(/^Tulee paikalle muistutettuna/)
  const admin = await bicycleSeenBy('aulis@mer1.example')
  expect(admin.body).not.toMatch(/supportCriteria|enhanced|muistutettuna/)
})

test('a rule in the database names tasks and requirements by their rows', async () => {
  const { module } = await bicycleSeenBy('kaisa@mer1.example')
  const versions = await asTenant(
    service.deps.db,
    'mer1',
    async (trx) =>
      await trx.selectFrom('badge_class_version').select(['rule', 'state', 'alignments']).orderBy('position').execute(),
  )
  const tasks = new Set(module.tasks.map((task) => task.id))
  const requirements = new Set(module.requirements.map((one) => one.id))
  expect(versions).toHaveLength(5)
  for (const { rule, state } of versions) {
    expect(state).toBe('published')
    expect(rule.tasks.every((task) => tasks.has(task.taskKey))).toBe(true)
    expect(
      rule.requirements.every(
        (one) => requirements.has(one.requirementKey) && one.tasks.every((task) => tasks.has(task)),
      ),
    ).toBe(true)
  }
  expect(versions[4]?.rule.requirements).toHaveLength(27)
  expect(versions[0]?.alignments[0]).toMatchObject({
    targetCode: 'tutkinnonosat_106889',
    targetName: { fi: 'Polkupyörän huolto' },
    targetFramework: {
      fi: 'Ajoneuvoalan perustutkinto OPH-5410-2021',
      sv: 'Grundexamen inom fordonsbranschen OPH-5410-2021',
    },
  })
})

test('every badge has its pictures in three languages', async () => {
  const pictures = await asTenant(
    service.deps.db,
    'mer1',
    async (trx) =>
      await trx.selectFrom('badge_picture').select(['language', 'svg', 'png_400', 'png_128', 'caption']).execute(),
  )
  expect(pictures).toHaveLength(15)
  for (const { svg, png_400: large, png_128: small, caption } of pictures) {
    expect(svg).toMatch(/^<svg /)
    for (const [png, size] of [
      [large, 400],
      [small, 128],
    ] as const) {
      expect(png.subarray(1, 4).toString()).toBe('PNG')
      expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([size, size])
    }
    expect(caption).toContain('Meriva')
  }
})

test('the same version again changes nothing; two at once make one; a higher one retires the one before', async () => {
  expect((await load('mer1', read('polkupyoran-huolto'))).outcome).toBe('already-there')
  const wood = read('puupintojen-kasittely')
  const both = await Promise.all([load('sau1', wood), load('sau1', wood)])
  expect(both.map((one) => one.outcome).toSorted()).toEqual(['already-there', 'loaded'])
  expect((await load('sau1', { ...wood, version: 2 })).outcome).toBe('loaded')
  const rows = await asTenant(service.deps.db, 'sau1', async (trx) => ({
    modules: await trx
      .selectFrom('module_version')
      .select(['version', 'state'])
      .where('tenant_id', '=', 'sau1')
      .orderBy('version')
      .execute(),
    badges: await trx
      .selectFrom('badge_class_version')
      .select(['version', 'state'])
      .where('tenant_id', '=', 'sau1')
      .execute(),
  }))
  expect(rows.modules).toEqual([
    { version: 1, state: 'retired' },
    { version: 2, state: 'published' },
  ])
  expect(rows.badges.filter((one) => one.version === 1 && one.state === 'retired')).toHaveLength(4)
  expect(rows.badges.filter((one) => one.version === 2 && one.state === 'published')).toHaveLength(4)
})

test('what cannot be loaded is refused and leaves nothing', async () => {
  const bicycle = read('polkupyoran-huolto')
  await expect(load('ed01', read('ulkoilureittien-hoito'))).rejects.toThrow(
    /At \/source: .*HTML list: criteria of that shape are not imported yet/,
  )
  await expect(load('ed01', { ...bicycle, source: { ...bicycle.source, perusteId: 1 } })).rejects.toThrow(
    /import these criteria first/,
  )
  const [first, ...rest] = bicycle.requirements
  if (!first) throw new Error('no requirement')
  await expect(load('ed01', { ...bicycle, requirements: [{ ...first, key: 'muu' }, ...rest] })).rejects.toThrow(
    'At /requirements/0: the unit 7911988 has no requirement muu',
  )
  const wide = bicycle.badges.map((badge) => ({
    ...badge,
    shortName: { fi: ['WWWWWWWWWWWWWWWWWW', 'WWWWWWWWWWWWWWWWWW'] },
  }))
  await expect(load('ed01', { ...bicycle, badges: wide })).rejects.toThrow(/does not fit the picture/)
  const alien = bicycle.badges.map((badge) => ({
    ...badge,
    alignments: [{ targetCode: 'tutkinnonosat_1', targetUrl: 'https://e.example/', targetFramework: 'x' }],
  }))
  await expect(load('ed01', { ...bicycle, badges: alien })).rejects.toThrow(
    'At /badges/0/alignment: tutkinnonosat_1 is not the code of the unit',
  )
  const telling = bicycle.badges.map((badge) => ({ ...badge, description: { fi: 'Vähäinen tuki riittää.' } }))
  await expect(load('ed01', { ...bicycle, badges: telling })).rejects.toMatchObject({ kind: 'unfit-to-sign' })
  await expect(load('zzzz', bicycle)).rejects.toMatchObject({ kind: 'not-found' })
  const rows = await asTenant(
    service.deps.db,
    'ed01',
    async (trx) => await trx.selectFrom('module').select('id').execute(),
  )
  expect(rows).toEqual([])
})

test('another foundation does not see it: the same 404 as for an id of nothing', async () => {
  const { module } = await bicycleSeenBy('kaisa@mer1.example')
  const other = await api('outi@sau1.example')
  const foreign = await other.get(`/api/v1/modules/${module.id}`)
  const missing = await other.get('/api/v1/modules/00000000-0000-4000-8000-000000000000')
  expect([foreign.statusCode, missing.statusCode]).toEqual([404, 404])
  const withoutRequest = (body: string): string => body.replace(/"instance":"[^"]*"/, '')
  expect(withoutRequest(foreign.body)).toBe(withoutRequest(missing.body))
  expect((await other.get('/api/v1/modules')).body).not.toContain('polkupyoran-huolto')
})

test('the pages list the modules and show one, in three languages', async () => {
  const browser = service.browser()
  await signInByPage(browser, 'kaisa@mer1.example', password)
  const list = await browser.get('/moduulit')
  expect(list.statusCode).toBe(200)
  expect(list.body).toContain('27 / 28')
  const href = /href="(\/moduulit\/[^"]+)"/.exec(list.body)?.[1] ?? ''
  const page = await browser.get(href)
  expect(page.statusCode).toBe(200)
  for (const words of [
    'Polkupyörän huolto',
    'OPH-5410-2021',
    'Opetushallitus',
    'Ohjelmistopäivitys vaatii',
    'Tehostettu tuki',
    'Tee se 2 eri päivänä',
  ]) {
    expect(page.body).toContain(words)
  }
  expect((await browser.get(`${href}?lang=sv`)).body).toContain('Service av cykel')
  expect((await browser.get(`${href}?lang=en`)).body).toContain('Bicycle service')
  const admin = service.browser()
  await signInByPage(admin, 'aulis@mer1.example', password)
  const seen = await admin.get(href)
  expect(seen.statusCode).toBe(200)
  expect(seen.body).not.toMatch(/Tehostettu tuki|muistutettuna/)
})
